//! Bytes a second between two regions.

use crate::emulator::store::Pace;
use alloc::boxed::Box;
use core::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use std::sync::{Mutex, PoisonError};
use tokio::time::{Instant, sleep_until};

/// Lets bytes pass at a rate.
#[derive(Debug)]
pub(super) struct Meter {
    /// Zero for any.
    rate: AtomicU64,
    /// When the bytes that were let pass will be through.
    free: Mutex<Instant>,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self { rate: AtomicU64::new(0), free: Mutex::new(Instant::now()) }
    }

    pub(super) fn set(&self, rate: Option<u64>) {
        self.rate.store(rate.unwrap_or(0), Ordering::Relaxed);
    }

    /// When so many bytes will be through.
    fn through(&self, bytes: u64) -> Instant {
        let now = Instant::now();
        let rate = self.rate.load(Ordering::Relaxed);
        let Some(nanos) = (u128::from(bytes) * 1_000_000_000).checked_div(u128::from(rate)) else { return now };
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // A year is as good as any longer time, and instants end somewhere.
        let time = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)).min(Duration::from_secs(31_536_000));
        *free = (*free).max(now) + time;
        *free
    }
}

impl Pace for Meter {
    fn take(&self, bytes: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move { sleep_until(self.through(bytes)).await })
    }
}
