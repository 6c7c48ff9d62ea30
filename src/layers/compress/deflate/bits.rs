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
    /// Of this only the lowest six bits count while codes are passed over.
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
        self.count & 63
    }

    /// Takes as many of the eight bytes at `read`, which is 7 at the most, as there is room for; says how many. There are at
    /// least 56 bits then.
    #[inline(always)]
    pub(super) fn refill(&mut self, input: &[u8; 16], read: usize) -> usize {
        let Some(next) = input.get(read & 7..).and_then(|rest| rest.first_chunk()) else { return 0 };
        self.buffer |= u64::from_le_bytes(*next).wrapping_shl(self.count);
        let bytes = !self.count >> 3 & 7;
        self.count |= 56;
        bytes as usize
    }

    /// Takes a byte; there must be room for it.
    pub(super) fn push(&mut self, byte: u8) {
        // What is above may be there from `refill`, and would be the same.
        self.buffer = self.buffer & ((1 << self.count) - 1) | u64::from(byte) << self.count;
        self.count += 8;
    }

    /// Passes over a code with what comes with it, all of which must be there.
    #[inline(always)]
    pub(super) fn pass(&mut self, code: Code) {
        self.buffer = self.buffer.wrapping_shr(code.raw());
        self.count = self.count.wrapping_sub(code.raw());
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
        let bytes = (self.count() / 8).min(most as u32);
        self.count = self.count() - bytes * 8;
        self.buffer &= (1 << self.count) - 1;
        bytes as usize
    }

    /// The next code with what comes with it, and the number if it is one; if all of it is there.
    pub(super) fn code<const SIZE: usize>(&mut self, table: &Table<SIZE>) -> Result<(Code, Option<usize>), Stop> {
        let code = table.find(self.buffer & ((1 << self.count) - 1));
        if code == Code::NONE {
            return Err(if self.count < LONGEST as u32 { Stop::Input } else { Stop::Corrupt });
        }
        let number = code.as_number(self.buffer);
        self.count.checked_sub(code.all()).ok_or(Stop::Input)?;
        self.skip(code.all());
        Ok((code, number))
    }
}
