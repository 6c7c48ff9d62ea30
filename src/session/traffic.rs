//! Who may send to which origin, and when.

use crate::{http::Origin, sorted::SortedMap};
use core::time::Duration;

/// Back-off gates and request slots, per origin.
#[derive(Default)]
pub(crate) struct Traffic {
    /// No request before this time (429 and 503 speak for the whole host).
    gates: SortedMap<Origin, Duration>,
    /// Exchange → origin it is talking to.
    busy: SortedMap<u64, Origin>,
    /// When a slot was last taken, or bytes last came to the holder of one.
    moved: Duration,
}

/// The answer to "may I send now?".
pub(crate) enum Slot {
    Free,
    /// Not before that much time has passed.
    Closed(Duration),
    /// Not before somebody else is done; when there was last a sign that somebody will be.
    Full(Duration),
}

/// Origins remembered; redirect targets vary without end on some clouds.
const MAX_GATES: usize = 256;

impl Traffic {
    /// Closes an origin until `until`, if it is not closed for longer already.
    pub(crate) fn close(&mut self, origin: &Origin, until: Duration, now: Duration) {
        if self.gates.len() >= MAX_GATES {
            self.gates.retain(|_, t| *t > now);
        }
        if self.gates.len() < MAX_GATES || self.gates.get(origin).is_some() {
            let gate = self.gates.or_default(origin.clone());
            *gate = until.max(*gate);
        }
    }

    /// Takes a slot for `id`, if the origin is open and has one.
    pub(crate) fn enter(&mut self, id: u64, origin: &Origin, parallel: u32, now: Duration) -> Slot {
        if let Some(wait) = self.gates.get(origin).and_then(|until| until.checked_sub(now)).filter(|w| !w.is_zero()) {
            return Slot::Closed(wait);
        }
        let others = self.busy.iter().filter(|(other, o)| **other != id && *o == origin).count();
        if others >= parallel as usize {
            return Slot::Full(self.moved);
        }
        self.busy.insert(id, origin.clone());
        self.moved = now;
        Slot::Free
    }

    /// Bytes have come: whoever waits for a slot waits for good reason.
    pub(crate) fn got_on(&mut self, now: Duration) {
        self.moved = now;
    }

    /// Gives the slot back.
    pub(crate) fn leave(&mut self, id: u64) {
        self.busy.remove(&id);
    }
}
