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
        let mut words = bytes.chunks_exact(8);
        let state = words.by_ref().fold(state, |state, word| self.word(state, word));
        words.remainder().iter().fold(state, |state, byte| self.byte(state, *byte))
    }

    fn byte(&self, state: u32, byte: u8) -> u32 {
        let [low, ..] = state.to_le_bytes();
        self.0[0][usize::from(low ^ byte)] ^ (state >> 8)
    }

    fn word(&self, state: u32, word: &[u8]) -> u32 {
        let [a, b, c, d] = state.to_le_bytes();
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &self.0;
        match word {
            [e, f, g, h, i, j, k, l] => {
                t7[usize::from(a ^ e)]
                    ^ t6[usize::from(b ^ f)]
                    ^ t5[usize::from(c ^ g)]
                    ^ t4[usize::from(d ^ h)]
                    ^ t3[usize::from(*i)]
                    ^ t2[usize::from(*j)]
                    ^ t1[usize::from(*k)]
                    ^ t0[usize::from(*l)]
            }
            _ => state,
        }
    }
}
