//! Regions that are down: by the file's plan, or by a switch.

use super::document::{How, Outage};
use crate::emulator::options::RegionName;
use alloc::{collections::BTreeMap, vec::Vec};
use core::time::Duration;
use tokio::time::Instant;

/// A time in which a region is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Instant,
    /// Not ended without it.
    pub(super) to: Option<Instant>,
    pub(super) how: How,
}

impl Window {
    /// The file's plan, counted from when it was read.
    pub(super) fn planned(outage: &Outage, read: Instant) -> Self {
        let from = read + outage.after.0;
        Self { from, to: outage.lasts.map(|lasts| from + lasts.0), how: outage.how }
    }

    /// True if it holds `now`, moved by `later`.
    fn holds(&self, now: Instant, later: Duration) -> bool {
        now >= self.from + later && self.to.is_none_or(|to| now < to + later)
    }
}

/// Regions that somebody switched off, and on again.
#[derive(Debug, Default)]
pub(super) struct Switches(BTreeMap<RegionName, Vec<Window>>);

impl Switches {
    pub(super) fn off(&mut self, region: &str, how: How, now: Instant) {
        self.on(region, now);
        self.0.entry(region.into()).or_default().push(Window { from: now, to: None, how });
    }

    pub(super) fn on(&mut self, region: &str, now: Instant) {
        let windows = self.0.entry(region.into()).or_default();
        // What ended is kept once more, since routing follows later.
        let ended = windows.len().saturating_sub(1);
        windows.drain(..ended);
        windows.iter_mut().filter(|window| window.to.is_none()).for_each(|window| window.to = Some(now));
    }

    pub(super) fn of(&self, region: &str) -> impl Iterator<Item = Window> {
        self.0.get(region).into_iter().flatten().copied()
    }
}

/// How a region is down now, if it is.
pub(super) fn down(mut windows: impl Iterator<Item = Window>, now: Instant) -> Option<How> {
    windows.find(|window| window.holds(now, Duration::ZERO)).map(|window| window.how)
}

/// True if routing avoids a region by now: it follows an outage, and its end, after `failover`.
pub(super) fn avoided(mut windows: impl Iterator<Item = Window>, now: Instant, failover: Duration) -> bool {
    windows.any(|window| window.holds(now, failover))
}
