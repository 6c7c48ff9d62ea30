//! Sparse files of GNU tar: which parts of a file are stored. The rest is holes.
//!
//! | format | where the parts are named |
//! |---|---|
//! | old GNU | in the header (4), then in blocks behind it (21 each) |
//! | pax 0.0 | `GNU.sparse.offset` and `GNU.sparse.numbytes`, again and again |
//! | pax 0.1 | `GNU.sparse.map`, numbers with commas |
//! | pax 1.0 | at the beginning of the body: numbers with line feeds, filled up to a block |
//!
//! The parts must follow each other inside of the file and of its body.

use super::{
    name::Name,
    number::{decimal, number},
};
use crate::layers::Region;
use alloc::{vec, vec::Vec};

/// Parts of a file in their order; those without a byte are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    regions: Vec<Region>,
    end: u64,
    stored: u64,
}

const DISORDER: &str = "the parts of a sparse file are out of order";
const MALFORMED: &str = "malformed map of a sparse file";

impl Parts {
    /// Adds a part.
    pub(super) fn push(&mut self, offset: u64, length: u64) -> Result<(), &'static str> {
        if offset < self.end {
            return Err(DISORDER);
        }
        self.end = offset.checked_add(length).ok_or(DISORDER)?;
        self.stored = self.stored.saturating_add(length);
        if length > 0 {
            self.regions.push(Region { offset, length });
        }
        Ok(())
    }

    /// Checks them against the size of the file and of its body.
    pub(super) fn check(&self, size: u64, stored: u64) -> Result<(), &'static str> {
        match () {
            () if self.end > size => Err("a sparse file has parts behind its end"),
            () if self.stored > stored => Err("a sparse file has more parts than its body"),
            () => Ok(()),
        }
    }

    /// Bytes that they take.
    pub(super) fn memory(&self) -> usize {
        size_of_val(self.regions.as_slice())
    }

    /// The parts; where there is none, one of length 0.
    pub(super) fn into_regions(self) -> Vec<Region> {
        if self.regions.is_empty() { vec![Region { offset: 0, length: 0 }] } else { self.regions }
    }

    /// Adds the parts of a table (old GNU); an entry of length 0 at offset 0 is free.
    pub(super) fn table(&mut self, table: &[u8]) -> Result<(), &'static str> {
        for entry in table.chunks_exact(24) {
            let (offset, length) = entry.split_at_checked(12).ok_or(MALFORMED)?;
            if length.first() == Some(&0) {
                break;
            }
            let read = |field| number(field).and_then(|value| u64::try_from(value).ok()).ok_or(MALFORMED);
            self.push(read(offset)?, read(length)?)?;
        }
        Ok(())
    }
}

/// What pax records say of a sparse file.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    major: Option<u64>,
    minor: Option<u64>,
    pub(super) name: Option<Name>,
    /// Size with the holes.
    pub(super) size: Option<u64>,
    pub(super) parts: Parts,
    /// An offset whose length is to come.
    offset: Option<u64>,
}

impl Claim {
    /// True if the map is at the beginning of the body.
    pub(super) fn in_body(&self) -> bool {
        (self.major, self.minor) == (Some(1), Some(0))
    }

    /// Takes a record, named without `GNU.sparse.`.
    pub(super) fn apply(&mut self, keyword: &[u8], value: &[u8], limit: usize) -> Result<(), &'static str> {
        let number = || decimal(value).ok_or(MALFORMED);
        match keyword {
            b"major" => self.major = Some(number()?),
            b"minor" => self.minor = Some(number()?),
            b"name" => self.name = Name::new(value, limit),
            b"size" | b"realsize" => self.size = Some(number()?),
            b"offset" => self.offset = Some(number()?),
            b"numbytes" => self.parts.push(self.offset.take().ok_or(MALFORMED)?, number()?)?,
            b"map" => self.parts = map(value)?,
            _ => {}
        }
        Ok(())
    }
}

fn map(text: &[u8]) -> Result<Parts, &'static str> {
    let mut parts = Parts::default();
    let mut numbers = text.split(|byte| *byte == b',').map(|digits| decimal(digits).ok_or(MALFORMED));
    while let Some(offset) = numbers.next().filter(|_| !text.is_empty()) {
        parts.push(offset?, numbers.next().ok_or(MALFORMED)??)?;
    }
    Ok(parts)
}

