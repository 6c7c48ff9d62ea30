//! Raw deflate, RFC 1951, in few bytes of code: for modules that are downloaded.
//!
//! Two loops do it. One takes a symbol at a time and stops anywhere, for what is near the end of the input or of the room. The
//! other has enough of both for a whole symbol, and so asks for neither. What it accepts is what zlib accepts.

mod bits;
mod table;
#[cfg(test)]
mod tests;

use super::inflate::{Halt, Inflate, Step};
use bits::Bits;
use table::{Code, NoCode, Table};

/// Codes for lengths and distances: base and extra bits.
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
/// Places of the lengths of the code for lengths.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END: usize = 256;
/// The longest match.
const MATCH: usize = 258;
/// Most bits of a length with what is added to it, and of a distance.
const LENGTH_BITS: u32 = 15 + 5;
const DISTANCE_BITS: u32 = 15 + 13;
/// Input for a symbol with all of its parts, read in words.
const AHEAD: usize = 16;
/// Room for as many literals as fit the bits at hand, a match, and what copying it in words writes behind it.
const MARGIN: usize = 64 + MATCH + 16;

/// An inflater that knows at which bit it is.
pub(super) struct Deflate {
    bits: Bits,
    phase: Phase,
    /// The block under way is the last.
    last: bool,
    literals: Table,
    distances: Table,
    /// Lengths of the codes of the block that begins: literals first, then distances.
    lengths: [u8; 286 + 30],
    /// How many of these are literals, and how many there are.
    counts: (usize, usize),
}

#[derive(Clone, Copy)]
enum Phase {
    Header,
    StoredLength,
    Stored(usize),
    Counts,
    /// Lengths of the code for lengths: how many there are, and how many came.
    Code(usize, usize),
    /// How many lengths came.
    Lengths(usize),
    Symbols,
    /// What is left of a match that had no room: length and distance.
    Match(usize, usize),
    End,
}

/// Why it does not go on.
enum Stop {
    Corrupt,
    Input,
    Room,
}

impl From<NoCode> for Stop {
    fn from(_: NoCode) -> Self {
        Self::Corrupt
    }
}

enum Symbol {
    End,
    Literal(u8),
    Match(usize, usize),
}

/// What one call works on.
struct Run<'a> {
    input: &'a [u8],
    read: usize,
    buffer: &'a mut [u8],
    at: usize,
}

impl Deflate {
    /// Begins at a block, of which the uppermost `bits` bits of `byte` are the first.
    pub(super) fn at_block(bits: u8, byte: u8) -> Self {
        Self {
            bits: Bits::top(bits, byte),
            phase: Phase::Header,
            last: false,
            literals: Table::new(),
            distances: Table::new(),
            lengths: [0; 316],
            counts: (0, 0),
        }
    }

    fn go(&mut self, run: &mut Run<'_>, pause: bool) -> Result<Halt, Stop> {
        loop {
            match self.phase {
                Phase::Header => {
                    let header = self.need(run, 3)?;
                    self.last = header & 1 != 0;
                    self.phase = match header >> 1 {
                        0 => Phase::StoredLength,
                        1 => self.fixed()?,
                        2 => Phase::Counts,
                        _ => return Err(Stop::Corrupt),
                    };
                }
                Phase::StoredLength => {
                    self.bits.skip(self.bits.count() % 8);
                    let both = self.need(run, 32)?;
                    let (length, inverse) = (both & 0xffff, both >> 16);
                    if length != !inverse & 0xffff {
                        return Err(Stop::Corrupt);
                    }
                    self.phase = Phase::Stored(length as usize);
                }
                Phase::Stored(0) => {
                    if let Some(halt) = self.end_block(pause) {
                        return Ok(halt);
                    }
                }
                Phase::Stored(left) => self.phase = Phase::Stored(left - run.copy_input(left)?),
                Phase::Counts => {
                    let counts = self.need(run, 14)? as usize;
                    let (literals, distances) = ((counts & 31) + 257, (counts >> 5 & 31) + 1);
                    if literals > 286 || distances > 30 {
                        return Err(Stop::Corrupt);
                    }
                    self.counts = (literals, literals + distances);
                    self.lengths = [0; 316];
                    self.phase = Phase::Code((counts >> 10) + 4, 0);
                }
                Phase::Code(count, at) if at < count => {
                    let length = self.need(run, 3)?;
                    if let Some(slot) = ORDER.get(at).and_then(|place| self.lengths.get_mut(usize::from(*place))) {
                        *slot = length as u8;
                    }
                    self.phase = Phase::Code(count, at + 1);
                }
                Phase::Code(..) => {
                    let lengths = self.lengths.first_chunk::<19>().ok_or(Stop::Corrupt)?;
                    self.literals.set(lengths, false, |symbol| Code::number(symbol as u16, repeat(symbol)))?;
                    self.phase = Phase::Lengths(0);
                }
                Phase::Lengths(at) if at < self.counts.1 => self.lengths(run, at)?,
                Phase::Lengths(_) => self.phase = self.dynamic()?,
                Phase::Symbols => {
                    if (self.fast(run)? || self.slow(run)?)
                        && let Some(halt) = self.end_block(pause)
                    {
                        return Ok(halt);
                    }
                }
                Phase::Match(length, distance) => {
                    let room = run.buffer.len() - run.at;
                    run.copy(length.min(room), distance);
                    if length > room {
                        self.phase = Phase::Match(length - room, distance);
                        return Err(Stop::Room);
                    }
                    self.phase = Phase::Symbols;
                }
                Phase::End => return Ok(Halt::End),
            }
        }
    }

