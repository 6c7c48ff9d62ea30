//! Which paths of an image are looked at.

use super::{super::EntryKind, super::EntryRef, Change, ImageTree, NodeId, RowId};
use alloc::{vec, vec::Vec};

/// Which paths. All conditions must hold; the default is the merged view as it is.
///
/// ```
/// use portolan::layers::{Change, EntryKind, Filter};
/// let large_files_added = Filter {
///     layer: Some(3),
///     changes: Some(vec![Change::Added]),
///     kinds: Some(vec![EntryKind::File]),
///     min_size: 1 << 20,
///     ..Filter::default()
/// };
/// assert!(!large_files_added.deleted);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Place of the layer whose changes are looked at; nothing for the merged view of all layers.
    pub layer: Option<usize>,
    /// In a layer's view: only these changes. Nothing means all but [`Change::Unchanged`].
    pub changes: Option<Vec<Change>>,
    /// In the merged view: paths that are gone, too.
    pub deleted: bool,
    /// If not 0, only files of at least so many bytes, whatever their number of names.
    pub min_size: u64,
    /// Only these kinds; nothing means all.
    pub kinds: Option<Vec<EntryKind>>,
}

impl Filter {
    /// What a layer brings, changed or not; without what it takes away.
    #[must_use]
    pub fn of_layer(layer: usize) -> Self {
        let changes = Some(vec![Change::Added, Change::Changed, Change::Unchanged]);
        Self { layer: Some(layer), changes, ..Self::default() }
    }

    fn wants_change(&self, change: Change) -> bool {
        self.changes.as_ref().map_or(change != Change::Unchanged, |changes| changes.contains(&change))
    }

    fn wants(&self, entry: EntryRef<'_>, means: EntryRef<'_>) -> bool {
        let large = means.kind() == EntryKind::File && means.size() >= self.min_size;
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&entry.kind())) && (self.min_size == 0 || large)
    }
}

/// What a view has at a path.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Seen<'t> {
    /// The version that is shown.
    pub(in super::super) entry: EntryRef<'t>,
    /// The version with its content: another for hard links.
    pub(in super::super) means: EntryRef<'t>,
    /// What the layer did, in a layer's view.
    pub(in super::super) change: Option<Change>,
    /// The layer that took it away, if it is gone.
    pub(in super::super) deleted_by: Option<u16>,
}

impl Seen<'_> {
    /// True for files and their further names.
    pub(in super::super) fn is_file(self) -> bool {
        self.means.kind() == EntryKind::File
    }
}

impl ImageTree {
    /// What is at `node`, if the filter wants it.
    pub(in super::super) fn wanted(&self, node: NodeId, filter: &Filter) -> Option<Seen<'_>> {
        let seen = match filter.layer {
            None => self.merged(node, filter.deleted),
            Some(layer) => {
                self.in_layer(node, layer).filter(|seen| seen.change.is_some_and(|c| filter.wants_change(c)))
            }
        };
        seen.filter(|seen| filter.wants(seen.entry, seen.means))
    }

    /// What is at `node`, wanted or not: of directories that only hold what is wanted.
    pub(in super::super) fn seen(&self, node: NodeId, filter: &Filter) -> Option<Seen<'_>> {
        match filter.layer {
            None => self.merged(node, filter.deleted),
            Some(layer) => self.in_layer(node, layer).or_else(|| self.under(node, layer)),
        }
    }

    fn merged(&self, node: NodeId, deleted: bool) -> Option<Seen<'_>> {
        if let Some(row) = self.visible(node) {
            return self.see(row, None, None);
        }
        let lasting = |(_, version): &(RowId, super::Version)| version.ended() != Some(version.layer());
        let (row, version) = self.versions.chain(self.top(node).filter(|_| deleted)?).find(lasting)?;
        self.see(row, None, version.ended())
    }

    fn in_layer(&self, node: NodeId, layer: usize) -> Option<Seen<'_>> {
        let layer = u16::try_from(layer).ok()?;
        let step = self.step_of(node, layer)?;
        let deleted_by = step.after.is_none().then_some(layer);
        self.see(step.after.or(step.before)?, Some(self.change_of(step)), deleted_by)
    }

    /// What is at `node` once a layer has been laid on top, though it did nothing to it.
    fn under(&self, node: NodeId, layer: usize) -> Option<Seen<'_>> {
        let layer = u16::try_from(layer).ok()?;
        let mut chain = self.versions.chain(self.top(node)?);
        self.see(chain.find(|(_, version)| version.visible_after(layer))?.0, None, None)
    }

    fn see(&self, row: RowId, change: Option<Change>, deleted_by: Option<u16>) -> Option<Seen<'_>> {
        let entry = self.listing.get(row)?;
        let means = if entry.kind() == EntryKind::Hardlink { self.meaning(row)? } else { entry };
        Some(Seen { entry, means, change, deleted_by })
    }
}
