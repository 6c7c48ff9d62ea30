//! A thing that can be there or gone, and since when.

use crate::emulator::{
    clock::Instant,
    store::change::{Attributes, Stamp},
};

/// A value, or that it is gone: the last word on it, with the number under which it was written down here.
#[derive(Clone, Debug)]
pub(super) struct Slot<T> {
    pub(super) stamp: Stamp,
    pub(super) sequence: u64,
    pub(super) value: Option<T>,
}

impl<T> Slot<T> {
    /// True if a word of this stamp is news.
    pub(super) fn is_older_than(slot: Option<&Self>, stamp: &Stamp) -> bool {
        slot.is_none_or(|slot| slot.stamp < *stamp)
    }
}

impl Slot<Attributes> {
    /// What is in force on a thing that came to be at `created`: what was said of one that had the name before does not
    /// count.
    pub(super) fn in_force(slot: Option<&Self>, created: Instant) -> Attributes {
        let slot = slot.filter(|slot| slot.stamp.instant >= created);
        slot.and_then(|slot| slot.value).unwrap_or_default()
    }
}
