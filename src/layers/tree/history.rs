//! What happened to one path.

use super::{super::sort::sort_by, Change, EntryKind, ImageTree, NodeId, RowId, Version, change::Step};
use alloc::vec::Vec;

/// One thing that happened to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEvent {
    /// Place of the layer that did it.
    pub layer: usize,
    /// What it did.
    pub change: Change,
    /// What the path is from then on; of a deletion, what it was.
    pub kind: EntryKind,
    /// Bytes of the file; of a deletion, those that went.
    pub size: u64,
    /// Permissions.
    pub mode: u16,
    /// Of a deletion: a directory above went or was emptied.
    pub above: bool,
}

impl ImageTree {
    /// What every layer did to a path, bottom first.
    #[must_use]
    pub fn history(&self, node: NodeId) -> Vec<PathEvent> {
        let Some(top) = self.top(node) else { return Vec::new() };
        let touched = |(_, version): (RowId, Version)| [version.ended(), Some(version.layer())];
        let mut layers: Vec<u16> = self.versions.chain(top).flat_map(touched).flatten().collect();
        sort_by(&mut layers, Ord::cmp);
        layers.dedup();
        layers.into_iter().filter_map(|layer| self.event(layer, self.step_of(node, layer)?)).collect()
    }

    fn event(&self, layer: u16, step: Step) -> Option<PathEvent> {
        let change = self.change_of(step);
        let row = step.after.or(step.before)?;
        let entry = self.meaning(row)?;
        Some(PathEvent {
            layer: usize::from(layer),
            change,
            kind: self.listing.get(row)?.kind(),
            size: entry.size(),
            mode: entry.mode(),
            above: change == Change::Deleted && self.versions.get(row)?.ended_above(),
        })
    }
}
