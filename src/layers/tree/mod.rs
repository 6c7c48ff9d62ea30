//! The view of an image: its layers, one over another.

mod change;
mod filter;
mod history;
mod layer;
mod order;
mod overlay;
mod removal;
mod resolve;
mod row;
mod selection;
#[cfg(test)]
pub(super) mod tests;
mod totals;
mod versions;
mod view;

pub use change::{Aspects, Change};
pub use filter::Filter;
pub use history::PathEvent;
pub use layer::TreeLayer;
pub use order::{Order, Page, SortBy, UnknownOrder};
pub use row::{FileRow, Rows};
pub use selection::Selection;
pub use totals::Total;
pub use view::View;

pub(super) use change::{Bytes, aspects};
pub(super) use filter::Seen;
pub(super) use order::prefix;

use super::{
    EntryKind, EntryRef, Listing, NodeId, Paths, RowId,
    blocks::{Bits, make_room},
    listing::NONE,
};
use crate::Limits;
use alloc::vec::Vec;
use versions::{Version, Versions};

/// The files of an image: layers laid one over another, each path with every version it had.
///
/// A row and its path take about 110 bytes.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Entry, ImageTree, Listing}};
/// let mut tree = ImageTree::new(&Limits::DEFAULT);
/// for (digest, path) in [("base", "etc/motd"), ("top", "etc/.wh.motd")] {
///     let mut listing = Listing::new();
///     listing.push(&Entry { path: path.as_bytes(), ..Entry::default() });
///     tree.push_layer(Digest::sha256(digest.as_bytes()), listing)?;
/// }
/// let etc = tree.find(b"etc").expect("a directory that nobody named");
/// assert_eq!(tree.children(etc).count(), 0);
/// assert_eq!(tree.layers()[1].deleted, 1);
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageTree {
    /// The rows of all layers, over one tree of paths.
    listing: Listing,
    versions: Versions,
    nodes: Vec<Node>,
    /// Nodes that are in the list of their parent's children.
    linked: Bits,
    layers: Vec<TreeLayer>,
    /// Entries that came, kept or not.
    entries: usize,
    /// Entries that may come.
    limit: usize,
}

/// What a path of an image has besides its place in [`Paths`].
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Its newest row, or `NONE`.
    top: RowId,
    /// One of its children; the root is nobody's, so it means none. What went with a directory is in no list, so that nothing
    /// walks over it again and again.
    first: NodeId,
    /// The next child of its parent.
    next: NodeId,
}

impl Node {
    const EMPTY: Self = Self { top: NONE, first: Paths::ROOT, next: Paths::ROOT };
}

impl ImageTree {
    /// Without layers: a root, and nothing in it.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let mut tree = Self {
            listing: Listing::new(),
            versions: Versions::default(),
            nodes: alloc::vec![Node::EMPTY],
            linked: Bits::default(),
            layers: Vec::new(),
            entries: 0,
            limit: limits.entries,
        };
        overlay::imply_root(&mut tree);
        tree
    }

    /// The layers, bottom first.
    #[must_use]
    pub fn layers(&self) -> &[TreeLayer] {
        &self.layers
    }

    /// The paths of all layers.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        self.listing.paths()
    }

    /// The node of a path in the merged view.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<NodeId> {
        self.paths().find(path).filter(|node| self.visible(*node).is_some())
    }

    /// What the merged view has at a node.
    #[must_use]
    pub fn entry(&self, node: NodeId) -> Option<EntryRef<'_>> {
        self.listing.get(self.visible(node)?)
    }

    /// Bytes it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let nodes = self.nodes.capacity() * size_of::<Node>() + self.linked.memory();
        self.listing.memory() + self.versions.memory() + nodes
    }

    /// The children of a node in the merged view, in no order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        self.nodes_below(node).filter(|child| self.visible(*child).is_some())
    }

    /// Changes whenever the tree does.
    fn revision(&self) -> usize {
        self.layers.len() + self.entries
    }

    /// All nodes, parents before their children.
    pub(super) fn node_ids(&self) -> core::ops::Range<NodeId> {
        // There are fewer than 2^32: ids are of that size.
        0..NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX)
    }

    /// The children that a node had since it was made last, visible or not.
    fn nodes_below(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let existing = |id: NodeId| Some(id).filter(|id| *id != Paths::ROOT);
        let first = self.nodes.get(node as usize).and_then(|node| existing(node.first));
        core::iter::successors(first, move |id| self.nodes.get(*id as usize).and_then(|node| existing(node.next)))
    }

    /// Puts a node into the list of its parent's children.
    fn link(&mut self, node: NodeId) {
        let Some(parent) = self.paths().parent(node).filter(|_| self.linked.insert(node)) else { return };
        let before = self.nodes.get_mut(parent as usize).map(|parent| core::mem::replace(&mut parent.first, node));
        if let (Some(next), Some(node)) = (before, self.nodes.get_mut(node as usize)) {
            node.next = next;
        }
    }

    /// Takes all children of a node out of its list.
    fn unlink_below(&mut self, node: NodeId) -> Vec<NodeId> {
        let children: Vec<NodeId> = self.nodes_below(node).collect();
        children.iter().for_each(|child| self.linked.remove(*child));
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.first = Paths::ROOT;
        }
        children
    }

    fn top(&self, node: NodeId) -> Option<RowId> {
        self.nodes.get(node as usize).map(|node| node.top).filter(|row| *row != NONE)
    }

    /// The row that the merged view has at a node.
    pub(super) fn visible(&self, node: NodeId) -> Option<RowId> {
        self.top(node).filter(|row| self.versions.get(*row).is_some_and(|version| version.ended().is_none()))
    }

    /// A row of whatever layer, shown or not.
    #[must_use]
    pub fn row(&self, row: RowId) -> Option<EntryRef<'_>> {
        self.listing.get(row)
    }

    /// The rows of all layers, bottom first.
    pub(super) fn rows(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.listing.iter()
    }

    /// Place of the layer that has a row.
    pub(super) fn place_of(&self, row: RowId) -> usize {
        self.versions.get(row).map_or(0, |version| usize::from(version.layer()))
    }

    /// Place of the layer from which on a row does not show.
    pub(super) fn end_of(&self, row: RowId) -> Option<usize> {
        self.versions.get(row)?.ended().map(usize::from)
    }

    fn visible_kind(&self, node: NodeId) -> Option<EntryKind> {
        self.entry(node).map(EntryRef::kind)
    }

    /// The child of a node, made if it is not there.
    fn child(&mut self, parent: NodeId, name: u32) -> Option<NodeId> {
        let child = self.listing.paths.insert_named(parent, name)?;
        if child as usize == self.nodes.len() {
            make_room(&mut self.nodes, 1);
            self.nodes.push(Node::EMPTY);
        }
        Some(child)
    }
}
