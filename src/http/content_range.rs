//! `Content-Range: bytes 0-9/10` (RFC 9110 section 14.4).

use core::str::FromStr;

/// The part of the whole that a 206 answer carries. `total` is absent for `*`.
///
/// ```
/// let range: portolan::http::ContentRange = "bytes 5-9/10".parse().unwrap();
/// assert_eq!((range.first, range.last, range.total), (5, 9, Some(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRange {
    /// First byte, counted from 0.
    pub first: u64,
    /// Last byte, inclusive.
    pub last: u64,
    /// Size of the whole, bytes.
    pub total: Option<u64>,
}

impl FromStr for ContentRange {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let rest =
            text.get(..6).filter(|unit| unit.eq_ignore_ascii_case("bytes ")).and_then(|_| text.get(6..)).ok_or(())?;
        let (range, total) = rest.trim().split_once('/').ok_or(())?;
        let (first, last) = range.split_once('-').ok_or(())?;
        let first = first.trim().parse().map_err(|_| ())?;
        let last = last.trim().parse().map_err(|_| ())?;
        let total = match total.trim() {
            "*" => None,
            number => Some(number.parse().map_err(|_| ())?),
        };
        if first > last || total.is_some_and(|t| last >= t) {
            return Err(());
        }
        Ok(Self { first, last, total })
    }
}
