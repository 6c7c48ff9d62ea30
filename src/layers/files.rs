//! The files of an image, with all that is asked of them.

use super::{
    FileRow, Filter, ImageTree, Listing, NodeId, Order, Page, Query, Rows, Selection, TreemapBox, TreemapSize, View,
};
use crate::{Digest, LimitExceeded, Limits};
use alloc::vec::Vec;

/// Selections that are kept beside the one asked for last: for who goes back and forth between an image and its layers.
const KEPT: usize = 2;

/// An [`ImageTree`] that remembers what was looked at: asking again by the same filter is quick.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Entry, Filter, ImageFiles, Listing, Order, Page, Paths}};
/// let mut files = ImageFiles::new(&Limits::DEFAULT);
/// let mut listing = Listing::new();
/// listing.push(&Entry { path: b"usr/bin/env", size: 40, stored: 40, ..Entry::default() });
/// files.push_layer(Digest::sha256(b"layer"), listing)?;
/// let found = files.search("ENV", &Filter::default(), Paths::ROOT, Order::default(), Page::default())?;
/// assert_eq!((found.total, found.rows[0].path()), (1, b"usr/bin/env".to_vec()));
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFiles {
    tree: ImageTree,
    /// What was asked for last.
    selection: Selection,
    /// What was asked for before, the last one last.
    kept: Vec<Selection>,
}

impl ImageFiles {
    /// Without layers.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let tree = ImageTree::new(limits);
        Self { selection: Selection::new(&tree, Filter::default()), tree, kept: Vec::new() }
    }

    /// Lays a layer over those that are there: see [`ImageTree::push_layer`].
    ///
    /// # Errors
    /// As there.
    pub fn push_layer(&mut self, digest: Digest, listing: Listing) -> Result<usize, LimitExceeded> {
        self.tree.push_layer(digest, listing)
    }

    /// The image.
    #[must_use]
    pub fn tree(&self) -> &ImageTree {
        &self.tree
    }

    /// The paths that a filter wants.
    pub fn view(&mut self, filter: &Filter) -> View<'_> {
        if self.selection.filter() != filter || !self.selection.is_current(&self.tree) {
            self.select(filter);
        }
        self.selection.view(&self.tree)
    }

    fn select(&mut self, filter: &Filter) {
        self.kept.retain(|kept| kept.is_current(&self.tree));
        let known = self.kept.iter().position(|kept| kept.filter() == filter).map(|at| self.kept.remove(at));
        let selection = known.unwrap_or_else(|| Selection::new(&self.tree, filter.clone()));
        self.kept.push(core::mem::replace(&mut self.selection, selection));
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
    }

    /// The row of one path.
    pub fn stat(&mut self, node: NodeId, filter: &Filter) -> Option<FileRow<'_>> {
        self.view(filter).row(node)
    }

    /// A page of what a directory holds.
    pub fn list(&mut self, directory: NodeId, filter: &Filter, order: Order, page: Page) -> Rows<'_> {
        self.view(filter).list(directory, order, page)
    }

    /// A page of the paths below a directory that have all words.
    ///
    /// # Errors
    /// [`LimitExceeded`] for too many words.
    pub fn search(
        &mut self,
        words: &str,
        filter: &Filter,
        below: NodeId,
        order: Order,
        page: Page,
    ) -> Result<Rows<'_>, LimitExceeded> {
        let query = Query::parse(words)?;
        let view = self.view(filter);
        Ok(view.rows(view.find(query, below), order, page))
    }

    /// A directory as boxes, to scale.
    pub fn treemap(&mut self, directory: NodeId, filter: &Filter, size: TreemapSize) -> Vec<TreemapBox<'_>> {
        self.view(filter).treemap(directory, size)
    }

    /// Bytes it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let kept: usize = self.kept.iter().map(Selection::memory).sum();
        self.tree.memory() + self.selection.memory() + kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{
        Paths,
        tree::tests::{digest, layer},
    };

    #[test]
    fn what_is_remembered_is_never_out_of_date() {
        let mut files = ImageFiles::new(&Limits::DEFAULT);
        let filters = [
            Filter::default(),
            Filter { layer: Some(0), ..Filter::default() },
            Filter { layer: Some(1), ..Filter::default() },
        ];
        let sizes = |files: &mut ImageFiles| filters.each_ref().map(|filter| files.view(filter).sum().size);
        assert_eq!(sizes(&mut files), [0, 0, 0]);
        files.push_layer(digest(0), layer(&["f a 5", "f b 1"])).unwrap();
        assert_eq!(sizes(&mut files), [6, 6, 0]);
        assert_eq!(sizes(&mut files), [6, 6, 0]);
        files.push_layer(digest(1), layer(&["f a 7"])).unwrap();
        assert_eq!(sizes(&mut files), [8, 6, 7]);
        files.push_layer(digest(2), layer(&[])).unwrap();
        assert_eq!(sizes(&mut files), [8, 6, 7]);
    }

    #[test]
    fn few_selections_are_kept() {
        let mut files = ImageFiles::new(&Limits::DEFAULT);
        files.push_layer(digest(0), layer(&["f a 5"])).unwrap();
        for min_size in 0..10 {
            let filter = Filter { min_size, ..Filter::default() };
            let rows = files.list(Paths::ROOT, &filter, Order::default(), Page::default());
            assert_eq!(rows.total, usize::from(min_size <= 5));
        }
        assert_eq!(files.kept.len(), KEPT);
    }
}
