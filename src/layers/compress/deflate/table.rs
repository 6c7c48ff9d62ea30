//! Huffman codes as tables, RFC 1951, section 3.2.

use alloc::{boxed::Box, vec::Vec};

/// Bits of the longest code.
pub(super) const LONGEST: usize = 15;
/// Bits that are looked up at once.
const ROOT: usize = 10;
const SIZE: usize = 1 << ROOT;

/// What bits mean, and how many of them do.
///
/// ```text
/// literal   bit 31    byte << 16                  bits
/// end       bit 30                                bits
/// more      bit 29    first << 12   width << 8            a table for longer codes
/// none      bit 28
/// number              base << 12    extra << 8    bits    so many extra bits are to be added to the base
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u32);

impl Code {
    const LITERAL: u32 = 1 << 31;
    const END: u32 = 1 << 30;
    const MORE: u32 = 1 << 29;
    pub(super) const NONE: Self = Self(1 << 28);

    pub(super) fn literal(byte: u8) -> Self {
        Self(Self::LITERAL | u32::from(byte) << 16)
    }

    pub(super) fn end() -> Self {
        Self(Self::END)
    }

    pub(super) fn number(base: u16, extra: u8) -> Self {
        Self(u32::from(base) << 12 | u32::from(extra) << 8)
    }

    fn more(first: usize, width: usize) -> Self {
        Self(Self::MORE | (first as u32) << 12 | (width as u32) << 8)
    }

    /// How many bits it takes; 0 if there is no such code.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 & 0xff
    }

    #[inline(always)]
    pub(super) fn as_literal(self) -> Option<u8> {
        (self.0 & Self::LITERAL != 0).then_some((self.0 >> 16) as u8)
    }

    /// Base and number of extra bits.
    #[inline(always)]
    pub(super) fn as_number(self) -> Option<(usize, u32)> {
        (self.0 >> 28 == 0).then_some(((self.0 >> 12) as usize, self.0 >> 8 & 15))
    }

    #[inline(always)]
    pub(super) fn is_end(self) -> bool {
        self.0 & Self::END != 0
    }
}

/// What the next bits mean.
pub(super) struct Table {
    root: Box<[Code; SIZE]>,
    more: Vec<Code>,
}

/// Lengths that are no code.
#[derive(Debug)]
pub(super) struct NoCode;

impl Table {
    pub(super) fn new() -> Self {
        Self { root: Box::new([Code::NONE; SIZE]), more: Vec::new() }
    }

    /// What the lowest bits mean.
    #[inline(always)]
    pub(super) fn find(&self, bits: u64) -> Code {
        self.follow(self.first(bits), bits)
    }

    /// The same, but for codes that are longer than what is looked up at once: see `follow`.
    #[inline(always)]
    pub(super) fn first(&self, bits: u64) -> Code {
        self.root[bits as usize & (SIZE - 1)]
    }

    /// What `first` found, followed to its end.
    #[inline(always)]
    pub(super) fn follow(&self, code: Code, bits: u64) -> Code {
        if code.0 & Code::MORE == 0 {
            return code;
        }
        let (first, width) = (code.0 >> 12 & 0xffff, code.0 >> 8 & 15);
        let at = (bits >> ROOT) as usize & ((1 << width) - 1);
        self.more.get(first as usize + at).copied().unwrap_or(Code::NONE)
    }

    /// Takes the code in which symbol `n` has `lengths[n]` bits, and means `meaning(n)`. Incomplete codes are refused, but for
    /// one with a single bit if `lone` allows it, and for one without any symbols, which nothing uses then: as zlib has it.
    pub(super) fn set(&mut self, lengths: &[u8], lone: bool, meaning: impl Fn(usize) -> Code) -> Result<(), NoCode> {
        let mut counts = [0_usize; LONGEST + 1];
        for length in lengths {
            *counts.get_mut(usize::from(*length)).ok_or(NoCode)? += 1;
        }
        let longest = (1..=LONGEST).rev().find(|length| counts[*length] > 0).unwrap_or(0);
        let left = (1..=LONGEST).try_fold(1, |left: usize, length| (left * 2).checked_sub(counts[length]));
        if left.ok_or(NoCode)? > 0 && !(longest == 0 || lone && longest == 1) {
            return Err(NoCode);
        }
        self.root.fill(Code::NONE);
        self.more.clear();
        let mut next = [0_u32; LONGEST + 2];
        for length in 1..=LONGEST {
            next[length + 1] = (next[length] + counts[length] as u32) << 1;
        }
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let length = usize::from(*length);
            let Some(code) = next.get_mut(length) else { continue };
            let reversed = code.reverse_bits() >> (u32::BITS - length as u32);
            *code += 1;
            self.put(reversed as usize, length, longest, Code(meaning(symbol).0 | length as u32));
        }
        Ok(())
    }

    fn put(&mut self, reversed: usize, length: usize, longest: usize, code: Code) {
        if length <= ROOT {
            return fill(&mut *self.root, reversed, 1 << length, code);
        }
        let width = longest - ROOT;
        let root = &mut self.root[reversed & (SIZE - 1)];
        if root.0 & Code::MORE == 0 {
            *root = Code::more(self.more.len(), width);
            self.more.resize(self.more.len() + (1 << width), Code::NONE);
        }
        let first = (root.0 >> 12 & 0xffff) as usize;
        if let Some(slots) = self.more.get_mut(first..first + (1 << width)) {
            fill(slots, reversed >> ROOT, 1 << (length - ROOT), code);
        }
    }
}

/// Puts a code wherever the bits behind it do not matter.
fn fill(slots: &mut [Code], mut at: usize, step: usize, code: Code) {
    while let Some(slot) = slots.get_mut(at) {
        *slot = code;
        at += step;
    }
}
