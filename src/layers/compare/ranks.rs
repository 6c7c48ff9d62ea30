//! Sorting differences by path: not by comparing paths, but by walking the few directories that lead to them.

use super::{Difference, NodeId, View, collect::Matched};
use crate::layers::{Paths, blocks::Bits, sort::sort_by};
use alloc::{vec, vec::Vec};

/// A path of either side: by its node on the right where that has one, otherwise on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Right(NodeId),
    Left(NodeId),
}

const ROOT: Key = Key::Right(Paths::ROOT);

/// A path below another, with the beginning of its name and the difference that it is.
#[derive(Clone)]
struct Child {
    parent: Key,
    begin: u64,
    key: Key,
    difference: Option<u32>,
}

/// Sorts by path, component by component.
pub(super) fn sort(left: View<'_>, right: View<'_>, matched: &Matched, differences: &mut Vec<Difference>) {
    let union = Union { left, right, matched };
    let children = union.children(differences);
    let mut order = Vec::with_capacity(differences.len());
    order.extend(differences.iter().position(|difference| union.key(difference) == ROOT));
    let mut rest = vec![below(&children, ROOT)];
    while let Some(mut range) = rest.pop() {
        let Some(child) = range.next().and_then(|at| children.get(at)) else { continue };
        rest.push(range);
        order.extend(child.difference.map(|at| at as usize));
        rest.push(below(&children, child.key));
    }
    *differences = order.into_iter().filter_map(|at| differences.get(at).copied()).collect();
}

fn below(children: &[Child], parent: Key) -> core::ops::Range<usize> {
    let begin = children.partition_point(|child| child.parent < parent);
    begin..children.partition_point(|child| child.parent <= parent)
}

struct Union<'t> {
    left: View<'t>,
    right: View<'t>,
    matched: &'t Matched,
}

impl Union<'_> {
    /// The differences and all directories that lead to them, by parent and name.
    fn children(&self, differences: &[Difference]) -> Vec<Child> {
        let (mut on_left, mut on_right) = (Bits::default(), Bits::default());
        let mut children = Vec::with_capacity(differences.len());
        let keys = differences.iter().map(|difference| self.key(difference));
        keys.clone().for_each(|key| _ = self.mark(key, &mut on_left, &mut on_right));
        for (key, at) in keys.zip(0..) {
            children.extend(self.child(key, Some(at)));
            let mut above = self.parent(key);
            while let Some(key) = above.filter(|key| self.mark(*key, &mut on_left, &mut on_right)) {
                children.extend(self.child(key, None));
                above = self.parent(key);
            }
        }
        let name = |child: &Child| self.name(child.key);
        sort_by(&mut children, |a, b| (a.parent, a.begin).cmp(&(b.parent, b.begin)).then_with(|| name(a).cmp(name(b))));
        children
    }

    fn key(&self, difference: &Difference) -> Key {
        match (difference.left, difference.right) {
            (_, Some(node)) => Key::Right(node),
            (Some(node), None) => self.of_left(node),
            (None, None) => ROOT,
        }
    }

    fn of_left(&self, node: NodeId) -> Key {
        self.matched.get(node).map_or(Key::Left(node), Key::Right)
    }

    fn parent(&self, key: Key) -> Option<Key> {
        match key {
            Key::Right(node) => self.right.tree().paths().parent(node).map(Key::Right),
            Key::Left(node) => self.left.tree().paths().parent(node).map(|parent| self.of_left(parent)),
        }
    }

    fn name(&self, key: Key) -> &[u8] {
        match key {
            Key::Right(node) => self.right.tree().paths().name(node),
            Key::Left(node) => self.left.tree().paths().name(node),
        }
    }

    fn child(&self, key: Key, difference: Option<u32>) -> Option<Child> {
        Some(Child { parent: self.parent(key)?, begin: super::super::tree::prefix(self.name(key)), key, difference })
    }

    /// True if it was not marked before.
    fn mark(&self, key: Key, on_left: &mut Bits, on_right: &mut Bits) -> bool {
        match key {
            Key::Left(node) => on_left.insert(node),
            Key::Right(node) => on_right.insert(node),
        }
    }
}
