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

    /// So much earlier.
    pub(crate) fn before(self, pause: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX)))
    }

    /// As ACR and ARM write it: UTC with seven fractional digits, `2026-11-26T12:00:00.1234567Z`.
    pub(crate) fn rfc3339(self) -> String {
        let (days, second) = (self.seconds() / 86_400, self.seconds() % 86_400);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let fraction = self.0 % 1_000_000_000 / 100;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z")
    }

    /// Reads what RFC 3339 allows of times in UTC; of a fraction, nine digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("+00:00"))?;
        let (date, time) = text.split_once(['T', 't', ' '])?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = days(year, month, day)?.checked_mul(86_400)?.checked_add(hour * 3_600 + minute * 60 + second)?;
        let digits = fraction.get(..fraction.len().min(9))?;
        let nanos = digits.parse::<u64>().ok()? * 10_u64.pow(9_u32.saturating_sub(u32::try_from(digits.len()).ok()?));
        seconds.checked_mul(1_000_000_000)?.checked_add(nanos).map(Self)
    }
}

/// Three numbers.
fn numbers(text: &str, between: char) -> Option<[u64; 3]> {
    let mut parts = text.split(between);
    let mut next = || parts.next().filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?.parse().ok();
    let three = [next()?, next()?, next()?];
    parts.next().is_none().then_some(three)
}

/// The day of a date, counted from 1970-01-01; see [`civil`].
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year / 400, year % 400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    (era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year).checked_sub(719_468)
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

    #[test]
    fn instants_are_read_back() {
        for nanos in [0, 1_709_210_096_123_456_700, 1_735_689_599_999_999_900, 4_102_444_800_000_000_000] {
            assert_eq!(Instant::parse(&Instant(nanos).rfc3339()), Some(Instant(nanos)));
        }
        assert_eq!(Instant::parse("2024-02-29T12:34:56+00:00"), Some(Instant(1_709_210_096_000_000_000)));
        for bad in [
            "",
            "2024-02-29",
            "2024-13-01T00:00:00Z",
            "2024-02-29T12:34:56",
            "2024-02-29T12:34Z",
            "1969-01-01T00:00:00Z",
            "2024-02-29T12:34:56.Z",
            "2024-02-29T24:00:00Z",
        ] {
            assert_eq!(Instant::parse(bad), None, "{bad}");
        }
    }
}
