//! Eight bytes at a time, with tables that are made when they are first needed: in a module that is downloaded, tables of
//! random-looking numbers are the most expensive thing there is.

use std::sync::OnceLock;

/// Entry `n` of table `k`: the CRC of byte `n` with `k` zeros behind it.
struct Tables([[u32; 256]; 8]);

const POLYNOMIAL: u32 = 0xedb8_8320;

/// The CRC of what had `crc`, and then `bytes`.
pub(super) fn continued(crc: u32, bytes: &[u8]) -> u32 {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    let tables = TABLES.get_or_init(Tables::new);
    let mut words = bytes.chunks_exact(8);
    let state = words.by_ref().fold(!crc, |state, word| tables.word(state, word));
    !words.remainder().iter().fold(state, |state, byte| tables.byte(state, *byte))
}

impl Tables {
    fn new() -> Self {
        let mut tables = [[0; 256]; 8];
        for byte in 0..=u8::MAX {
            let mut value = u32::from(byte);
            for table in &mut tables {
                value =
                    (0..8).fold(value, |value, _| if value & 1 == 1 { (value >> 1) ^ POLYNOMIAL } else { value >> 1 });
                table[usize::from(byte)] = value;
            }
        }
        Self(tables)
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
