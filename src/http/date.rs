//! HTTP dates in their three forms (RFC 9110 section 5.6.7), to Unix seconds.
//!
//! The `httpdate` crate needs `std`; this is the reading half of it.

/// Unix seconds, or nothing for a text that is no date between 1970 and 9999.
pub(super) fn parse(text: &str) -> Option<u64> {
    imf(text).or_else(|| rfc850(text)).or_else(|| asctime(text))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
fn imf(text: &str) -> Option<u64> {
    let mut parts = text.split_once(',')?.1.strip_prefix(' ')?.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if parts.next()? != "GMT" {
        return None;
    }
    seconds(year.parse().ok()?, month, day.parse().ok()?, time)
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
fn rfc850(text: &str) -> Option<u64> {
    let mut parts = text.split_once(',')?.1.strip_prefix(' ')?.split(' ');
    let (date, time) = (parts.next()?, parts.next()?);
    if parts.next()? != "GMT" {
        return None;
    }
    let mut date = date.split('-');
    let (day, month, year): (_, _, u64) = (date.next()?, date.next()?, date.next()?.parse().ok()?);
    let year = year.saturating_add(if year < 70 { 2000 } else { 1900 });
    seconds(year, month, day.parse().ok()?, time)
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<u64> {
    let mut parts = text.split(' ').filter(|p| !p.is_empty()).skip(1);
    let (month, day, time, year) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    seconds(year.parse().ok()?, month, day.parse().ok()?, time)
}

fn seconds(year: u64, month: &str, day: u64, time: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|m| *m == month)? as u64 + 1;
    let mut time = time.split(':').map(|t| t.parse::<u64>().ok());
    let (h, m, s) = (time.next()??, time.next()??, time.next()??);
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) || h > 23 || m > 59 || s > 60 {
        return None;
    }
    // Days from the civil calendar, with the year beginning in March.
    let (y, m0) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m0 + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400 + h * 3600 + m * 60 + s)
}
