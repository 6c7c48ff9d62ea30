//! Without instructions that multiply polynomials: words are folded into later ones until few are left, and these go through
//! tables. The tables are made when they are first needed: in a module that is downloaded, tables of random-looking numbers
//! are the most expensive thing there is.

use alloc::boxed::Box;

const POLYNOMIAL: u32 = 0xedb8_8320;
/// With less than this it goes bit by bit, and no tables are made.
const LITTLE: usize = 64;
/// With less blocks than this folding does not pay.
const MANY: usize = 16;
/// Words that are folded at once.
const BLOCK: usize = 128;
/// How many words later a word appears again, once for each of these, when it is taken away. The polynomial divides
/// `x^300 + x^155 + x^117 + x^89 + 1`; and so it divides that with `x^64` for `x`, since squaring is linear here.
const LATER: [usize; 4] = [145, 183, 211, 300];
const SPAN: usize = 300;
/// Blocks of which something still appears in what comes then.
const TAIL: usize = SPAN.div_ceil(BLOCK);

/// A running CRC.
#[derive(Clone, Default)]
pub(in super::super) struct Crc {
    value: u32,
    tables: Option<Box<Tables>>,
}

#[derive(Clone)]
struct Tables {
    /// Entry `n` of table `k`: the CRC of byte `n` with `k` zeros behind it.
    bytes: [[u32; 256]; 8],
    /// Words that were folded, and how they appear in later ones.
    folded: [u64; SPAN + 8 * BLOCK],
}

impl Crc {
    /// Takes the next bytes.
    pub(in super::super) fn update(&mut self, bytes: &[u8]) {
        let state = !self.value;
        let state = match &mut self.tables {
            Some(tables) => tables.update(state, bytes),
            None if bytes.len() < LITTLE => bytes.iter().fold(state, |state, byte| bitwise(state ^ u32::from(*byte))),
            none => none.insert(Box::new(Tables::new())).update(state, bytes),
        };
        self.value = !state;
    }

    /// The CRC of all bytes so far.
    pub(in super::super) fn value(&self) -> u32 {
        self.value
    }

    /// Begins anew.
    pub(in super::super) fn reset(&mut self) {
        self.value = 0;
    }
}

/// Moves the state on by eight bits.
fn bitwise(state: u32) -> u32 {
    (0..8).fold(state, |state, _| if state & 1 == 1 { (state >> 1) ^ POLYNOMIAL } else { state >> 1 })
}

impl Tables {
    fn new() -> Self {
        let mut bytes = [[0; 256]; 8];
        for byte in 0..=u8::MAX {
            let mut value = u32::from(byte);
            for table in &mut bytes {
                value = bitwise(value);
                table[usize::from(byte)] = value;
            }
        }
        Self { bytes, folded: [0; SPAN + 8 * BLOCK] }
    }

    fn update(&mut self, state: u32, bytes: &[u8]) -> u32 {
        let (blocks, rest) = bytes.as_chunks::<{ 8 * BLOCK }>();
        let (state, rest) = if blocks.len() < MANY { (state, bytes) } else { (self.fold(state, blocks), rest) };
        let (words, rest) = rest.as_chunks::<8>();
        let state = words.iter().fold(state, |state, word| self.word(state, u64::from_le_bytes(*word)));
        rest.iter().fold(state, |state, byte| {
            let [low, ..] = state.to_le_bytes();
            self.bytes[0][usize::from(low ^ byte)] ^ (state >> 8)
        })
    }

    /// The state behind blocks: each is folded into those behind it, and what is left of the last ones goes through the tables.
    fn fold(&mut self, state: u32, blocks: &[[u8; 8 * BLOCK]]) -> u32 {
        let mut first = u64::from(state);
        let mut state = 0;
        let mut at = SPAN;
        if let Some(before) = self.folded.first_chunk_mut::<SPAN>() {
            before.fill(0);
        }
        for (number, block) in blocks.iter().enumerate() {
            if at == self.folded.len() {
                self.folded.copy_within(at - SPAN.., 0);
                at = SPAN;
            }
            let (before, now) = self.folded.split_at_mut(at);
            let [a, b, c, d] =
                LATER.map(|later| before.get(at - later..).and_then(|words| words.first_chunk::<BLOCK>()));
            let (Some(a), Some(b), Some(c), Some(d), Some(now)) = (a, b, c, d, now.first_chunk_mut::<BLOCK>()) else {
                break;
            };
            let (words, _) = block.as_chunks::<8>();
            for (((((now, word), a), b), c), d) in now.iter_mut().zip(words).zip(a).zip(b).zip(c).zip(d) {
                *now = u64::from_le_bytes(*word) ^ a ^ b ^ c ^ d ^ first;
                first = 0;
            }
            if number + TAIL >= blocks.len() {
                let words = *now;
                now.fill(0);
                state = words.iter().fold(state, |state, word| self.word(state, *word));
            }
            at += BLOCK;
        }
        state
    }

    /// The state behind a word.
    #[inline(always)]
    fn word(&self, state: u32, word: u64) -> u32 {
        let word = word ^ u64::from(state);
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &self.bytes;
        let at = |shift: u32| (word >> shift) as usize & 0xff;
        let low = t7[at(0)] ^ t6[at(8)] ^ t5[at(16)] ^ t4[at(24)];
        low ^ t3[at(32)] ^ t2[at(40)] ^ t1[at(48)] ^ t0[at(56)]
    }
}

#[cfg(test)]
mod tests {
    use super::{LATER, SPAN, bitwise};

    #[test]
    fn words_appear_again_where_the_polynomial_says_so() {
        // What a bit comes to when so many words, here bits, follow it: bits are shifted to the right.
        let behind = |count: usize| {
            (0..count).fold(
                1_u32 << 31,
                |state, _| if state & 1 == 1 { (state >> 1) ^ super::POLYNOMIAL } else { state >> 1 },
            )
        };
        assert_eq!(LATER.iter().fold(0, |sum, later| sum ^ behind(SPAN - later)), behind(SPAN));
        assert_eq!(behind(8), bitwise(1 << 31));
    }
}
