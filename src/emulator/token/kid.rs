//! The name of a key, in the form that ACR's tokens have it.

use alloc::string::String;
use sha2::{Digest as _, Sha256};

/// RFC 4648 section 6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Twelve groups of four: the first 240 bits of the key's SHA-256 in base 32.
pub(super) fn of(public_key: &[u8]) -> String {
    let digest = Sha256::digest(public_key);
    let mut out = String::new();
    for (at, five) in digest.chunks_exact(5).take(6).enumerate() {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for letter in 0..8_u32 {
            if letter % 4 == 0 && (at, letter) != (0, 0) {
                out.push(':');
            }
            let index = usize::try_from(bits >> (35 - 5 * letter) & 31).unwrap_or_default();
            out.push(ALPHABET.get(index).map_or('A', |letter| char::from(*letter)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_have_twelve_groups() {
        let kid = super::of(b"key");
        let groups: alloc::vec::Vec<&str> = kid.split(':').collect();
        assert_eq!(groups.len(), 12, "{kid}");
        assert!(groups.iter().all(|group| group.len() == 4), "{kid}");
        // printf key | sha256sum | xxd -r -p | base32
        assert!(kid.starts_with("FRYO:CK32:"), "{kid}");
    }
}
