//! Huffman codes as tables, RFC 1951, section 3.2.

use super::alphabet::Alphabet;
use alloc::vec::Vec;

/// Bits of the longest code.
pub(super) const LONGEST: usize = 15;
/// Most symbols of a code.
const SYMBOLS: usize = 288;

/// What bits mean, and how many of them do.
///
/// ```text
/// literal   bit 31    byte << 16               width << 8   all
/// number              base << 16               width << 8   all    the bits behind the code are to be added to the base
/// end       bit 15, bit 14                     width << 8   all
/// more      bit 15, bit 13   first << 16       width << 8          a table for longer codes, looked up by so many bits
/// none      bit 15, bit 12
/// ```
///
/// `width` is that of the code alone, `all` that of what comes with it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u32);

impl Code {
    const LITERAL: u32 = 1 << 31;
    const OTHER: u32 = 1 << 15;
    const END: u32 = Self::OTHER | 1 << 14;
    const MORE: u32 = Self::OTHER | 1 << 13;
    pub(super) const NONE: Self = Self(Self::OTHER | 1 << 12);

    pub(super) fn literal(byte: u8) -> Self {
        Self(Self::LITERAL | u32::from(byte) << 16)
    }

    pub(super) fn end() -> Self {
        Self(Self::END)
    }

    pub(super) fn number(base: u16, extra: u8) -> Self {
        Self(u32::from(base) << 16 | u32::from(extra))
    }

    fn more(first: usize, width: usize) -> Self {
        Self(Self::MORE | (first as u32) << 16 | (width as u32) << 8)
    }

    pub(super) fn with_width(self, width: usize) -> Self {
        Self(self.0 + width as u32 * 0x101)
    }

    /// All of it: its lowest six bits are how many bits it takes, with what it adds to a number.
    #[inline(always)]
    pub(super) fn raw(self) -> u32 {
        self.0
    }

    /// How many bits it takes, with what it adds to a number.
    #[inline(always)]
    pub(super) fn all(self) -> u32 {
        self.0 & 0xff
    }

    #[inline(always)]
    pub(super) fn as_literal(self) -> Option<u8> {
        (self.0 & Self::LITERAL != 0).then_some((self.0 >> 16) as u8)
    }

    /// The number that begins the bits, if it is one.
    pub(super) fn as_number(self, bits: u64) -> Option<usize> {
        (self.0 & (Self::LITERAL | Self::OTHER) == 0).then_some(self.value(bits))
    }

    /// The same for what is known to be one.
    #[inline(always)]
    pub(super) fn value(self, bits: u64) -> usize {
        // Shifts look at the lowest five bits only, and so does the processor.
        let added = (bits as u32 & (1_u32.wrapping_shl(self.0) - 1)).wrapping_shr(self.0 >> 8);
        self.base() + added as usize
    }

    /// The number without what comes with it.
    #[inline(always)]
    pub(super) fn base(self) -> usize {
        (self.0 >> 16) as usize
    }

    /// It is neither a literal nor a number.
    #[inline(always)]
    pub(super) fn is_other(self) -> bool {
        self.0 & Self::OTHER != 0
    }

    pub(super) fn is_end(self) -> bool {
        self.0 & (Self::LITERAL | Self::END) == Self::END
    }

    fn is_more(self) -> bool {
        self.0 & (Self::LITERAL | Self::MORE) == Self::MORE
    }
}

/// What the next bits mean; `SIZE` is two to the number of bits that are looked up at once.
pub(super) struct Table<const SIZE: usize> {
    root: [Code; SIZE],
    more: Vec<Code>,
}

/// Lengths that are no code.
#[derive(Debug)]
pub(super) struct NoCode;

impl<const SIZE: usize> Table<SIZE> {
    pub(super) fn new() -> Self {
        Self { root: [Code::NONE; SIZE], more: Vec::new() }
    }

    /// What the lowest bits mean.
    pub(super) fn find(&self, bits: u64) -> Code {
        let code = self.first(bits);
        if !code.is_more() {
            return code;
        }
        let (first, width) = (code.base(), code.0 >> 8 & 15);
        let at = (bits >> SIZE.trailing_zeros()) as usize & ((1 << width) - 1);
        self.more.get(first + at).copied().unwrap_or(Code::NONE)
    }

