//! Input and output of one call.

use super::{
    Stop,
    bits::Bits,
    table::{Code, Table},
};

/// Bytes that a match is copied by.
pub(super) const WORD: usize = 32;

/// What one call works on.
pub(super) struct Run<'a> {
    pub(super) input: &'a [u8],
    pub(super) read: usize,
    pub(super) buffer: &'a mut [u8],
    pub(super) at: usize,
}

impl Run<'_> {
    pub(super) fn byte(&mut self) -> Result<u8, Stop> {
        let byte = *self.input.get(self.read).ok_or(Stop::Input)?;
        self.read += 1;
        Ok(byte)
    }

    /// The next code and its number, as soon as all of it is there. Reads no byte that it does not need.
    pub(super) fn code<const SIZE: usize>(
        &mut self,
        bits: &mut Bits,
        table: &Table<SIZE>,
    ) -> Result<(Code, Option<usize>), Stop> {
        if let Some(ahead) = self.input.get(self.read..).and_then(|rest| rest.first_chunk()) {
            let read = bits.refill(ahead, 0);
            let found = bits.code(table);
            self.read += read - bits.give_back(read);
            return found;
        }
        loop {
            match bits.code(table) {
                Err(Stop::Input) => bits.push(self.byte()?),
                found => return found,
            }
        }
    }

    /// Copies up to `count` bytes from the input; says how many.
    pub(super) fn copy_input(&mut self, count: usize) -> Result<usize, Stop> {
        let input = self.input.get(self.read..).filter(|input| !input.is_empty()).ok_or(Stop::Input)?;
        let room = self.buffer.get_mut(self.at..).filter(|room| !room.is_empty()).ok_or(Stop::Room)?;
        let count = count.min(input.len()).min(room.len());
        room.iter_mut().zip(input).take(count).for_each(|(to, from)| *to = *from);
        self.read += count;
        self.at += count;
        Ok(count)
    }

    /// Copies what was `distance` before.
    pub(super) fn copy(&mut self, count: usize, distance: usize) {
        for at in self.at..self.at + count {
            copy_word::<1>(self.buffer, at, distance);
        }
        self.at += count;
    }
}

/// Copies a match, and possibly some bytes more.
#[inline(always)]
pub(super) fn copy(buffer: &mut [u8], mut at: usize, distance: usize, end: usize) {
    if distance >= WORD {
        while at < end {
            copy_word::<WORD>(buffer, at, distance);
            at += WORD;
        }
        return;
    }
    // What repeats after a few bytes repeats after a multiple of them, which is 8 or more.
    let mut back = distance;
    while back < 8 {
        back += distance;
    }
    if back > distance {
        let begun = at + back;
        while at < begun {
            copy_word::<1>(buffer, at, distance);
            at += 1;
        }
    }
    while at < end {
        copy_word::<8>(buffer, at, back);
        at += 8;
    }
}

/// Copies `N` bytes that were `distance` before, which is no less than `N`.
#[inline(always)]
fn copy_word<const N: usize>(buffer: &mut [u8], at: usize, distance: usize) {
    let Some((before, behind)) = buffer.split_at_mut_checked(at) else { return };
    let from = at.checked_sub(distance).and_then(|from| before.get(from..)).and_then(|from| from.first_chunk::<N>());
    if let (Some(from), Some(to)) = (from, behind.first_chunk_mut::<N>()) {
        *to = *from;
    }
}
