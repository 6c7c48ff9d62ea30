//! What is known of one layer of an image.

use super::{super::RowId, Change};
use crate::Digest;
use core::ops::Range;

/// One layer of an [`ImageTree`](super::ImageTree).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeLayer {
    /// Its digest.
    pub digest: Digest,
    /// Entries in it, whiteouts among them.
    pub entries: usize,
    /// Bytes of the files in it, as they lie in the layer.
    pub content: u64,
    /// Paths that were not there below.
    pub added: usize,
    /// Paths that were there and are different.
    pub changed: usize,
    /// Paths that were there and are gone.
    pub deleted: usize,
    /// Paths that are named again, and are as they were.
    pub unchanged: usize,
    /// Entries that mean nothing where they are: a root that is no directory.
    pub ignored: usize,
    /// True if a limit kept part of it out.
    pub partial: bool,
    /// Its rows.
    pub(super) rows: Range<RowId>,
}

impl TreeLayer {
    pub(super) fn new(digest: Digest, first: RowId) -> Self {
        Self {
            digest,
            entries: 0,
            content: 0,
            added: 0,
            changed: 0,
            deleted: 0,
            unchanged: 0,
            ignored: 0,
            partial: false,
            rows: first..first,
        }
    }

    pub(super) fn note(&mut self, change: Change) {
        *match change {
            Change::Added => &mut self.added,
            Change::Changed => &mut self.changed,
            Change::Deleted => &mut self.deleted,
            Change::Unchanged => &mut self.unchanged,
        } += 1;
    }
}
