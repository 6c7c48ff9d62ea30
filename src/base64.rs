//! Base64 to bytes (RFC 4648 section 4). The library's decoder is built for speed, and 3 KB of the wasm module.

use alloc::vec::Vec;

/// What stands for 62 and 63 in descriptors.
pub(crate) const STANDARD: [u8; 2] = *b"+/";
/// What stands for them in tokens (section 5).
pub(crate) const URL_SAFE: [u8; 2] = *b"-_";

/// The bytes, with or without padding; nothing if there is another character or half a byte.
pub(crate) fn decode(text: &str, last: [u8; 2]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut held) = (0_u32, 0);
    for b in text.trim_end_matches('=').bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            _ if b == last[0] => 62,
            _ if b == last[1] => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    (held < 6).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::{
        Engine as _,
        engine::general_purpose::{STANDARD as THEIRS, URL_SAFE_NO_PAD},
    };
    use proptest::prelude::*;

    #[test]
    fn what_is_no_base64() {
        for text in ["A", "AAAAA", "A A=", "AA-_", "é", "=A"] {
            assert_eq!(decode(text, STANDARD), None, "{text}");
        }
        assert_eq!(decode("", STANDARD), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&THEIRS.encode(&bytes), STANDARD), Some(bytes.clone()));
            prop_assert_eq!(decode(&URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE), Some(bytes));
        }
    }
}
