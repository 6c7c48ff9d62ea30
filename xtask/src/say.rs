//! The only place that prints: steps, notes and progress.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use core::fmt::Display;
use std::io::{IsTerminal, Write, stderr};

/// Announces what is about to be done.
pub(crate) fn step(text: impl Display) {
    eprintln!("==> {text}");
}

/// Begins a part of a longer run.
pub(crate) fn heading(text: impl Display) {
    eprintln!("\n######## {text}");
}

/// Says something about the running step.
pub(crate) fn note(text: impl Display) {
    eprintln!("    {text}");
}

/// Gives a result on standard output, where scripts look for it.
pub(crate) fn result(text: impl Display) {
    println!("{text}");
}

/// Says what went wrong, with its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// Progress through a known number of things: one line rewritten on a terminal, a line for each elsewhere.
pub(crate) struct Progress {
    total: usize,
    done: usize,
    terminal: bool,
}

impl Progress {
    /// Starts at nothing of `total`.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, done: 0, terminal: stderr().is_terminal() }
    }

    /// One more is done, and this was it.
    pub(crate) fn advance(&mut self, what: impl Display) {
        self.done += 1;
        let line = format!("    [{}/{}] {what}", self.done, self.total);
        if self.terminal {
            eprint!("\r\x1b[K{line}");
            if self.done >= self.total {
                eprintln!();
            }
            let _ = stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}

/// Bytes for people: binary units, one decimal.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    let mut tenths = count.saturating_mul(10) / 1024;
    let mut unit = 0;
    while tenths >= 10 * 1024 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(1536), "1.5 KiB");
        assert_eq!(bytes(1024 * 1024 - 1), "1023.9 KiB");
        assert_eq!(bytes(5 * 1024 * 1024 * 1024), "5.0 GiB");
    }
}
