//! What a container says: the last of it, in memory.

use crate::emulator::clock::Instant;
use alloc::{
    collections::VecDeque,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use std::sync::{Mutex, PoisonError};

/// Most bytes that are kept: 4 MiB, as ACI shows.
const KEPT: usize = 4 << 20;

/// Lines, with the times they came at. Clones are the same log.
#[derive(Clone, Debug, Default)]
pub(super) struct ContainerLog(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    lines: VecDeque<(Instant, String)>,
    bytes: usize,
}

impl ContainerLog {
    /// Adds a line.
    pub(super) fn line(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.bytes += line.len() + 1;
        lines.lines.push_back((Instant::now(), line.to_string()));
        while lines.bytes > KEPT
            && let Some((_, gone)) = lines.lines.pop_front()
        {
            lines.bytes -= gone.len() + 1;
        }
    }

    /// All of it, or the last lines.
    pub(super) fn text(&self, tail: Option<usize>, times: bool) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let skipped = lines.lines.len().saturating_sub(tail.unwrap_or(usize::MAX));
        let shown = lines
            .lines
            .iter()
            .skip(skipped)
            .map(|(at, line)| if times { format!("{} {line}\n", at.rfc3339()) } else { format!("{line}\n") });
        shown.collect::<Vec<_>>().concat()
    }
}