    /// The next bits, as soon as they are there. Reads no byte that it does not need.
    fn need(&mut self, run: &mut Run<'_>, count: u32) -> Result<u32, Stop> {
        while self.bits.count() < count {
            self.bits.push(run.byte()?);
        }
        Ok(self.bits.take(count))
    }

    fn end_block(&mut self, pause: bool) -> Option<Halt> {
        self.phase = if self.last { Phase::End } else { Phase::Header };
        if self.last { Some(Halt::End) } else { pause.then_some(Halt::Block) }
    }

    fn fixed(&mut self) -> Result<Phase, Stop> {
        let length = |symbol| match symbol {
            0..144 | 280..288 => 8,
            144..256 => 9,
            _ => 7,
        };
        let lengths: [u8; 288] = core::array::from_fn(length);
        self.literals.set(&lengths, false, literal)?;
        self.distances.set(&[5; 32], false, distance)?;
        Ok(Phase::Symbols)
    }

    fn dynamic(&mut self) -> Result<Phase, Stop> {
        let (literals, distances) = self.lengths.split_at_checked(self.counts.0).ok_or(Stop::Corrupt)?;
        let distances = distances.get(..self.counts.1 - self.counts.0).ok_or(Stop::Corrupt)?;
        if literals.get(END).is_none_or(|length| *length == 0) {
            return Err(Stop::Corrupt);
        }
        self.literals.set(literals, true, literal)?;
        self.distances.set(distances, true, distance)?;
        Ok(Phase::Symbols)
    }

    /// One symbol of the code for lengths.
    fn lengths(&mut self, run: &mut Run<'_>, at: usize) -> Result<(), Stop> {
        let (bits, symbol, extra) = loop {
            match self.length() {
                Err(Stop::Input) => self.bits.push(run.byte()?),
                other => break other?,
            }
        };
        self.bits = bits;
        let (length, count) = match symbol {
            16 => (*at.checked_sub(1).and_then(|at| self.lengths.get(at)).ok_or(Stop::Corrupt)?, 3 + extra),
            17 => (0, 3 + extra),
            18 => (0, 11 + extra),
            length => (length as u8, 1),
        };
        let end = at + count;
        if end > self.counts.1 {
            return Err(Stop::Corrupt);
        }
        self.lengths.get_mut(at..end).ok_or(Stop::Corrupt)?.fill(length);
        self.phase = Phase::Lengths(end);
        Ok(())
    }

    /// The next symbol of the code for lengths, what is to be added to it, and the bits behind it.
    fn length(&self) -> Result<(Bits, usize, usize), Stop> {
        let mut bits = self.bits;
        let code = bits.code(&self.literals)?;
        let symbol = code.as_number().ok_or(Stop::Corrupt)?.0;
        let extra = bits.number(code)? - symbol;
        Ok((bits, symbol, extra))
    }

