//! Tokens by scope, and who is fetching one.

use crate::{Error, Secret, sorted::SortedMap};
use alloc::string::String;
use core::time::Duration;

/// A token renewed this long before it ends, so that it does not end on the way.
const EARLY: Duration = Duration::from_secs(5);

/// A fetch that says nothing for this long is taken for dead: its driver may have been dropped without notice.
const LEASE: Duration = Duration::from_secs(300);

/// Scopes kept at once; a client that walks 10,000 repositories must not keep 10,000 tokens.
const MAX_SLOTS: usize = 1_024;

#[derive(Default)]
pub(crate) struct TokenCache {
    slots: SortedMap<String, Slot>,
    last_serial: u64,
}

enum Slot {
    Ready { serial: u64, token: Secret, expires: Duration },
    Fetching { owner: u64, since: Duration },
    Failed { error: Error, at: Duration },
}

pub(crate) enum Lookup {
    Ready {
        serial: u64,
        token: Secret,
    },
    /// Somebody else is fetching it.
    Wait,
    /// The fetch that this caller waited for has failed.
    Failed(Error),
    Absent,
}

impl TokenCache {
    /// `waiting_since`: when the caller began to wait for a fetch of this token, if it does.
    pub(crate) fn lookup(&mut self, key: &str, waiting_since: Option<Duration>, now: Duration) -> Lookup {
        match self.slots.get(key) {
            Some(Slot::Ready { serial, token, expires }) if now < *expires => {
                Lookup::Ready { serial: *serial, token: token.clone() }
            }
            Some(Slot::Fetching { since, .. }) if now < *since + LEASE => Lookup::Wait,
            Some(Slot::Failed { error, at }) if waiting_since.is_some_and(|since| since <= *at) => {
                Lookup::Failed(error.clone())
            }
            _ => Lookup::Absent,
        }
    }

    pub(crate) fn begin(&mut self, key: &str, owner: u64, now: Duration) {
        if self.slots.len() >= MAX_SLOTS {
            self.slots.retain(|_, slot| match slot {
                Slot::Ready { expires, .. } => now < *expires,
                Slot::Fetching { .. } => true,
                Slot::Failed { .. } => false,
            });
        }
        if self.slots.len() >= MAX_SLOTS {
            self.slots.retain(|_, slot| matches!(slot, Slot::Fetching { .. }));
        }
        self.slots.insert(key.into(), Slot::Fetching { owner, since: now });
    }

    pub(crate) fn succeed(&mut self, key: &str, token: Secret, lifetime: Duration, now: Duration) {
        self.last_serial += 1;
        let expires = now + lifetime.saturating_sub(EARLY);
        self.slots.insert(key.into(), Slot::Ready { serial: self.last_serial, token, expires });
    }

    /// Number of the token that came last; later ones have higher numbers.
    #[cfg(feature = "azure")]
    pub(crate) fn last_serial(&self) -> u64 {
        self.last_serial
    }

    pub(crate) fn fail(&mut self, key: &str, error: Error, now: Duration) {
        self.slots.insert(key.into(), Slot::Failed { error, at: now });
    }

    /// The registry refused this very token: forget it, unless it has been renewed since.
    pub(crate) fn refuse(&mut self, refused: u64) {
        self.slots.retain(|_, slot| !matches!(slot, Slot::Ready { serial, .. } if *serial == refused));
    }

    /// The exchange is gone; whoever waits for its fetch must begin one.
    pub(crate) fn abandon(&mut self, id: u64) {
        self.slots.retain(|_, slot| !matches!(slot, Slot::Fetching { owner, .. } if *owner == id));
    }
}
