//! `Retry-After`: seconds, an HTTP date (RFC 9110 section 10.2.3), or, as GHCR has been seen to write, a Go duration.

use super::{ResponseHead, date};
use core::time::Duration;

/// The time that the server asks for, if it does. Dates count from the server's own `Date`, so that a skewed
/// clock on either side does not matter; without it from `unix`.
pub(crate) fn retry_after(head: &ResponseHead, unix: u64) -> Option<Duration> {
    let text = head.headers.get("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    if let Some(then) = date::parse(text) {
        let now = head.headers.get("date").and_then(date::parse).unwrap_or(unix);
        return Some(Duration::from_secs(then.saturating_sub(now)));
    }
    go_duration(text)
}

/// `1m30s`, `880.092µs`, `1.5s`: Go's `time.Duration` as text.
pub(crate) fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at_checked(end)?;
        let end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        total = total.checked_add(go_part(number, unit)?)?;
        rest = tail;
    }
    (!text.is_empty()).then_some(total)
}

/// `1.5` of a unit. Not by way of a float, whose parser is 20 KB of the wasm module.
fn go_part(number: &str, unit: &str) -> Option<Duration> {
    let unit = match unit {
        "h" => Duration::from_secs(3600),
        "m" => Duration::from_secs(60),
        "s" => Duration::from_secs(1),
        "ms" => Duration::from_millis(1),
        "us" | "µs" | "μs" => Duration::from_micros(1),
        "ns" => Duration::from_nanos(1),
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut total = unit.checked_mul(whole.parse().ok()?)?;
    let mut place = unit;
    for digit in fraction.bytes() {
        place /= 10;
        total = total.checked_add(place * u32::from(digit.checked_sub(b'0').filter(|d| *d < 10)?))?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(value: &str) -> Option<Duration> {
        let headers = [("Retry-After", value), ("Date", "Sun, 06 Nov 1994 08:49:30 GMT")].into_iter().collect();
        retry_after(&ResponseHead { status: 429, headers }, 0)
    }

    #[test]
    fn h01_every_form_is_understood() {
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sunday, 06-Nov-94 08:49:37 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun Nov  6 08:49:37 1994"), Some(Duration::from_secs(7)));
        assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(after("880.092µs"), Some(Duration::from_nanos(880_092)));
        let huge = "Sunday, 06-Nov-18446744073709551615 08:49:37 GMT";
        for bad in ["", "-1", "soon", "7 s", "1e9999s", ".s", huge] {
            assert_eq!(after(bad), None, "{bad}");
        }
    }
}
