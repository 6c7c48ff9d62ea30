//! Words of eight bytes, four of them at a time, with tables that are made when they are first needed: in a module that is
//! downloaded, tables of random-looking numbers are the most expensive thing there is.

use alloc::boxed::Box;

const POLYNOMIAL: u32 = 0xedb8_8320;
/// With less than this it goes bit by bit, and no tables are made.
const LITTLE: usize = 64;

/// A running CRC.
#[derive(Clone, Default)]
pub(in super::super) struct Crc {
    value: u32,
    tables: Option<Box<Tables>>,
}

/// Words that are taken at once, each by a CRC of its own: the steps of one would have to wait for each other.
const BRAIDS: usize = 4;

/// Entry `n` of table `k`: the CRC of byte `n` with `k` zeros behind it; and the same with a round of braids behind the word.
#[derive(Clone)]
struct Tables {
    near: Table,
    far: Table,
}

type Table = [[u32; 256]; 8];

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
        let (mut near, mut far) = ([[0; 256]; 8], [[0; 256]; 8]);
        for byte in 0..=u8::MAX {
            let mut value = u32::from(byte);
            let mut next = |table: &mut Table| {
                for row in table {
                    value = bitwise(value);
                    row[usize::from(byte)] = value;
                }
            };
            next(&mut near);
            (1..BRAIDS).for_each(|_| next(&mut far));
        }
        Self { near, far }
    }

    fn update(&self, state: u32, bytes: &[u8]) -> u32 {
        let (words, rest) = bytes.as_chunks::<8>();
        let (rounds, tail) = words.as_chunks::<BRAIDS>();
        let mut braids = [state, 0, 0, 0];
        if let Some((last, rounds)) = rounds.split_last() {
            for [a, b, c, d] in rounds {
                let [p, q, r, s] = braids;
                braids = [
                    behind(&self.far, p, a),
                    behind(&self.far, q, b),
                    behind(&self.far, r, c),
                    behind(&self.far, s, d),
                ];
            }
            let [p, q, r, s] = braids;
            let [a, b, c, d] = last;
            let state = behind(&self.near, p, a);
            let state = behind(&self.near, state ^ q, b);
            let state = behind(&self.near, state ^ r, c);
            braids[0] = behind(&self.near, state ^ s, d);
        }
        let state = tail.iter().fold(braids[0], |state, word| behind(&self.near, state, word));
        rest.iter().fold(state, |state, byte| {
            let [low, ..] = state.to_le_bytes();
            self.near[0][usize::from(low ^ byte)] ^ (state >> 8)
        })
    }
}

/// The state behind a word, and behind what the table stands for.
#[inline(always)]
fn behind(table: &Table, state: u32, word: &[u8; 8]) -> u32 {
    let word = u64::from_le_bytes(*word) ^ u64::from(state);
    let [t0, t1, t2, t3, t4, t5, t6, t7] = table;
    let at = |shift: u32| (word >> shift) as usize & 0xff;
    let low = t7[at(0)] ^ t6[at(8)] ^ t5[at(16)] ^ t4[at(24)];
    low ^ t3[at(32)] ^ t2[at(40)] ^ t1[at(48)] ^ t0[at(56)]
}
