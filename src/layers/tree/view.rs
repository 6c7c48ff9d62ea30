//! Looking at the chosen paths of an image.

use super::{
    EntryKind, FileRow, Filter, ImageTree, NodeId, Order, Page, Paths, Rows, Selection, Total, filter::Seen, order,
};
use alloc::vec::Vec;

/// The chosen paths of an image.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Entry, Filter, ImageTree, Listing, Order, Page, Paths, Selection}};
/// let mut tree = ImageTree::new(&Limits::DEFAULT);
/// let mut listing = Listing::new();
/// listing.push(&Entry { path: b"usr/bin/env", size: 40, stored: 40, ..Entry::default() });
/// tree.push_layer(Digest::sha256(b"layer"), listing)?;
/// let merged = Selection::new(&tree, Filter::default());
/// let root = merged.view(&tree).list(Paths::ROOT, Order::default(), Page::default());
/// assert_eq!((root.total, root.rows[0].name, root.rows[0].size), (1, &b"usr"[..], 40));
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct View<'t> {
    pub(super) tree: &'t ImageTree,
    pub(super) selection: &'t Selection,
}

impl<'t> View<'t> {
    /// The image.
    #[must_use]
    pub fn tree(self) -> &'t ImageTree {
        self.tree
    }

    /// What was chosen by.
    #[must_use]
    pub fn filter(self) -> &'t Filter {
        &self.selection.filter
    }

    /// What is in a directory and all those below it; nothing where there is no such directory.
    #[must_use]
    pub fn total(self, directory: NodeId) -> Option<Total> {
        self.selection.totals.get(directory)
    }

    /// What is in all of it.
    #[must_use]
    pub fn sum(self) -> Total {
        self.total(Paths::ROOT).unwrap_or_default()
    }

    /// True if the filter wants a path for itself and not for what is below it.
    #[must_use]
    pub fn wants(self, node: NodeId) -> bool {
        self.selection.wanted.contains(node)
    }

    /// The row of one path.
    #[must_use]
    pub fn row(self, node: NodeId) -> Option<FileRow<'t>> {
        FileRow::new(self.tree, node, self.seen(node)?, self.total(node))
    }

    /// The children of a path, in no order.
    pub fn children(self, directory: NodeId) -> impl Iterator<Item = NodeId> {
        let family = self.selection.family.as_deref();
        let linked = family.is_none().then(|| self.tree.nodes_below(directory)).into_iter().flatten();
        let family = family.unwrap_or_default();
        let begin = family.partition_point(|(parent, _)| *parent < directory);
        let listed =
            family.iter().skip(begin).take_while(move |(parent, _)| *parent == directory).map(|(_, child)| *child);
        linked.filter(move |child| self.selection.shown.contains(*child)).chain(listed)
    }

    /// A page of what a directory holds.
    #[must_use]
    pub fn list(self, directory: NodeId, order: Order, page: Page) -> Rows<'t> {
        self.rows(self.children(directory).collect(), order, page)
    }

    /// A page of some paths of this view.
    #[must_use]
    pub fn rows(self, nodes: Vec<NodeId>, order: Order, page: Page) -> Rows<'t> {
        let total = nodes.len();
        let nodes = order::page(self, nodes, order, page).into_iter();
        Rows { rows: nodes.filter_map(|node| self.row(node)).collect(), total }
    }

    /// All paths that the filter wants, in no order.
    pub fn nodes(self) -> impl Iterator<Item = NodeId> {
        self.tree.node_ids().filter(move |node| self.wants(*node))
    }

    /// What is there, of paths that are shown.
    pub(in super::super) fn seen(self, node: NodeId) -> Option<Seen<'t>> {
        let shown = self.selection.shown.contains(node) || node == Paths::ROOT;
        self.tree.seen(node, &self.selection.filter).filter(|_| shown)
    }

    /// Bytes that a path adds to its directory: of a file, 0 for all names of a content but the first.
    pub(in super::super) fn weight(self, node: NodeId) -> u64 {
        let Some(seen) = self.seen(node).filter(|_| !self.selection.echoes.contains(node)) else { return 0 };
        match seen.entry.kind() {
            EntryKind::Directory => self.total(node).map_or(0, |total| total.size),
            _ if self.wants(node) => seen.means.size(),
            _ => 0,
        }
    }
}
