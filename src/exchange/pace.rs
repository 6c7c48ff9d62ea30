//! The slow-body floor: bytes per time spent waiting for the peer, not for our own caller.

use crate::{Limits, TransportError};
use core::time::Duration;

#[derive(Default)]
pub(super) struct Pace {
    asked: Option<Duration>,
    waited: Duration,
    bytes: u64,
}

impl Pace {
    /// The driver begins to wait for a chunk.
    pub(super) fn ask(&mut self, now: Duration) {
        self.asked.get_or_insert(now);
    }

    /// A chunk came.
    pub(super) fn answer(&mut self, bytes: usize, now: Duration, limits: &Limits) -> Result<(), TransportError> {
        if let Some(asked) = self.asked.take() {
            self.waited += now.saturating_sub(asked);
        }
        self.bytes += bytes as u64;
        if self.waited < limits.floor_window {
            return Ok(());
        }
        let floor = u64::from(limits.floor).saturating_mul(self.waited.as_secs());
        if self.bytes < floor {
            return Err(TransportError::Stalled("slower than the floor"));
        }
        *self = Self::default();
        Ok(())
    }
}
