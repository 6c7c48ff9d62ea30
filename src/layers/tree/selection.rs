//! The paths of an image that a filter wants, with what their directories hold.

use super::{
    super::{EntryKind, blocks::Bits, sort::sort_by},
    Filter, ImageTree, NodeId, Paths, View,
    totals::Totals,
};
use alloc::vec::Vec;

/// The paths of an image that a [`Filter`] wants, and the directories that lead to them.
///
/// Making one takes time in proportion to the image: keep it for as long as the filter and the tree stay as they are.
/// [`ImageFiles`](crate::layers::ImageFiles) does so.
#[derive(Clone, Debug)]
pub struct Selection {
    pub(super) filter: Filter,
    /// Paths that the filter wants.
    pub(super) wanted: Bits,
    /// These, and all directories above.
    pub(super) shown: Bits,
    /// Those of them that are directories.
    pub(super) directories: Bits,
    /// Further names of contents.
    pub(super) echoes: Bits,
    pub(super) totals: Totals,
    /// Parents and children, in order, where paths are shown that are gone: the tree has no list of these.
    pub(super) family: Option<Vec<(NodeId, NodeId)>>,
    revision: usize,
}

impl Selection {
    /// Looks at all paths of the tree.
    #[must_use]
    pub fn new(tree: &ImageTree, filter: Filter) -> Self {
        let (wanted, shown, echoes, directories) = Default::default();
        let (totals, family, revision) = (Totals::default(), None, tree.revision());
        let mut this = Self { filter, wanted, shown, directories, echoes, totals, family, revision };
        let (mut parents, mut several) = (Bits::default(), Bits::default());
        parents.insert(Paths::ROOT);
        for node in tree.node_ids() {
            let Some(seen) = tree.wanted(node, &this.filter) else { continue };
            this.wanted.insert(node);
            this.show(tree, node, &mut parents);
            match seen.entry.kind() {
                EntryKind::Directory => _ = parents.insert(node),
                EntryKind::Hardlink => _ = several.insert(seen.means.id()),
                _ => {}
            }
        }
        this.add_up(tree, &parents, &several);
        if this.filter.deleted || this.filter.layer.is_some() {
            this.family = Some(this.families(tree));
        }
        this
    }

    fn families(&self, tree: &ImageTree) -> Vec<(NodeId, NodeId)> {
        let shown = tree.node_ids().filter(|node| self.shown.contains(*node));
        let mut family: Vec<_> = shown.filter_map(|node| Some((tree.paths().parent(node)?, node))).collect();
        sort_by(&mut family, Ord::cmp);
        family
    }

    /// The paths, in the tree they were chosen from.
    #[must_use]
    pub fn view<'t>(&'t self, tree: &'t ImageTree) -> View<'t> {
        View { tree, selection: self }
    }

    /// What was chosen by.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// True if the tree is as it was when this was made.
    #[must_use]
    pub fn is_current(&self, tree: &ImageTree) -> bool {
        self.revision == tree.revision()
    }

    /// Bytes it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let family = self.family.as_ref().map_or(0, |family| family.capacity() * size_of::<(NodeId, NodeId)>());
        self.wanted.memory()
            + self.shown.memory()
            + self.directories.memory()
            + self.echoes.memory()
            + self.totals.memory()
            + family
    }

    /// Shows a path, and what leads to it.
    fn show(&mut self, tree: &ImageTree, node: NodeId, parents: &mut Bits) {
        let mut at = self.shown.insert(node).then(|| tree.paths().parent(node)).flatten();
        // A file that is shown may lead to something, too: to what it held while it was a directory.
        while let Some(node) = at.filter(|node| self.shown.insert(*node) | parents.insert(*node)) {
            at = tree.paths().parent(node);
        }
    }

    fn add_up(&mut self, tree: &ImageTree, parents: &Bits, several: &Bits) {
        for node in tree.node_ids() {
            if parents.contains(node) {
                self.totals.directory(tree, node);
            }
            if !self.shown.contains(node) {
                continue;
            }
            let Some(seen) = tree.seen(node, &self.filter) else { continue };
            if seen.entry.kind() == EntryKind::Directory {
                self.directories.insert(node);
            } else if self.wanted.contains(node) {
                self.totals.file(tree, node, seen, several);
            }
        }
        self.echoes = self.totals.sum(tree);
    }
}
