//! What symbols mean, RFC 1951, section 3.2.5.

use super::table::Code;

/// The symbol that ends a block.
pub(super) const END: usize = 256;
/// Base and extra bits of each length.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

/// Whose symbols they are.
#[derive(Clone, Copy)]
pub(super) enum Alphabet {
    /// Literals, the end, and lengths of matches.
    Literals,
    /// Distances of matches.
    Distances,
    /// Lengths of the codes of the others.
    Lengths,
}

impl Alphabet {
    /// What bits mean that no symbol has. Where there is no length at all, each is a length of nothing, as zlib has it: what is wrong
    /// with that shows at the end of them.
    pub(super) fn unused(self) -> Code {
        match self {
            Self::Literals | Self::Distances => Code::NONE,
            Self::Lengths => Code::number(0, 0).with_width(1),
        }
    }

    /// What a symbol of it means.
    pub(super) fn meaning(self, symbol: usize) -> Code {
        match self {
            Self::Literals => literal(symbol),
            Self::Distances => distance(symbol),
            Self::Lengths => Code::number(symbol as u16, repeat(symbol)),
        }
    }
}

fn literal(symbol: usize) -> Code {
    match u8::try_from(symbol) {
        Ok(byte) => Code::literal(byte),
        Err(_) if symbol == END => Code::end(),
        Err(_) => LENGTHS.get(symbol - END - 1).map_or(Code::NONE, |(base, extra)| Code::number(*base, *extra)),
    }
}

fn distance(symbol: usize) -> Code {
    match symbol {
        0..4 => Code::number(symbol as u16 + 1, 0),
        4..30 => {
            let extra = symbol / 2 - 1;
            Code::number(((2 + symbol % 2) << extra) as u16 + 1, extra as u8)
        }
        _ => Code::NONE,
    }
}

/// Bits that follow a symbol of the code for lengths.
fn repeat(symbol: usize) -> u8 {
    match symbol {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}
