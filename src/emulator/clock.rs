//! Time, from one place.

use alloc::{format, string::String};
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

/// An instant: nanoseconds since 1970, UTC, leap seconds not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Instant(pub(crate) u64);

impl Instant {
    /// Now.
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
    }

    /// Whole seconds since 1970, as JWTs have them.
    pub(crate) const fn seconds(self) -> u64 {
        self.0 / 1_000_000_000
    }

    /// So much later.
    pub(crate) fn after(self, pause: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX)))
    }

    /// As ACR and ARM write it: UTC with seven fractional digits, `2026-11-26T12:00:00.1234567Z`.
    pub(crate) fn rfc3339(self) -> String {
        let (days, second) = (self.seconds() / 86_400, self.seconds() % 86_400);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let fraction = self.0 % 1_000_000_000 / 100;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z")
    }
}

/// Year, month and day of a day counted from 1970-01-01.
const fn civil(days: u64) -> (u64, u64, u64) {
    // Counted in eras of 400 years that begin on the first of March, so that the leap day is a year's last.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, turn) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + turn, month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_azure_writes_them() {
        assert_eq!(Instant(0).rfc3339(), "1970-01-01T00:00:00.0000000Z");
        assert_eq!(Instant(1_709_210_096_123_456_789).rfc3339(), "2024-02-29T12:34:56.1234567Z");
        assert_eq!(Instant(1_735_689_599_999_999_999).rfc3339(), "2024-12-31T23:59:59.9999999Z");
    }
}
