//! Which compression it is.

use crate::Compression;
use alloc::vec::Vec;

const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The magic number of a zstd frame.
pub(super) const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// What follows the first byte, 0x50 to 0x5f, of a skippable frame.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];

/// Waits for the first bytes of a layer.
#[derive(Default)]
pub(super) struct Sniff {
    begun: Vec<u8>,
}

impl Sniff {
    /// Takes bytes, and says what the layer is as soon as they tell.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Option<Compression> {
        self.begun.extend_from_slice(chunk);
        compression(&self.begun)
    }

    /// What was pushed.
    pub(super) fn take(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.begun)
    }
}

/// True if a skippable zstd frame begins so.
pub(super) fn is_skippable(first: u8, rest: &[u8]) -> bool {
    (0x50..=0x5f).contains(&first) && rest.starts_with(&SKIPPABLE)
}

fn compression(begun: &[u8]) -> Option<Compression> {
    match begun {
        begun if begun.starts_with(&GZIP) => Some(Compression::Gzip),
        begun if begun.starts_with(&ZSTD) => Some(Compression::Zstd),
        [first, rest @ ..] if is_skippable(*first, rest) => Some(Compression::Zstd),
        begun if begun.len() < ZSTD.len() => None,
        _ => Some(Compression::Uncompressed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l04_the_first_bytes_decide() {
        for (bytes, expected) in [
            (&b"\x1f\x8b"[..], Some(Compression::Gzip)),
            (b"\x28\xb5\x2f\xfd", Some(Compression::Zstd)),
            (b"\x5a\x2a\x4d\x18", Some(Compression::Zstd)),
            (b"\x60\x2a\x4d\x18", Some(Compression::Uncompressed)),
            (b"etc/", Some(Compression::Uncompressed)),
            (b"\x28\xb5\x2f", None),
            (b"\x1f", None),
            (b"", None),
        ] {
            assert_eq!(compression(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn bytes_may_come_one_by_one() {
        let mut sniff = Sniff::default();
        assert_eq!(sniff.push(b"\x1f"), None);
        assert_eq!(sniff.push(b"\x8b"), Some(Compression::Gzip));
        assert_eq!(sniff.take(), b"\x1f\x8b");
    }
}
