//! The two streams of an index, read without trust: nothing is allocated for a length before its bytes are there.

use super::IndexError;
use crate::layers::compress::inflate::{Halt, Inflate, Step, WINDOW, at_block};
use crate::{LimitExceeded, Limits};
use alloc::{boxed::Box, vec, vec::Vec};

/// Room for what is inflated at once, behind what the inflater looks back on.
const ROOM: usize = 32 << 10;

/// What an index may take beside what comes of it.
const SLACK: u64 = 1 << 20;

const SHORT: IndexError = IndexError::Malformed("it ends too early");
const NUMBER: IndexError = IndexError::Malformed("a number is too large");

/// What is not deflated.
pub(super) struct Plain<'a>(&'a [u8]);

impl<'a> Plain<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&mut self, length: u64) -> Result<&'a [u8], IndexError> {
        let length = usize::try_from(length).map_err(|_| SHORT)?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(SHORT)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], IndexError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(SHORT)?;
        self.0 = rest;
        Ok(*bytes)
    }

    pub(super) fn varint(&mut self) -> Result<u64, IndexError> {
        varint(|| self.array::<1>().map(|[byte]| byte))
    }

    pub(super) fn text(&mut self) -> Result<&'a str, IndexError> {
        let length = self.varint()?;
        core::str::from_utf8(self.bytes(length)?).map_err(|_| IndexError::Malformed("a text is not UTF-8"))
    }

    pub(super) fn finish(self) -> Result<(), IndexError> {
        if self.0.is_empty() { Ok(()) } else { Err(IndexError::Malformed("something follows its end")) }
    }
}

/// What is deflated, inflated as it is asked for.
pub(super) struct Packed<'a> {
    input: &'a [u8],
    inflate: Box<dyn Inflate>,
    buffer: Box<[u8]>,
    /// What was inflated and not yet read lies between.
    begin: usize,
    end: usize,
    ended: bool,
    budget: u64,
    limit: LimitExceeded,
}

impl<'a> Packed<'a> {
    pub(super) fn new(input: &'a [u8], limits: &Limits) -> Self {
        // What is inflated and what is kept of it both count, so that whatever was listed under these limits fits.
        let budget = (limits.listing as u64).saturating_mul(2).saturating_add(SLACK);
        let limit = LimitExceeded { which: "memory of an index", limit: budget };
        let buffer = vec![0; WINDOW + ROOM].into_boxed_slice();
        Self { input, inflate: at_block(0, 0), buffer, begin: 0, end: 0, ended: false, budget, limit }
    }

    /// Pays for memory that is about to be taken.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), IndexError> {
        self.budget = self.budget.checked_sub(bytes as u64).ok_or_else(|| IndexError::Limit(self.limit.clone()))?;
        Ok(())
    }

    pub(super) fn byte(&mut self) -> Result<u8, IndexError> {
        let byte = self.ready()?.first().copied().ok_or(SHORT)?;
        self.begin += 1;
        Ok(byte)
    }

    pub(super) fn varint(&mut self) -> Result<u64, IndexError> {
        varint(|| self.byte())
    }

    /// A number that must fit its type.
    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Result<T, IndexError> {
        T::try_from(self.varint()?).map_err(|_| NUMBER)
    }

    /// Appends a column of so many numbers, none above `limit`; of bytes where there is none.
    pub(super) fn column(&mut self, rows: usize, limit: Option<u64>, out: &mut Vec<u64>) -> Result<(), IndexError> {
        for _ in 0..rows {
            let number = match limit {
                Some(limit) => Some(self.varint()?).filter(|number| *number <= limit).ok_or(NUMBER)?,
                None => self.byte()?.into(),
            };
            out.push(number);
        }
        Ok(())
    }

    /// Appends `length` bytes to `out`.
    pub(super) fn bytes(&mut self, length: u64, out: &mut Vec<u8>) -> Result<(), IndexError> {
        let mut left = length;
        while left > 0 {
            let ready = self.ready()?;
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(ready.len());
            out.extend_from_slice(ready.get(..taken).unwrap_or_default());
            self.begin += taken;
            left -= taken as u64;
        }
        Ok(())
    }

    /// A length of at most `limit`, and so many bytes.
    pub(super) fn string(&mut self, limit: usize) -> Result<Vec<u8>, IndexError> {
        let length = self.varint()?;
        if length > limit as u64 {
            return Err(IndexError::Malformed("a text is too long"));
        }
        let mut out = Vec::new();
        self.bytes(length, &mut out)?;
        Ok(out)
    }

    /// All has been read: the stream must end here too.
    pub(super) fn finish(mut self) -> Result<(), IndexError> {
        let more = self.ready().map(|_| ());
        match more {
            Err(error) if error == SHORT && self.ended && self.input.is_empty() => Ok(()),
            Err(error) => Err(error),
            Ok(()) => Err(IndexError::Malformed("something follows its end")),
        }
    }

    /// What is inflated and not read, at least a byte.
    fn ready(&mut self) -> Result<&[u8], IndexError> {
        while self.begin == self.end {
            if self.ended {
                return Err(SHORT);
            }
            self.inflate_more()?;
        }
        Ok(self.buffer.get(self.begin..self.end).unwrap_or_default())
    }

    fn inflate_more(&mut self) -> Result<(), IndexError> {
        if self.end == self.buffer.len() {
            self.buffer.copy_within(self.end - WINDOW.., 0);
            self.end = WINDOW;
        }
        let Step { read, written, halt } = self.inflate.inflate(self.input, &mut self.buffer, self.end, false);
        self.input = self.input.get(read..).unwrap_or_default();
        (self.begin, self.end) = (self.end, self.end + written);
        self.charge(written)?;
        match halt {
            Halt::Corrupt => return Err(IndexError::Malformed("its columns do not inflate")),
            Halt::End => self.ended = true,
            Halt::More if self.input.is_empty() && self.end < self.buffer.len() => return Err(SHORT),
            Halt::Block | Halt::More => {}
        }
        Ok(())
    }
}

fn varint(mut next: impl FnMut() -> Result<u8, IndexError>) -> Result<u64, IndexError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = next()?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(NUMBER);
        }
        value |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(NUMBER)
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}