    /// Symbols while there is more than enough input and room; true if the block ended.
    fn fast(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        let mut bits = self.bits;
        let (mut read, mut at) = (run.read, run.at);
        let (input, buffer) = (run.input, &mut *run.buffer);
        let ended = 'symbols: loop {
            if input.len() - read < AHEAD || buffer.len() - at < MARGIN {
                break Ok(false);
            }
            read += bits.refill(input, read);
            let code = loop {
                let mut code = self.literals.first(bits.peek());
                if code.as_literal().is_none() {
                    code = self.literals.follow(code, bits.peek());
                }
                let Some(byte) = code.as_literal() else { break code };
                bits.skip(code.bits());
                put(buffer, &mut at, byte);
                if bits.count() < LENGTH_BITS {
                    continue 'symbols;
                }
            };
            let Some((base, extra)) = code.as_number() else {
                bits.skip(code.bits());
                break if code.is_end() { Ok(true) } else { Err(Stop::Corrupt) };
            };
            bits.skip(code.bits());
            let length = base + bits.take(extra) as usize;
            if bits.count() < DISTANCE_BITS {
                read += bits.refill(input, read);
            }
            let code = self.distances.find(bits.peek());
            let Some((base, extra)) = code.as_number() else { break Err(Stop::Corrupt) };
            bits.skip(code.bits());
            let distance = base + bits.take(extra) as usize;
            if distance > at {
                break Err(Stop::Corrupt);
            }
            copy_words(buffer, at, distance, length);
            at += length;
        };
        read -= bits.give_back(read - run.read);
        self.bits = bits;
        (run.read, run.at) = (read, at);
        ended
    }

    /// One symbol, or as much of it as there is; true if the block ended.
    fn slow(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        loop {
            match self.symbol() {
                Ok((bits, Symbol::End)) => {
                    self.bits = bits;
                    return Ok(true);
                }
                Ok((bits, Symbol::Literal(byte))) => {
                    *run.buffer.get_mut(run.at).ok_or(Stop::Room)? = byte;
                    run.at += 1;
                    self.bits = bits;
                    return Ok(false);
                }
                Ok((bits, Symbol::Match(length, distance))) => {
                    if distance > run.at {
                        return Err(Stop::Corrupt);
                    }
                    self.bits = bits;
                    self.phase = Phase::Match(length, distance);
                    return Ok(false);
                }
                Err(Stop::Input) => self.bits.push(run.byte()?),
                Err(stop) => return Err(stop),
            }
        }
    }

    /// The next symbol, and the bits behind it.
    fn symbol(&self) -> Result<(Bits, Symbol), Stop> {
        let mut bits = self.bits;
        let code = bits.code(&self.literals)?;
        if let Some(byte) = code.as_literal() {
            return Ok((bits, Symbol::Literal(byte)));
        }
        if code.is_end() {
            return Ok((bits, Symbol::End));
        }
        let length = bits.number(code)?;
        let code = bits.code(&self.distances)?;
        let distance = bits.number(code)?;
        Ok((bits, Symbol::Match(length, distance)))
    }
}

impl Run<'_> {
    fn byte(&mut self) -> Result<u8, Stop> {
        let byte = *self.input.get(self.read).ok_or(Stop::Input)?;
        self.read += 1;
        Ok(byte)
    }

    /// Copies up to `count` bytes from the input; says how many.
    fn copy_input(&mut self, count: usize) -> Result<usize, Stop> {
        let input = self.input.get(self.read..).filter(|input| !input.is_empty()).ok_or(Stop::Input)?;
        let room = self.buffer.get_mut(self.at..).filter(|room| !room.is_empty()).ok_or(Stop::Room)?;
        let count = count.min(input.len()).min(room.len());
        room.iter_mut().zip(input).take(count).for_each(|(to, from)| *to = *from);
        self.read += count;
        self.at += count;
        Ok(count)
    }

    /// Copies what was `distance` before.
    fn copy(&mut self, count: usize, distance: usize) {
        for at in self.at..self.at + count {
            let byte = self.buffer.get(at - distance).copied().unwrap_or_default();
            if let Some(slot) = self.buffer.get_mut(at) {
                *slot = byte;
            }
        }
        self.at += count;
    }
}

impl Inflate for Deflate {
    fn inflate(&mut self, input: &[u8], buffer: &mut [u8], at: usize, pause: bool) -> Step {
        let mut run = Run { input, read: 0, at: at.min(buffer.len()), buffer };
        let halt = match self.go(&mut run, pause) {
            Ok(halt) => halt,
            Err(Stop::Corrupt) => Halt::Corrupt,
            Err(Stop::Input | Stop::Room) => Halt::More,
        };
        Step { read: run.read, written: run.at - at, halt }
    }

    fn bits_left(&self) -> Option<u8> {
        u8::try_from(self.bits.count()).ok()
    }

    fn reset(&mut self) {
        (self.bits, self.phase, self.last) = (Bits::default(), Phase::Header, false);
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

#[inline(always)]
fn put(buffer: &mut [u8], at: &mut usize, byte: u8) {
    if let Some(slot) = buffer.get_mut(*at) {
        *slot = byte;
        *at += 1;
    }
}

/// Copies a match, and possibly some bytes more.
#[inline(always)]
fn copy_words(buffer: &mut [u8], at: usize, distance: usize, length: usize) {
    let end = at + length;
    if distance >= 16 {
        copy_by::<16>(buffer, at, distance, end);
    } else if distance >= 8 {
        copy_by::<8>(buffer, at, distance, end);
    } else {
        copy_by::<1>(buffer, at, distance, end);
    }
}

#[inline(always)]
fn copy_by<const N: usize>(buffer: &mut [u8], mut at: usize, distance: usize, end: usize) {
    while at < end {
        let word = buffer.get(at - distance..).and_then(|rest| rest.first_chunk::<N>()).copied();
        let slot = buffer.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<N>());
        if let (Some(word), Some(slot)) = (word, slot) {
            *slot = word;
        }
        at += N;
    }
}
