//! Words for people and machines. What a registry wrote is data: escapes in it are shown, not obeyed.

use super::harmless::Harmless;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use portolan::text::shown;
use serde::Serialize;
use serde_json::Serializer;
use std::{
    io::{self, BufWriter, IsTerminal as _, StdoutLock, Write},
    time::Duration,
};

/// Longest cell, bytes; a command of a layer can be a script of many kilobytes.
const MAX_CELL: usize = 2_000;

/// Standard output, buffered.
pub(super) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// One JSON document and a line end, of the same meaning wherever it is read and harmless on a terminal.
pub(super) fn json(value: &impl Serialize) -> io::Result<()> {
    let mut out = stdout();
    value.serialize(&mut Serializer::with_formatter(&mut out, Harmless::default()))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Text of a registry, fit for a terminal.
pub(super) fn cell(text: &str) -> String {
    shown(text, MAX_CELL)
}

/// Size in binary units with three significant digits.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    // 999.5 and above would round to a fourth digit.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let digits = if unit == 0 || value >= 99.95 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {}", UNITS[unit])
}

/// Rows with their columns aligned; the last column is as long as it likes.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|text| (*text).to_owned()).collect()] }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{cell:<width$}  "));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// What is going on, on a terminal's stderr; silent elsewhere.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(what: String) -> Self {
        if !io::stderr().is_terminal() {
            return Self(ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()));
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        // Quick answers need no spinner.
        bar.enable_steady_tick(Duration::from_millis(150));
        Self(bar)
    }

    pub(super) fn say(&self, what: String) {
        self.0.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_escapes_do_not_act() {
        let mut table = Table::new(&["A", "B"]);
        table.row([cell("long \u{1b}[31m"), cell("x")]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "A                B\nlong \\u{1b}[31m  x\n");
    }

    #[test]
    fn sizes_are_binary() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "0.98 KiB"),
            (1_536, "1.50 KiB"),
            (1_048_575, "1.00 MiB"),
            (214_748_364_800, "200 GiB"),
            (12_345_678, "11.8 MiB"),
            (u64::MAX, "16.0 EiB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }
}
