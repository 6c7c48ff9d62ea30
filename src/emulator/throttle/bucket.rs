//! A bucket of tokens that fills in a minute.

use super::{MINUTE, PAUSE};
use core::time::Duration;
use tokio::time::Instant;

/// Kept as the time at which it will be full again: what is missing then is what was taken, in units of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    full: Instant,
    /// A bucket that ran dry stays closed for a while, and says for how long: less with each asking.
    closed: Instant,
}

impl Bucket {
    pub(super) const fn full(now: Instant) -> Self {
        Self { full: now, closed: now }
    }

    /// The time until it may be asked again, if it has nothing for `cost` now.
    pub(super) fn wait(&mut self, now: Instant, cost: Duration) -> Option<Duration> {
        if now < self.closed {
            return Some(self.closed - now);
        }
        if self.missing(now) + cost <= MINUTE {
            return None;
        }
        self.closed = now + PAUSE;
        Some(PAUSE)
    }

    pub(super) fn take(&mut self, now: Instant, cost: Duration) {
        self.full = self.full.max(now) + cost;
    }

    /// Calls that are left.
    pub(super) fn left(&self, now: Instant, cost: Duration) -> u64 {
        let left = MINUTE.saturating_sub(self.missing(now)).as_nanos();
        u64::try_from(left / cost.as_nanos().max(1)).unwrap_or(u64::MAX)
    }

    /// True if nobody would miss it.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        self.full <= now && self.closed <= now
    }

    fn missing(&self, now: Instant) -> Duration {
        self.full.saturating_duration_since(now)
    }
}