    /// The same, but for codes that are longer than what is looked up at once.
    #[inline(always)]
    pub(super) fn first(&self, bits: u64) -> Code {
        self.root[bits as usize & (SIZE - 1)]
    }

    /// Takes the code in which symbol `n` has `lengths[n]` bits, and means what it does in its alphabet. Incomplete codes are
    /// refused, but for one with a single bit if `lone` allows it, and for one without any symbols, which nothing uses then: as
    /// zlib has it.
    pub(super) fn set(&mut self, lengths: &[u8], lone: bool, alphabet: Alphabet) -> Result<(), NoCode> {
        set(&mut self.root, &mut self.more, lengths, lone, alphabet)
    }
}

/// Goes through the codes from the shortest to the longest, while the table grows: two to the length of the code is its size,
/// so that each code has one place in it.
fn set(root: &mut [Code], more: &mut Vec<Code>, lengths: &[u8], lone: bool, alphabet: Alphabet) -> Result<(), NoCode> {
    let mut counts = [0_usize; LONGEST + 1];
    for length in lengths {
        *counts.get_mut(usize::from(*length)).ok_or(NoCode)? += 1;
    }
    let longest = (1..=LONGEST).rev().find(|length| counts[*length] > 0).unwrap_or(0);
    let left = (1..=LONGEST).try_fold(1, |left: usize, length| (left * 2).checked_sub(counts[length]));
    if left.ok_or(NoCode)? > 0 && !(longest == 0 || lone && longest == 1) {
        return Err(NoCode);
    }
    let sorted = sorted(lengths, &counts);
    let mut symbols = sorted.iter();
    let bits = root.len().trailing_zeros() as usize;
    let (mut code, mut size) = (0_u32, 1);
    root[0] = alphabet.unused();
    more.clear();
    for (length, count) in counts.iter().enumerate().take(longest + 1).skip(1) {
        code <<= 1;
        if length <= bits {
            // Whatever is not known yet does not depend on the bit that comes with this length.
            root.copy_within(..size, size);
            size *= 2;
        }
        for symbol in symbols.by_ref().take(*count) {
            let reversed = (code.reverse_bits() >> (u32::BITS - length as u32)) as usize;
            let meaning = alphabet.meaning(usize::from(*symbol)).with_width(length);
            code += 1;
            if length <= bits {
                root[reversed] = meaning;
            } else {
                put(root, more, reversed, (length, longest), meaning);
            }
        }
    }
    while size < root.len() {
        root.copy_within(..size, size);
        size *= 2;
    }
    Ok(())
}

/// Symbols with a code, the shortest first.
fn sorted(lengths: &[u8], counts: &[usize; LONGEST + 1]) -> [u16; SYMBOLS] {
    let mut at = [0; LONGEST + 2];
    for length in 1..=LONGEST {
        at[length + 1] = at[length] + counts[length];
    }
    let mut sorted = [0; SYMBOLS];
    for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        let Some(at) = at.get_mut(usize::from(*length)) else { continue };
        if let Some(slot) = sorted.get_mut(*at) {
            *slot = symbol as u16;
        }
        *at += 1;
    }
    sorted
}

/// A code that is longer than what is looked up at once.
fn put(root: &mut [Code], more: &mut Vec<Code>, reversed: usize, (length, longest): (usize, usize), code: Code) {
    let bits = root.len().trailing_zeros() as usize;
    let width = longest - bits;
    let root = &mut root[reversed & ((1 << bits) - 1)];
    if !root.is_more() {
        *root = Code::more(more.len(), width);
        more.resize(more.len() + (1 << width), Code::NONE);
    }
    let first = root.base();
    let Some(slots) = more.get_mut(first..first + (1 << width)) else { return };
    // Wherever the bits behind it do not matter.
    for slot in slots.iter_mut().skip(reversed >> bits).step_by(1 << (length - bits)) {
        *slot = code;
    }
}
