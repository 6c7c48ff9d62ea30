//! Names that came from beside the header.

use crate::layers::Flags;
use alloc::vec::Vec;

/// A name or link target, at most as long as the limit.
#[derive(Clone, Debug)]
pub(super) struct Name {
    bytes: Vec<u8>,
    pub(super) flags: Flags,
}

impl Name {
    /// A pax value; nothing if it is empty, which takes it back.
    pub(super) fn new(value: &[u8], limit: usize) -> Option<Self> {
        let cut = if value.len() > limit { Flags::CUT } else { Flags::default() };
        let bytes = value.iter().copied().take(limit).collect();
        (!value.is_empty()).then_some(Self { bytes, flags: cut })
    }

    /// The block of a long name (GNU), which ends at its first NUL.
    pub(super) fn long(block: &[u8], limit: usize) -> Option<Self> {
        let end = block.iter().position(|byte| *byte == 0).unwrap_or(block.len());
        let (name, rest) = block.split_at_checked(end)?;
        let mut long = Self::new(name, limit)?;
        if rest.iter().any(|byte| *byte != 0) {
            long.flags.insert(Flags::NUL);
        }
        Some(long)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l09_long_names_are_cut_and_said_to_be() {
        let name = Name::new(b"abcdef", 4).unwrap();
        assert_eq!((name.bytes(), name.flags), (&b"abcd"[..], Flags::CUT));
        let name = Name::new(b"abcd", 4).unwrap();
        assert_eq!((name.bytes(), name.flags), (&b"abcd"[..], Flags::default()));
    }

    #[test]
    fn l09_a_nul_ends_a_long_name() {
        let name = Name::long(b"ab\0\0", 9).unwrap();
        assert_eq!((name.bytes(), name.flags), (&b"ab"[..], Flags::default()));
        let name = Name::long(b"ab\0c", 9).unwrap();
        assert_eq!((name.bytes(), name.flags), (&b"ab"[..], Flags::NUL));
        assert!(Name::long(b"\0", 9).is_none());
    }
}
