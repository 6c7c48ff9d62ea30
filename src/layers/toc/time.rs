//! Dates of RFC 3339.

/// What Go writes for "no time".
const NEVER: i64 = -62_135_596_800;

/// Seconds since 1970 of `2019-08-20T10:30:43.25Z` or `...+02:00`; fractions are cut towards the past.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.strip_prefix(['T', 't', ' '])?.split_at_checked(8)?;
    let [year, month, day] = fields(date, '-')?;
    let [hour, minute, second] = fields(clock, ':')?;
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let zone = zone(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()))?;
    let time = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - zone;
    Some(if time == NEVER { 0 } else { time }).filter(|_| valid)
}

fn fields(text: &str, by: char) -> Option<[i64; 3]> {
    let mut parts = text.split(by).map(|part| part.parse::<u16>().ok().map(i64::from));
    let all = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(all)
}

/// Seconds that a zone is ahead.
fn zone(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = text.strip_prefix('+').map(|rest| (1, rest)).or_else(|| Some((-1, text.strip_prefix('-')?)))?;
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
}

/// Days since 1970 in the Gregorian calendar, whose years begin in March here: leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + year * 365 + year / 4 - year / 100 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2019-08-20T10:30:43Z", 1_566_297_043),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2023-11-14T22:13:20.999999999Z", 1_700_000_000),
            ("2023-11-15T00:13:20+02:00", 1_700_000_000),
            ("2023-11-14T16:43:20-05:30", 1_700_000_000),
            ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in ["", "2019", "2019-08-20", "2019-08-20T10:30:43", "2019-13-20T10:30:43Z", "2019-08-20T24:30:43Z"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        for text in
            ["2019-08-20X10:30:43Z", "2019-08-20T10:30:43ZZ", "2019-08-20T10:30:43+99:00", "2019-0é-20T10:30:43Z"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
