//! Eight bytes at a time, with tables that are made when they are first needed: in a module that is downloaded, tables of
//! random-looking numbers are the most expensive thing there is.

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

/// Entry `n` of table `k`: the CRC of byte `n` with `k` zeros behind it.
#[derive(Clone)]
struct Tables([[u32; 256]; 8]);

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
        let mut tables = [[0; 256]; 8];
        for byte in 0..=u8::MAX {
            let mut value = u32::from(byte);
            for table in &mut tables {
                value = bitwise(value);
                table[usize::from(byte)] = value;
            }
        }
        Self(tables)
    }

    fn update(&self, state: u32, bytes: &[u8]) -> u32 {
        let (words, rest) = bytes.as_chunks::<8>();
        let state = words.iter().fold(state, |state, word| self.word(u64::from_le_bytes(*word) ^ u64::from(state)));
        rest.iter().fold(state, |state, byte| {
            let [low, ..] = state.to_le_bytes();
            self.0[0][usize::from(low ^ byte)] ^ (state >> 8)
        })
    }

    #[inline(always)]
    fn word(&self, word: u64) -> u32 {
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &self.0;
        let at = |shift: u32| (word >> shift) as usize & 0xff;
        let low = t7[at(0)] ^ t6[at(8)] ^ t5[at(16)] ^ t4[at(24)];
        low ^ t3[at(32)] ^ t2[at(40)] ^ t1[at(48)] ^ t0[at(56)]
    }
}
