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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octal_numbers_may_have_spaces_and_nuls_around() {
        for (field, expected) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"\0\0644", Some(0o644)),
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
