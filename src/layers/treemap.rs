//! A directory as boxes, to scale.

use super::{FileRow, NodeId, View};
use alloc::{collections::BinaryHeap, vec, vec::Vec};
use core::cmp::Reverse;

/// How much of a directory is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreemapSize {
    /// Levels below the directory.
    pub depth: usize,
    /// Boxes at the most, the directory's own not counted.
    pub boxes: usize,
}

impl Default for TreemapSize {
    fn default() -> Self {
        Self { depth: 3, boxes: 500 }
    }
}

/// A box: a path with its size. Contents with several names count for the first.
#[derive(Clone, Debug)]
pub struct TreemapBox<'t> {
    /// The path.
    pub row: FileRow<'t>,
    /// Bytes that it stands for.
    pub size: u64,
    /// Place of its directory's box in the list; its own for the first.
    pub parent: usize,
    /// Levels below the first.
    pub depth: usize,
    /// What has no box of its own.
    pub rest: Rest,
}

/// What is too small for boxes of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Bytes.
    pub size: u64,
    /// Children.
    pub count: usize,
}

/// A path that may become a box. The largest does first; of those of the same size the lowest node.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    size: u64,
    node: Reverse<NodeId>,
    parent: usize,
}

impl<'t> View<'t> {
    /// A directory as boxes, largest first and each after its directory's. The first is the directory itself; there is none where there
    /// is no such path in this view.
    #[must_use]
    pub fn treemap(self, directory: NodeId, size: TreemapSize) -> Vec<TreemapBox<'t>> {
        let Some(row) = self.row(directory) else { return Vec::new() };
        let mut boxes = vec![TreemapBox { row, size: row.size, parent: 0, depth: 0, rest: Rest::default() }];
        let mut waiting = BinaryHeap::new();
        self.open(&boxes, size.depth, &mut waiting);
        while boxes.len() <= size.boxes && waiting.peek().is_some_and(|next| next.size > 0) {
            let Some(next) = waiting.pop() else { break };
            let depth = boxes.get(next.parent).map_or(0, |above| above.depth + 1);
            let Some(row) = self.row(next.node.0) else { continue };
            boxes.push(TreemapBox { row, size: next.size, parent: next.parent, depth, rest: Rest::default() });
            self.open(&boxes, size.depth, &mut waiting);
        }
        for left in waiting {
            if let Some(above) = boxes.get_mut(left.parent) {
                above.rest.size = above.rest.size.saturating_add(left.size);
                above.rest.count += 1;
            }
        }
        boxes
    }

    /// Lets the children of the last box wait, if it is not too deep.
    fn open(self, boxes: &[TreemapBox<'_>], depth: usize, waiting: &mut BinaryHeap<Candidate>) {
        let Some(last) = boxes.last().filter(|last| last.depth < depth) else { return };
        let parent = boxes.len() - 1;
        let children = self.children(last.row.id);
        waiting.extend(children.map(|node| Candidate { size: self.weight(node), node: Reverse(node), parent }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Filter, Paths, Selection, tree::tests::image};
    use alloc::{format, string::String};

    const LAYER: &[&str] = &[
        "d a",
        "f a/x 50",
        "f a/y 30",
        "d a/deep",
        "d a/deep/er",
        "f a/deep/er/z 20",
        "f b 40",
        "f c 0",
        "h d b",
        "f e 1",
    ];

    fn boxes(depth: usize, boxes: usize) -> Vec<String> {
        let tree = image(&[LAYER]);
        let selection = Selection::new(&tree, Filter::default());
        let drawn = selection.view(&tree).treemap(Paths::ROOT, TreemapSize { depth, boxes });
        let line = |drawn: &TreemapBox<'_>| {
            let path = String::from_utf8(drawn.row.path()).unwrap();
            format!("{path} {} in {} rest {}/{}", drawn.size, drawn.parent, drawn.rest.size, drawn.rest.count)
        };
        drawn.iter().map(line).collect()
    }

    #[test]
    fn the_largest_have_boxes_and_the_rest_is_summed_up() {
        assert_eq!(boxes(1, 2), [" 141 in 0 rest 1/3", "a 100 in 0 rest 0/0", "b 40 in 0 rest 0/0"]);
        assert_eq!(
            boxes(2, 3),
            [" 141 in 0 rest 1/3", "a 100 in 0 rest 50/2", "a/x 50 in 1 rest 0/0", "b 40 in 0 rest 0/0",]
        );
        assert_eq!(boxes(0, 9), [" 141 in 0 rest 0/0"]);
        assert_eq!(boxes(3, 0), [" 141 in 0 rest 141/5"]);
    }

    #[test]
    fn depth_is_bounded_and_nothing_is_lost() {
        let all = boxes(9, 99);
        assert!(all.contains(&"a/deep/er/z 20 in 6 rest 0/0".into()), "{all:?}");
        // An empty file and the second name of a content have no size to draw.
        assert_eq!((all.len(), &*all[0]), (9, " 141 in 0 rest 0/2"));
        assert_eq!(boxes(2, 99).len(), 7);
    }

    #[test]
    fn what_is_not_there_has_no_boxes() {
        let tree = image(&[LAYER]);
        let selection = Selection::new(&tree, Filter::default());
        assert!(selection.view(&tree).treemap(999, TreemapSize::default()).is_empty());
    }
}
