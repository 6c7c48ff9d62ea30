//! Sorting.
//!
//! Each type that `core` sorts or selects from brings 5 KB of code along, which is nothing for a program and a tenth of all that
//! the module for browsers may have. There, positions are sorted instead, by code that is there once.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts items. Those that are equal come in any order.
pub(super) fn sort_by<T: Clone>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    sort_first(items, usize::MAX, compare);
}

/// Sorts the first `end` items, and drops those behind them.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn sort_first<T: Clone>(items: &mut Vec<T>, end: usize, compare: impl Fn(&T, &T) -> Ordering) {
    if end < items.len() {
        items.select_nth_unstable_by(end, &compare);
        items.truncate(end);
    }
    items.sort_unstable_by(compare);
}

/// Sorts the first `end` items, and drops those behind them.
#[cfg(target_arch = "wasm32")]
pub(super) fn sort_first<T: Clone>(items: &mut Vec<T>, end: usize, compare: impl Fn(&T, &T) -> Ordering) {
    *items = sorted(items, end, compare);
}

#[cfg(any(test, target_arch = "wasm32"))]
fn sorted<T: Clone>(items: &[T], end: usize, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let item = |at: u32| items.get(at as usize);
    let less = |a: u32, b: u32| item(a).zip(item(b)).is_some_and(|(a, b)| compare(a, b).is_lt());
    let mut places: Vec<u32> = (0..).take(items.len()).collect();
    if end < places.len() {
        select(&mut places, end, &less);
    }
    merge_sort(places, &less).into_iter().filter_map(|at| item(at).cloned()).collect()
}

#[cfg(any(test, target_arch = "wasm32"))]
type Less<'a> = &'a dyn Fn(u32, u32) -> bool;

/// Leaves the first `end` in any order: a heap with the last of them on top, through which all others pass.
#[cfg(any(test, target_arch = "wasm32"))]
fn select(places: &mut Vec<u32>, end: usize, less: Less<'_>) {
    let (heap, rest) = places.split_at_mut(end);
    (0..end / 2).rev().for_each(|at| sink(heap, at, less));
    for place in rest {
        if let Some(last) = heap.first_mut().filter(|last| less(*place, **last)) {
            *last = *place;
            sink(heap, 0, less);
        }
    }
    places.truncate(end);
}

/// Lets the item at `at` sink below those that come after it.
#[cfg(any(test, target_arch = "wasm32"))]
fn sink(heap: &mut [u32], mut at: usize, less: Less<'_>) {
    let later = |heap: &[u32], a: usize, b: usize| heap.get(a).zip(heap.get(b)).is_some_and(|(a, b)| less(*a, *b));
    loop {
        let (left, right) = (2 * at + 1, 2 * at + 2);
        let below = if later(heap, left, right) { right } else { left };
        if !later(heap, at, below) {
            return;
        }
        heap.swap(at, below);
        at = below;
    }
}

/// Merges runs of growing length.
#[cfg(any(test, target_arch = "wasm32"))]
fn merge_sort(mut places: Vec<u32>, less: Less<'_>) -> Vec<u32> {
    let mut width = 1;
    while width < places.len() {
        let mut merged = Vec::with_capacity(places.len());
        for pair in places.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some((a, rest_left)), Some((b, rest_right))) = (left.split_first(), right.split_first()) {
                let second = less(*b, *a);
                merged.push(if second { *b } else { *a });
                if second { right = rest_right } else { left = rest_left }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        places = merged;
        width *= 2;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_give_the_same(items in prop::collection::vec(0..50_u32, 0..200), end in 0..250_usize) {
            let mut expected = items.clone();
            expected.sort_unstable();
            expected.truncate(end);
            prop_assert_eq!(&sorted(&items, end, u32::cmp), &expected);
            let mut items = items;
            sort_first(&mut items, end, u32::cmp);
            prop_assert_eq!(items, expected);
        }
    }
}
