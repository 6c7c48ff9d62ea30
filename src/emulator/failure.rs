//! How builds and containers end badly, and how they are made to end.

use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
};
use core::sync::atomic::{AtomicU8, Ordering};
use std::io;

/// Why something that takes long did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// What was asked for cannot be done.
    #[error("{0}")]
    Failed(String),
    /// Somebody ended it.
    #[error("it was canceled")]
    Canceled,
    /// Its time was over.
    #[error("it timed out")]
    TimedOut,
    /// The emulator could not do its part.
    #[error("{0}")]
    Broken(String),
}

impl Failure {
    /// The same, with the line of the Dockerfile.
    pub(crate) fn at(self, line: usize) -> Self {
        match self {
            Self::Failed(reason) => Self::Failed(format!("line {line}: {reason}")),
            other => other,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // What the emulator's own parts refuse: a manifest that is not there, bytes that are not what they should be.
            io::ErrorKind::Other | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Failed(error.to_string())
            }
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Says whether something is to end. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicU8>);

const CANCELED: u8 = 1;
const TIMED_OUT: u8 = 2;

impl Stop {
    /// Somebody wants it to end.
    pub(crate) fn cancel(&self) {
        self.set(CANCELED);
    }

    /// Its time is over.
    pub(crate) fn time_out(&self) {
        self.set(TIMED_OUT);
    }

    /// The first reason counts.
    fn set(&self, reason: u8) {
        let _ = self.0.compare_exchange(0, reason, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// An error if it is to end.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.0.load(Ordering::Relaxed) {
            CANCELED => Err(Failure::Canceled),
            TIMED_OUT => Err(Failure::TimedOut),
            _ => Ok(()),
        }
    }
}
