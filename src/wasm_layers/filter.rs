//! Filters and pages as numbers.

use crate::layers::{Change, DifferenceKind, EntryKind, Filter, Order, Page, SortBy};
use alloc::vec::Vec;

/// `layer` below 0 is the merged view; the bits of `changes` and `kinds` are their numbers, and none is all.
pub(super) fn filter(layer: i32, changes: u8, deleted: bool, min_size: f64, kinds: u8) -> Filter {
    Filter {
        layer: usize::try_from(layer).ok(),
        changes: chosen(&Change::ALL, changes),
        deleted,
        // Casts from f64 saturate, and NaN is 0.
        min_size: min_size as u64,
        kinds: chosen(&EntryKind::ALL, kinds),
    }
}

/// By name, size or time (0 to 2), and 4 more for the largest first.
pub(super) fn order(sort: u8, directories_first: bool) -> Order {
    let by = match sort & 3 {
        1 => SortBy::Size,
        2 => SortBy::Modified,
        _ => SortBy::Name,
    };
    Order { by, descending: sort & 4 != 0, directories_first }
}

pub(super) fn page(offset: f64, limit: f64) -> Page {
    Page { offset: offset as usize, limit: limit as usize }
}

pub(super) fn kinds(bits: u8) -> Option<Vec<DifferenceKind>> {
    chosen(&[DifferenceKind::Added, DifferenceKind::Removed, DifferenceKind::Changed], bits)
}

fn chosen<T: Copy>(all: &[T], bits: u8) -> Option<Vec<T>> {
    let chosen = all.iter().enumerate().filter(|(bit, _)| bits & 1 << bit != 0).map(|(_, value)| *value);
    (bits != 0).then(|| chosen.collect())
}
