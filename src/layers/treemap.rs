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
