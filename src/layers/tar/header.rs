//! A header block, as v7, ustar (POSIX.1-1988) and GNU lay it out.
//!
//! ```text
//!   0 name 100   100 mode 8   108 uid 8   116 gid 8   124 size 12   136 mtime 12   148 checksum 8   156 type 1   157 link 100
//! 257 magic 6    263 version 2    265 owner 32    297 group 32    329 major 8    337 minor 8    345 prefix 155
//! GNU:  386 sparse 4 x 24   482 more headers follow   483 real size 12
//! ```

use super::number::number;

/// Length of a block.
pub(super) const BLOCK: usize = 512;

/// Bytes that fill up the last block of a body.
pub(super) fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

/// A view of a header block.
#[derive(Clone, Copy)]
pub(super) struct Header<'a>(&'a [u8; BLOCK]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Gnu,
    /// Ustar with a shorter prefix, by Schily's tar.
    Star,
    Ustar,
    V7,
}

impl<'a> Header<'a> {
    pub(super) fn new(block: &'a [u8; BLOCK]) -> Self {
        Self(block)
    }

    /// True for the block that ends an archive.
    pub(super) fn is_zero(self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// True if the sum of all bytes is the one that the header says. Some old writers added up signed bytes.
    pub(super) fn is_intact(self) -> bool {
        let Some(said) = number(self.field(148, 8)) else { return false };
        let sum = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(*byte)).sum::<i64>();
        // The field itself counts as spaces.
        let spaces = 8 * i64::from(b' ');
        let unsigned = sum(self.0) - sum(self.field(148, 8)) + spaces;
        let high = |bytes: &[u8]| bytes.iter().filter(|byte| **byte >= 0x80).map(|_| 256).sum::<i64>();
        said == unsigned || said == unsigned - high(self.0) + high(self.field(148, 8))
    }

    pub(super) fn kind(self) -> u8 {
        self.0[156]
    }

    /// The name, after its prefix if there is one.
    pub(super) fn write_name(self, out: &mut alloc::vec::Vec<u8>) {
        let prefix = match self.layout() {
            Layout::Ustar => text(self.field(345, 155)),
            Layout::Star => text(self.field(345, 131)),
            Layout::Gnu | Layout::V7 => b"",
        };
        if !prefix.is_empty() {
            out.extend_from_slice(prefix);
            out.push(b'/');
        }
        out.extend_from_slice(text(self.field(0, 100)));
    }

    pub(super) fn link(self) -> &'a [u8] {
        text(self.field(157, 100))
    }

    pub(super) fn mode(self) -> Option<i64> {
        number(self.field(100, 8))
    }

    pub(super) fn uid(self) -> Option<i64> {
        number(self.field(108, 8))
    }

    pub(super) fn gid(self) -> Option<i64> {
        number(self.field(116, 8))
    }

    /// Nothing if it is no number, or a negative one.
    pub(super) fn size(self) -> Option<u64> {
        number(self.field(124, 12)).and_then(|size| u64::try_from(size).ok())
    }

    pub(super) fn mtime(self) -> Option<i64> {
        number(self.field(136, 12))
    }

    /// Major and minor number of a device; v7 has none.
    pub(super) fn device(self) -> Option<(i64, i64)> {
        match self.layout() {
            Layout::V7 => Some((0, 0)),
            _ => Some((number(self.field(329, 8))?, number(self.field(337, 8))?)),
        }
    }

    /// Parts of a sparse file (old GNU).
    pub(super) fn parts(self) -> &'a [u8] {
        self.field(386, 4 * 24)
    }

    /// True if blocks with more parts follow.
    pub(super) fn has_more_parts(self) -> bool {
        self.0[482] != 0
    }

    /// Size of a sparse file with its holes (old GNU).
    pub(super) fn real_size(self) -> Option<u64> {
        number(self.field(483, 12)).and_then(|size| u64::try_from(size).ok())
    }

    fn layout(self) -> Layout {
        match self.field(257, 8) {
            b"ustar  \0" => Layout::Gnu,
            magic if magic.starts_with(b"ustar\0") && self.field(508, 4) == b"tar\0" => Layout::Star,
            magic if magic.starts_with(b"ustar\0") => Layout::Ustar,
            _ => Layout::V7,
        }
    }

    fn field(self, at: usize, length: usize) -> &'a [u8] {
        self.0.get(at..at + length).unwrap_or_default()
    }
}

/// A text field up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}
