//! What was read of a source's changes and is not in the target yet. No clock, no dice, no IO.

use super::travel::{self, Travel};
use crate::emulator::{options::Order, store::change::Change};
use alloc::{collections::BTreeMap, vec::Vec};
use core::time::Duration;
use tokio::time::Instant;

/// Changes that are read ahead.
const MOST: usize = 1_024;

/// What of a change is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    All,
    /// The blobs of a manifest that is there.
    Content,
}

/// A change on its way.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) change: Change,
    pub(super) part: Part,
    /// When it was read, and how old it was then.
    seen: Instant,
    age: Duration,
    /// It was tried in vain.
    again: Option<Instant>,
}

impl Waiting {
    fn due(&self, travel: &Travel) -> Instant {
        let lag = match self.part {
            Part::All => travel.lag_of(&self.change.what),
            Part::Content => travel.lag_of_content(),
        };
        let due = self.seen + lag.saturating_sub(self.age);
        self.again.map_or(due, |again| due.max(again))
    }
}

/// Changes on their way, by their number in the source.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: BTreeMap<u64, Waiting>,
    read: u64,
}

impl Queue {
    /// Goes on after number `position`.
    pub(super) const fn after(position: u64) -> Self {
        Self { waiting: BTreeMap::new(), read: position }
    }

    /// Number of the last change that was read.
    pub(super) const fn read(&self) -> u64 {
        self.read
    }

    /// Everything up to this number is in the target.
    pub(super) fn position(&self) -> u64 {
        self.waiting.first_key_value().map_or(self.read, |(first, _)| first.saturating_sub(1))
    }

    /// How many more it takes.
    pub(super) fn room(&self) -> usize {
        MOST.saturating_sub(self.waiting.len())
    }

    /// Takes in the next changes of the source, those that are `wanted`.
    pub(super) fn take_in(&mut self, changes: Vec<Change>, now: Instant, wanted: impl Fn(&Change) -> bool) {
        for change in changes {
            self.read = self.read.max(change.sequence);
            if wanted(&change) {
                let waiting = Waiting { part: Part::All, seen: now, age: age(&change), again: None, change };
                self.waiting.insert(waiting.change.sequence, waiting);
            }
        }
    }

    /// One that is due. `chance` is asked where any of them may be the next.
    pub(super) fn next(&self, now: Instant, travel: &Travel, chance: impl FnOnce() -> usize) -> Option<Waiting> {
        let mut due = self.waiting.values().filter(|waiting| waiting.due(travel) <= now);
        match travel.order {
            Order::Kept => due.next().cloned(),
            Order::Shuffled => {
                let due: Vec<_> = due.collect();
                due.get(chance().checked_rem(due.len())?).copied().cloned()
            }
        }
    }

    /// When the next one will be due.
    pub(super) fn soonest(&self, travel: &Travel) -> Option<Instant> {
        self.waiting.values().map(|waiting| waiting.due(travel)).min()
    }

    /// It is there.
    pub(super) fn done(&mut self, sequence: u64) {
        self.waiting.remove(&sequence);
    }

    /// The manifest is there; its blobs are to come.
    pub(super) fn half_done(&mut self, sequence: u64) {
        if let Some(waiting) = self.waiting.get_mut(&sequence) {
            waiting.part = Part::Content;
        }
    }

    /// It is to be tried again, not before `then`.
    pub(super) fn put_off(&mut self, sequence: u64, then: Instant) {
        if let Some(waiting) = self.waiting.get_mut(&sequence) {
            waiting.again = Some(then);
        }
    }

    /// Changes on their way.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Change> {
        self.waiting.values().map(|waiting| &waiting.change)
    }
}

/// What is to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Backlog {
    pub(super) changes: u64,
    pub(super) bytes: u64,
    pub(super) oldest: Duration,
}

impl Backlog {
    pub(super) fn add(&mut self, change: &Change) {
        self.join(Self { changes: 1, bytes: travel::bytes(change), oldest: age(change) });
    }

    pub(super) fn join(&mut self, other: Self) {
        self.changes = self.changes.saturating_add(other.changes);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.oldest = self.oldest.max(other.oldest);
    }
}

/// Time since a change was decided; none if it seems to be from the future.
fn age(change: &Change) -> Duration {
    let now = crate::emulator::clock::Instant::now();
    Duration::from_nanos(now.0.saturating_sub(change.stamp.instant.0))
}
