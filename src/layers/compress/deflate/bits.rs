//! Bits of a deflate stream, the lowest of each byte first.

use super::{
    Stop,
    table::{Code, LONGEST, Table},
};

/// Bits that have been read and not yet used, at most 63.
#[derive(Clone, Copy, Default)]
pub(super) struct Bits {
    /// The next bit is the lowest. Above `count` there may be bits of bytes that were not read yet.
    buffer: u64,
    count: u32,
}

impl Bits {
    /// The uppermost `count` bits of a byte.
    pub(super) fn top(count: u8, byte: u8) -> Self {
        let count = u32::from(count.min(7));
        Self { buffer: u64::from(byte).checked_shr(8 - count).unwrap_or_default(), count }
    }

    /// How many there are.
    #[inline(always)]
    pub(super) fn count(self) -> u32 {
        self.count
    }

    /// Takes as many of the eight bytes at `read` as there is room for; says how many. There are at least 56 bits then.
    #[inline(always)]
    pub(super) fn refill(&mut self, input: &[u8], read: usize) -> usize {
        let Some(next) = input.get(read..).and_then(|rest| rest.first_chunk()) else { return 0 };
        self.buffer |= u64::from_le_bytes(*next) << self.count;
        let bytes = (63 - self.count) >> 3;
        self.count |= 56;
        bytes as usize
    }

    /// Takes a byte; there must be room for it.
    pub(super) fn push(&mut self, byte: u8) {
        // What is above may be there from `refill`, and would be the same.
        self.buffer = self.buffer & ((1 << self.count) - 1) | u64::from(byte) << self.count;
        self.count += 8;
    }

    /// The next bits, which may be more than there are.
    #[inline(always)]
    pub(super) fn peek(self) -> u64 {
        self.buffer
    }

    /// The next `count` bits, which must be there.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let bits = self.buffer & ((1 << count) - 1);
        self.skip(count);
        bits as u32
    }

    /// Passes over bits, which must be there.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.buffer >>= count;
        self.count -= count;
    }

    /// Gives whole bytes back, `most` at the most; says how many.
    pub(super) fn give_back(&mut self, most: usize) -> usize {
        let bytes = (self.count / 8).min(most as u32);
        self.count -= bytes * 8;
        self.buffer &= (1 << self.count) - 1;
        bytes as usize
    }

    /// The next code, if all of it is there.
    pub(super) fn code(&mut self, table: &Table) -> Result<Code, Stop> {
        let code = table.find(self.buffer & ((1 << self.count) - 1));
        if code == Code::NONE {
            return Err(if self.count < LONGEST as u32 { Stop::Input } else { Stop::Corrupt });
        }
        self.count.checked_sub(code.bits()).ok_or(Stop::Input)?;
        self.skip(code.bits());
        Ok(code)
    }

    /// The number that a code begins, if all of it is there.
    pub(super) fn number(&mut self, code: Code) -> Result<usize, Stop> {
        let (base, extra) = code.as_number().ok_or(Stop::Corrupt)?;
        self.count.checked_sub(extra).ok_or(Stop::Input)?;
        Ok(base + self.take(extra) as usize)
    }
}