/// The map at the beginning of a body (pax 1.0), read as it comes.
#[derive(Debug, Default)]
pub(super) struct BodyMap {
    pub(super) parts: Parts,
    /// Bytes read, the filling of the last block among them.
    pub(super) length: u64,
    digits: u8,
    value: u64,
    /// Numbers still to come, once their count was read.
    missing: Option<u64>,
    offset: Option<u64>,
}

impl BodyMap {
    /// Takes bytes, and says how many belong to the map.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<usize, &'static str> {
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_whole() {
                return Ok(at);
            }
            self.length += 1;
            if self.missing != Some(0) {
                self.byte(*byte)?;
            }
        }
        Ok(bytes.len())
    }

    /// True if all of it was read, up to the end of its last block.
    pub(super) fn is_whole(&self) -> bool {
        self.missing == Some(0) && self.length.is_multiple_of(512)
    }

    fn byte(&mut self, byte: u8) -> Result<(), &'static str> {
        match byte {
            b'0'..=b'9' => {
                let value = self.value.checked_mul(10).and_then(|value| value.checked_add(u64::from(byte - b'0')));
                self.value = value.ok_or(MALFORMED)?;
                self.digits = self.digits.saturating_add(1);
                Ok(())
            }
            b'\n' if self.digits > 0 => {
                self.digits = 0;
                let value = core::mem::take(&mut self.value);
                self.number(value)
            }
            _ => Err(MALFORMED),
        }
    }

    fn number(&mut self, value: u64) -> Result<(), &'static str> {
        let Some(missing) = &mut self.missing else {
            self.missing = Some(value.checked_mul(2).ok_or(MALFORMED)?);
            return Ok(());
        };
        *missing -= 1;
        match self.offset.take() {
            None => self.offset = Some(value),
            Some(offset) => self.parts.push(offset, value)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l08_parts_must_follow_each_other() {
        let mut parts = Parts::default();
        parts.push(0, 512).unwrap();
        parts.push(1024, 512).unwrap();
        assert_eq!(parts.check(1536, 1024), Ok(()));
        assert!(parts.check(1535, 1024).is_err());
        assert!(parts.check(1536, 1023).is_err());
        assert!(parts.push(1000, 1).is_err());
        assert!(parts.push(u64::MAX, 1).is_err());
    }

    #[test]
    fn maps_of_all_pax_formats_say_the_same() {
        let regions = [Region { offset: 0, length: 1024 }, Region { offset: 4608, length: 512 }];
        let expected = Parts { regions: regions.to_vec(), end: 5120, stored: 1536 };
        let mut claim = Claim::default();
        for (keyword, value) in [("offset", "0"), ("numbytes", "1024"), ("offset", "4608"), ("numbytes", "512")] {
            claim.apply(keyword.as_bytes(), value.as_bytes(), 9).unwrap();
        }
        assert_eq!(claim.parts, expected);
        assert_eq!(map(b"0,1024,4608,512"), Ok(expected.clone()));
        let mut body = Vec::from(*b"2\n0\n1024\n4608\n512\n");
        body.resize(520, b'x');
        let mut whole = BodyMap::default();
        assert_eq!((whole.push(&body), whole.is_whole(), &whole.parts), (Ok(512), true, &expected));
        let mut pieces = BodyMap::default();
        let read: usize = body.chunks(1).map(|byte| pieces.push(byte).unwrap()).sum();
        assert_eq!((read, pieces.parts), (512, expected));
    }

    #[test]
    fn l08_maps_that_are_none_are_refused() {
        for text in ["1", "1,", ",", "1,2,3", "a,b", "0,10,5,10", "-1,2"] {
            assert!(map(text.as_bytes()).is_err(), "{text}");
        }
        for text in ["x", "\n", "1\n\n", "1\n0,5", "99999999999999999999\n", "9999999999999999999\n", "2\n5\n5\n0\n5\n"]
        {
            assert!(BodyMap::default().push(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(map(b""), Ok(Parts::default()));
        assert_eq!(Parts::default().into_regions(), [Region { offset: 0, length: 0 }]);
        let mut numbytes_first = Claim::default();
        assert!(numbytes_first.apply(b"numbytes", b"1", 9).is_err());
    }
}
