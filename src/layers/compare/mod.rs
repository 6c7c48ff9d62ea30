//! What is different between two images, or between two layers.

mod collect;
mod ranks;
mod shared;
#[cfg(test)]
mod tests;

pub use shared::{SharedLayer, SharedLayers, tags_with};

use super::{Aspects, FileRow, NodeId, Page, View, search::contains};
use alloc::vec::Vec;
use collect::Matched;
use core::cmp::Reverse;

/// What is different about a path, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Only the right side has it.
    Added,
    /// Only the left side has it.
    Removed,
    /// Both have it, and it is not the same.
    Changed,
}

impl DifferenceKind {
    /// A word for it, stable.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// A path that is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As a whole.
    pub kind: DifferenceKind,
    /// Of what changed, in what.
    pub aspects: Aspects,
    /// Its node on the left.
    pub left: Option<NodeId>,
    /// Its node on the right.
    pub right: Option<NodeId>,
    /// Bytes of content more on the right; a content counts for the first of its names.
    pub delta: i64,
}

/// All differences of two views, by path: of two images, or of two layers by [`Filter::of_layer`](crate::layers::Filter::of_layer).
///
/// Contents are the same if they are the same body of the same layer, if their digests are, or if size and fingerprint are. Where nobody looked
/// at both in the same way that cannot be told: such files are no difference for their content, and are counted.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Comparison, Entry, Filter, ImageTree, Listing, Selection}};
/// let image = |path: &str| {
///     let mut tree = ImageTree::new(&Limits::DEFAULT);
///     let mut listing = Listing::new();
///     listing.push(&Entry { path: path.as_bytes(), size: 5, stored: 5, ..Entry::default() });
///     tree.push_layer(Digest::sha256(path.as_bytes()), listing)?;
///     let merged = Selection::new(&tree, Filter::default());
///     Ok::<_, portolan::LimitExceeded>((tree, merged))
/// };
/// let (left, right) = (image("old")?, image("new")?);
/// let comparison = Comparison::new(left.1.view(&left.0), right.1.view(&right.0));
/// assert_eq!((comparison.added.count, comparison.removed.count, comparison.changed.count), (1, 1, 0));
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The differences, by path, component by component.
    pub differences: Vec<Difference>,
    /// Bytes of the left side.
    pub left_size: u64,
    /// Bytes of the right side.
    pub right_size: u64,
    /// What only the right side has.
    pub added: Sum,
    /// What only the left side has; its bytes are negative.
    pub removed: Sum,
    /// What both have, and is not the same.
    pub changed: Sum,
    /// Files with the same size and metadata whose contents could not be compared.
    pub unknown: usize,
}

/// Differences of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// Bytes more on the right.
    pub delta: i64,
}

/// Which differences, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceFilter {
    /// Only these kinds; nothing means all.
    pub kinds: Option<Vec<DifferenceKind>>,
    /// Only paths with this in them, whatever the case of ASCII letters.
    pub search: Vec<u8>,
    /// The largest growth or loss first, instead of by path.
    pub largest_first: bool,
}

/// A difference with what both sides have.
#[derive(Clone, Copy, Debug)]
pub struct DifferenceRow<'t> {
    /// What is different.
    pub difference: Difference,
    /// What the left side has.
    pub left: Option<FileRow<'t>>,
    /// What the right side has.
    pub right: Option<FileRow<'t>>,
}

impl Comparison {
    /// Compares every path of two sides.
    #[must_use]
    pub fn new(left: View<'_>, right: View<'_>) -> Self {
        let matched = Matched::new(left, right);
        let (mut differences, unknown) = collect::differences(left, right, &matched);
        ranks::sort(left, right, &matched, &mut differences);
        let sum = |kind| {
            let of_kind = differences.iter().filter(|difference| difference.kind == kind);
            of_kind.fold(Sum::default(), |sum, difference| Sum {
                count: sum.count + 1,
                delta: sum.delta.saturating_add(difference.delta),
            })
        };
        let [added, removed, changed] =
            [DifferenceKind::Added, DifferenceKind::Removed, DifferenceKind::Changed].map(sum);
        Self { left_size: left.sum().size, right_size: right.sum().size, added, removed, changed, unknown, differences }
    }

    /// A page of those that fit, and how many fit. Both sides must be those that were compared.
    #[must_use]
    pub fn page<'t>(
        &self,
        left: View<'t>,
        right: View<'t>,
        filter: &DifferenceFilter,
        page: Page,
    ) -> (Vec<DifferenceRow<'t>>, usize) {
        let text = filter.search.to_ascii_lowercase();
        let mut path = Vec::new();
        let mut has_text = |difference: &Difference| {
            path.clear();
            difference.write_path(left, right, &mut path);
            contains(&path, &text)
        };
        let wanted = |kind| filter.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
        let kept = self.differences.iter().zip(0_usize..).filter(|(difference, _)| wanted(difference.kind));
        let mut kept: Vec<(&Difference, usize)> =
            kept.filter(|(difference, _)| text.is_empty() || has_text(difference)).collect();
        let total = kept.len();
        let largest =
            |difference: &Difference| Reverse(if filter.largest_first { difference.delta.unsigned_abs() } else { 0 });
        page.cut(&mut kept, |a, b| (largest(a.0), a.1).cmp(&(largest(b.0), b.1)));
        (kept.into_iter().map(|(difference, _)| difference.row(left, right)).collect(), total)
    }
}

impl Difference {
    /// Its path.
    #[must_use]
    pub fn path(&self, left: View<'_>, right: View<'_>) -> Vec<u8> {
        let mut path = Vec::new();
        self.write_path(left, right, &mut path);
        path
    }

    fn write_path(&self, left: View<'_>, right: View<'_>, out: &mut Vec<u8>) {
        match (self.left, self.right) {
            (Some(node), _) => left.tree().paths().write_path(node, out),
            (None, Some(node)) => right.tree().paths().write_path(node, out),
            (None, None) => {}
        }
    }

    fn row<'t>(&self, left: View<'t>, right: View<'t>) -> DifferenceRow<'t> {
        let row = |side: View<'t>, node: Option<NodeId>| side.row(node?);
        DifferenceRow { difference: *self, left: row(left, self.left), right: row(right, self.right) }
    }
}
