//! Extended attributes in pax records.

use crate::layers::Xattr;
use alloc::vec::Vec;

/// Keeps an attribute, if the record is one. A later one of the same name counts, an empty value among the empty ones.
///
/// `SCHILY.xattr.` is followed by the name, and has the value as it is. `LIBARCHIVE.xattr.` has the name percent-encoded and
/// the value in base64; bsdtar writes both.
pub(super) fn apply(xattrs: &mut Vec<Xattr>, keyword: &[u8], value: &[u8]) {
    let found = if let Some(name) = keyword.strip_prefix(b"SCHILY.xattr.") {
        Some((name.to_vec(), value.to_vec()))
    } else if let Some(name) = keyword.strip_prefix(b"LIBARCHIVE.xattr.") {
        base64(value).map(|value| (percent(name), value))
    } else {
        None
    };
    let Some((name, value)) = found.filter(|(name, _)| !name.is_empty()) else { return };
    match xattrs.iter_mut().find(|xattr| xattr.name == name) {
        Some(known) => known.value = value,
        None => xattrs.push(Xattr { name, value }),
    }
}

fn percent(name: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [first, after @ ..] = rest {
        let (byte, taken) = match (first, after) {
            (b'%', [high, low, ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (*first, 1),
            },
            _ => (*first, 1),
        };
        decoded.push(byte);
        rest = rest.get(taken..).unwrap_or_default();
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Base64 as libarchive writes it, without padding; nothing if it is none.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.iter().filter(|byte| !matches!(byte, b'=' | b'\n'));
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits {
        bits = bits << 6 & 0xffff | u32::from(sextet(*digit)?);
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held & 0xff) as u8);
        }
    }
    Some(decoded)
}

fn sextet(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_are_read() {
        let mut xattrs = Vec::new();
        apply(&mut xattrs, b"SCHILY.xattr.security.capability", b"\x01\0=\n\xff");
        apply(&mut xattrs, b"LIBARCHIVE.xattr.user%2Ea%zz", b"aGk+/w");
        apply(&mut xattrs, b"SCHILY.acl.access", b"user::rwx");
        apply(&mut xattrs, b"SCHILY.xattr.", b"x");
        apply(&mut xattrs, b"LIBARCHIVE.xattr.bad", b"a*b");
        let expected = [
            Xattr { name: b"security.capability".into(), value: b"\x01\0=\n\xff".into() },
            Xattr { name: b"user.a%zz".into(), value: b"hi>\xff".into() },
        ];
        assert_eq!(xattrs, expected);
    }

    #[test]
    fn the_same_attribute_is_kept_once() {
        let mut xattrs = Vec::new();
        apply(&mut xattrs, b"LIBARCHIVE.xattr.user.a", b"b2xk");
        apply(&mut xattrs, b"SCHILY.xattr.user.a", b"new");
        assert_eq!(xattrs, [Xattr { name: b"user.a".into(), value: b"new".into() }]);
    }
}
