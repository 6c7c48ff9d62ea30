//! The end of a test run.

use std::time::Duration;

use crate::say;

/// What became of a step.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) time: Duration,
    pub(super) passed: bool,
}

/// Prints all rows and the count; whether all passed.
pub(super) fn print(rows: &[Row]) -> bool {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or_default().max(4);
    say::result("");
    say::result(format_args!("{:<width$}  {:>8}  result", "step", "time"));
    for Row { name, time, passed } in rows {
        let time = format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100);
        say::result(format_args!("{name:<width$}  {time:>8}  {}", if *passed { "passed" } else { "FAILED" }));
    }
    let passed = rows.iter().filter(|row| row.passed).count();
    let failed = rows.len() - passed;
    say::result("");
    say::result(format_args!("{passed} passed, {failed} failed"));
    failed == 0 && passed > 0
}
