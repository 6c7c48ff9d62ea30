//! The header of a gzip member.
//!
//! ```text
//! 1f 8b 08 FLG MTIME(4) XFL OS  [XLEN(2) extra]  [name 00]  [comment 00]  [CRC16(2)]
//! ```

use super::Crc;

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0xe0;
/// Length of the part that is always there.
const FIXED: usize = 10;

/// Passes over a header, and keeps nothing of it.
#[derive(Default)]
pub(super) struct Header {
    part: Part,
    flags: u8,
    crc: Crc,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    Fixed(usize),
    ExtraLength(Option<u8>),
    Extra(u16),
    Name,
    Comment,
    Checksum(Option<u8>),
    #[default]
    Nothing,
    Done,
}

impl Header {
    /// True if nothing of it came yet.
    pub(super) fn is_empty(&self) -> bool {
        self.part == Part::Nothing
    }

    /// Takes bytes; says how many belong to the header, and whether it is whole. Or where it is wrong, and how.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(usize, bool), (usize, &'static str)> {
        for (at, byte) in chunk.iter().enumerate() {
            self.byte(*byte).map_err(|reason| (at, reason))?;
            if self.part == Part::Done {
                return Ok((at + 1, true));
            }
        }
        Ok((chunk.len(), false))
    }

    fn byte(&mut self, byte: u8) -> Result<(), &'static str> {
        self.part = match self.part {
            Part::Nothing => self.fixed(0, byte)?,
            Part::Fixed(at) => self.fixed(at, byte)?,
            Part::ExtraLength(None) => Part::ExtraLength(Some(byte)),
            Part::ExtraLength(Some(low)) => match u16::from_le_bytes([low, byte]) {
                0 => self.after(FEXTRA),
                length => Part::Extra(length),
            },
            Part::Extra(1) => self.after(FEXTRA),
            Part::Extra(left) => Part::Extra(left - 1),
            Part::Name if byte == 0 => self.after(FNAME),
            Part::Comment if byte == 0 => self.after(FCOMMENT),
            Part::Checksum(None) => Part::Checksum(Some(byte)),
            Part::Checksum(Some(low)) => return self.check(u16::from_le_bytes([low, byte])),
            same @ (Part::Name | Part::Comment | Part::Done) => same,
        };
        if !matches!(self.part, Part::Checksum(Some(_))) {
            self.crc.update(&[byte]);
        }
        Ok(())
    }

    fn fixed(&mut self, at: usize, byte: u8) -> Result<Part, &'static str> {
        match (at, byte) {
            (0, 0x1f) | (1, 0x8b) | (2, 8) | (4..FIXED, _) => {}
            (0 | 1, _) => return Err("data behind the last gzip member"),
            (2, _) => return Err("unknown compression method in a gzip header"),
            (_, flags) if flags & RESERVED != 0 => return Err("reserved flags in a gzip header"),
            (_, flags) => self.flags = flags,
        }
        Ok(if at + 1 == FIXED { self.after(0) } else { Part::Fixed(at + 1) })
    }

    /// The part that follows the one with this flag.
    fn after(&self, part: u8) -> Part {
        let there = |flag: u8| self.flags & flag != 0;
        match () {
            () if part < FEXTRA && there(FEXTRA) => Part::ExtraLength(None),
            () if part < FNAME && there(FNAME) => Part::Name,
            () if part < FCOMMENT && there(FCOMMENT) => Part::Comment,
            () if there(FHCRC) => Part::Checksum(None),
            () => Part::Done,
        }
    }

    /// The lower half of the CRC-32 of what was before it.
    fn check(&mut self, expected: u16) -> Result<(), &'static str> {
        self.part = Part::Done;
        let [a, b, ..] = self.crc.value().to_le_bytes();
        if u16::from_le_bytes([a, b]) == expected { Ok(()) } else { Err("wrong CRC-16 of a gzip header") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn header(flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::from([0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 255]);
        bytes.extend_from_slice(rest);
        bytes
    }

    fn length(bytes: &[u8]) -> Result<usize, &'static str> {
        let mut header = Header::default();
        for (at, byte) in bytes.iter().enumerate() {
            if header.push(&[*byte]).map_err(|(_, reason)| reason)?.1 {
                return Ok(at + 1);
            }
        }
        Err("not whole")
    }

    #[test]
    fn all_parts_are_passed_over() {
        for (flags, rest) in [
            (0, &b""[..]),
            (FEXTRA, b"\x03\0abc"),
            (FEXTRA, b"\0\0"),
            (FNAME, b"name\0"),
            (FCOMMENT, b"\0"),
            (FEXTRA | FNAME | FCOMMENT, b"\x01\0a\0b\0"),
        ] {
            let mut bytes = header(flags, rest);
            let expected = bytes.len();
            bytes.extend_from_slice(b"more");
            assert_eq!(length(&bytes), Ok(expected), "{flags}");
            assert_eq!(Header::default().push(&bytes), Ok((expected, true)), "{flags}");
        }
    }

    #[test]
    fn the_checksum_of_a_header_counts() {
        let mut bytes = header(FHCRC | FNAME, b"n\0");
        let mut crc = Crc::default();
        crc.update(&bytes);
        let [low, high, ..] = crc.value().to_le_bytes();
        bytes.extend([low, high]);
        assert_eq!(length(&bytes), Ok(14));
        bytes[13] ^= 1;
        assert_eq!(length(&bytes), Err("wrong CRC-16 of a gzip header"));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        assert!(length(&header(0x20, b"")).is_err());
        assert!(length(b"\x1f\x8b\x07").is_err());
        assert!(length(b"\x1f\x8c").is_err());
    }
}
