//! Numbers as headers have them.

/// A numeric field of a header: octal digits between spaces and NULs, or base-256 after a byte 0x80 or 0xff (GNU).
///
/// Nothing if it is neither, or does not fit. A field of spaces and NULs only is 0.
pub(super) fn number(field: &[u8]) -> Option<i64> {
    match field.first() {
        Some(0x80 | 0xff) => base256(field),
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<i64> {
    let blank = |byte: &u8| matches!(byte, b' ' | 0);
    let begin = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let digits = field.iter().skip(begin).take_while(|byte| !blank(byte));
    digits.copied().try_fold(0_i64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(i64::from(digit - b'0')),
        _ => None,
    })
}

/// Big-endian two's complement behind its first byte, which is the sign.
fn base256(field: &[u8]) -> Option<i64> {
    let negative = *field.first()? == 0xff;
    let invert = if negative { 0xff } else { 0 };
    let mut bytes = field.iter().skip(1).map(|byte| byte ^ invert);
    let value = bytes.try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? | u64::from(byte)))?;
    let value = i64::try_from(value).ok()?;
    Some(if negative { !value } else { value })
}

/// A decimal number without a sign, as pax records and sparse maps have it; at most what an `i64` holds.
pub(super) fn decimal(text: &[u8]) -> Option<u64> {
    let value = text.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })?;
    (!text.is_empty() && i64::try_from(value).is_ok()).then_some(value)
}

/// A decimal number that may have a sign; what is too large is the largest.
pub(super) fn whole(text: &[u8]) -> Option<i64> {
    let (negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
    let value = digits.iter().try_fold(0_i64, |value, digit| match digit {
        b'0'..=b'9' => Some(value.saturating_mul(10).saturating_add(i64::from(digit - b'0'))),
        _ => None,
    })?;
    (!digits.is_empty()).then_some(if negative { -value } else { value })
}

/// Whole seconds of a decimal number that may have a fraction: those before the time, also where it is before 1970.
pub(super) fn seconds(text: &[u8]) -> Option<i64> {
    let dot = text.iter().position(|byte| *byte == b'.');
    let (integer, fraction) = dot.and_then(|dot| text.split_at_checked(dot)).unwrap_or((text, b"."));
    let fraction = fraction.get(1..).unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let before = integer.starts_with(b"-") && fraction.iter().any(|digit| *digit != b'0');
    whole(integer).map(|seconds| if before { seconds.saturating_sub(1) } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_have_digits_only() {
        assert_eq!(decimal(b"9223372036854775807"), Some(i64::MAX as u64));
        for text in [&b""[..], b"-1", b"+1", b" 1", b"1 ", b"9223372036854775808", b"99999999999999999999"] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
        assert_eq!((whole(b"-7"), whole(b"99999999999999999999")), (Some(-7), Some(i64::MAX)));
        assert_eq!((whole(b""), whole(b"-"), whole(b"1.5")), (None, None, None));
    }

    #[test]
    fn seconds_are_those_before_the_time() {
        for (text, expected) in [
            (&b"1700000000.999"[..], Some(1_700_000_000)),
            (b"0", Some(0)),
            (b"5.", Some(5)),
            (b"-1.5", Some(-2)),
            (b"-1.0", Some(-1)),
            (b"-0.5", Some(-1)),
            (b".5", None),
            (b"1.5.5", None),
            (b"1e3", None),
        ] {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn octal_numbers_may_have_spaces_and_nuls_around() {
        for (field, expected) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"\0\x00644", Some(0o644)),
            (b"77777777777", Some(0o777_7777_7777)),
            (b"777777777777", Some(0o7777_7777_7777)),
            (b"12 garbage", Some(0o12)),
            (b"\0\0\0\0", Some(0)),
            (b"    ", Some(0)),
            (b"", Some(0)),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }

    #[test]
    fn l08_garbage_is_no_number() {
        for field in
            [&b"-1"[..], b"+1", b"0x1", b"8", b"1a", b"7777777777777777777777777", b"\xe2\x82\xac", b"\x90", b"\x1f"]
        {
            assert_eq!(number(field), None, "{field:?}");
        }
    }

    #[test]
    fn base_256_has_a_sign() {
        for (field, expected) in [
            (&b"\x80\0\0\0\0\0\x01\x02"[..], Some(0x102)),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff", Some(-1)),
            (b"\xff\xff\xff\xfe", Some(-2)),
            (b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", Some(i64::MAX)),
            (b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", Some(i64::MIN)),
            (b"\x80\0\0\0\x80\0\0\0\0\0\0\0", None),
            (b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }
}
