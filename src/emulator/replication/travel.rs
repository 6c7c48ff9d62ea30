//! How changes travel from one region to another, by the options and by the faults.

use crate::emulator::{
    faults::Faults,
    options::{Options, Order},
    store::change::{Change, What},
};
use core::time::Duration;

/// How changes travel where no fault says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    /// Time until a change is seen.
    pub(crate) lag: Duration,
    /// Bytes a second.
    pub(crate) bandwidth: Option<u64>,
    /// In which order.
    pub(crate) order: Order,
}

impl Settings {
    /// As the emulator was started.
    pub(crate) fn of(options: &Options) -> Self {
        Self { lag: options.lag, bandwidth: options.bandwidth, order: options.order }
    }
}

/// How changes travel from one region to another now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Travel {
    pub(super) lag: Duration,
    pub(super) tag_lag: Duration,
    pub(super) delete_lag: Duration,
    /// Manifests come without their blobs, which follow after this time.
    pub(super) blob_lag: Option<Duration>,
    pub(super) bandwidth: Option<u64>,
    pub(super) order: Order,
    /// Nothing travels: paused, or one of the two is down.
    pub(super) blocked: bool,
}

impl Travel {
    pub(super) fn now(settings: &Settings, faults: &Faults, from: &str, to: &str) -> Self {
        let link = faults.link(from, to).unwrap_or_default();
        Self {
            lag: link.lag.map_or(settings.lag, |lag| lag.0),
            tag_lag: link.tag_lag.unwrap_or_default().0,
            delete_lag: link.delete_lag.unwrap_or_default().0,
            blob_lag: link.blob_lag.map(|lag| lag.0),
            bandwidth: link.bandwidth.map_or(settings.bandwidth, |rate| Some(rate.get())),
            order: link.order.unwrap_or(settings.order),
            blocked: link.paused || faults.down(from).is_some() || faults.down(to).is_some(),
        }
    }

    /// Time from when something happened until it is seen.
    pub(super) fn lag_of(&self, what: &What) -> Duration {
        let more = match what {
            What::TagSet(..) => self.tag_lag,
            What::Deleted | What::BlobDeleted(_) | What::ManifestDeleted(_) | What::TagRemoved(_) => self.delete_lag,
            What::BlobLinked(..) => self.blob_lag.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        self.lag.saturating_add(more)
    }

    /// Time until the blobs of a manifest follow it.
    pub(super) fn lag_of_content(&self) -> Duration {
        self.lag.saturating_add(self.blob_lag.unwrap_or_default())
    }
}

/// Bytes that a change moves.
pub(super) const fn bytes(change: &Change) -> u64 {
    match &change.what {
        What::BlobLinked(_, size) => *size,
        What::ManifestPut(_, facts) => facts.size,
        _ => 0,
    }
}
