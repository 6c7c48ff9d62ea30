//! Raw deflate, RFC 1951, in few bytes of code: for modules that are downloaded.
//!
//! Two loops do it. One takes a symbol at a time and stops anywhere, for what is near the end of the input or of the room. The
//! other has enough of both for a whole symbol, and so asks for neither. What it accepts is what zlib accepts.

mod alphabet;
mod bits;
mod run;
mod table;
#[cfg(test)]
mod tests;

use super::inflate::{Halt, Inflate, Step};
use alphabet::Alphabet;
use bits::Bits;
use run::{Run, WORD};
use table::{NoCode, Table};

/// Places of the lengths of the code for lengths.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// The longest match.
const MATCH: usize = 258;
/// Most bits of a distance with what is added to it.
const DISTANCE_BITS: u32 = 15 + 13;
/// Input for a symbol with all of its parts, read in words.
const AHEAD: usize = 16;
/// Literals in a row, before it has to look for more bits: with a length they fit the 56 bits that there are.
const LITERALS: usize = 3;
/// Room for literals, a match, and what copying it in words writes behind it.
const MARGIN: usize = LITERALS + 1 + MATCH + WORD;

/// An inflater that knows at which bit it is.
pub(super) struct Deflate {
    bits: Bits,
    phase: Phase,
    /// The block under way is the last.
    last: bool,
    literals: Table<{ 1 << 11 }>,
    distances: Table<{ 1 << 8 }>,
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
    Literal(u8),
    /// A length came, and its distance did not.
    Distance(usize),
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
                    self.literals.set(lengths, false, Alphabet::Lengths)?;
                    self.lengths = [0; 316];
                    self.phase = Phase::Lengths(0);
                }
                Phase::Lengths(at) => self.lengths(run, at)?,
                Phase::Symbols => {
                    self.fast(run)?;
                    if matches!(self.phase, Phase::Symbols)
                        && self.symbol(run)?
                        && let Some(halt) = self.end_block(pause)
                    {
                        return Ok(halt);
                    }
                }
                Phase::Literal(byte) => {
                    *run.buffer.get_mut(run.at).ok_or(Stop::Room)? = byte;
                    run.at += 1;
                    self.phase = Phase::Symbols;
                }
                Phase::Distance(length) => {
                    let (_, distance) = run.code(&mut self.bits, &self.distances)?;
                    let distance = distance.filter(|distance| *distance <= run.at).ok_or(Stop::Corrupt)?;
                    self.phase = Phase::Match(length, distance);
                }
                Phase::Match(length, distance) => {
                    let room = run.buffer.len() - run.at;
                    run.copy(length.min(room), distance);
                    if length > room {
                        self.phase = Phase::Match(length - room, distance);
                        return Err(Stop::Room);
                    }
                    self.phase = Phase::Symbols;
                    // Here, too, since what has one caller becomes a part of it, and this needs all registers for itself.
                    self.fast(run)?;
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
        self.literals.set(&lengths, false, Alphabet::Literals)?;
        self.distances.set(&[5; 32], false, Alphabet::Distances)?;
        Ok(Phase::Symbols)
    }

    fn dynamic(&mut self) -> Result<Phase, Stop> {
        let (literals, distances) = self.lengths.split_at_checked(self.counts.0).ok_or(Stop::Corrupt)?;
        let distances = distances.get(..self.counts.1 - self.counts.0).ok_or(Stop::Corrupt)?;
        if literals.get(alphabet::END).is_none_or(|length| *length == 0) {
            return Err(Stop::Corrupt);
        }
        self.literals.set(literals, true, Alphabet::Literals)?;
        self.distances.set(distances, true, Alphabet::Distances)?;
        Ok(Phase::Symbols)
    }

    /// The lengths from this one on.
    fn lengths(&mut self, run: &mut Run<'_>, mut at: usize) -> Result<(), Stop> {
        while at < self.counts.1 {
            let (code, number) = run.code(&mut self.bits, &self.literals)?;
            let (symbol, number) = (code.base(), number.ok_or(Stop::Corrupt)?);
            let extra = number - symbol;
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
            match self.lengths.get_mut(at..end).ok_or(Stop::Corrupt)? {
                // The most frequent cases, without a call.
                [slot] => *slot = length,
                _ if length == 0 => {}
                slots => slots.fill(length),
            }
            at = end;
            self.phase = Phase::Lengths(at);
        }
        self.phase = self.dynamic()?;
        Ok(())
    }

    /// Symbols while there is more than enough input and room, up to one that is left to the others.
    fn fast(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        let Self { literals, distances, phase, .. } = self;
        let (mut bits, mut at) = (self.bits, run.at);
        let mut input = run.input.get(run.read..).unwrap_or_default();
        let buffer = &mut *run.buffer;
        let ended = loop {
            let Some((_, room)) = buffer.split_at_mut_checked(at) else { break Ok(()) };
            let Some(room) = room.first_chunk_mut::<MARGIN>() else { break Ok(()) };
            let Some(ahead) = input.first_chunk::<AHEAD>() else { break Ok(()) };
            let mut read = bits.refill(ahead, 0);
            let mut code = literals.first(bits.peek());
            let mut taken = 0;
            while taken <= LITERALS {
                let Some(byte) = code.as_literal() else { break };
                bits.pass(code);
                room[taken] = byte;
                taken += 1;
                code = literals.first(bits.peek());
            }
            at += taken;
            if taken > LITERALS || code.is_other() {
                input = input.get(read..).unwrap_or_default();
                if taken > LITERALS { continue } else { break Ok(()) }
            }
            let length = code.value(bits.peek());
            bits.pass(code);
            if bits.count() < DISTANCE_BITS {
                read += bits.refill(ahead, read);
            }
            input = input.get(read..).unwrap_or_default();
            let code = distances.first(bits.peek());
            if code.is_other() {
                *phase = Phase::Distance(length);
                break Ok(());
            }
            let distance = code.value(bits.peek());
            if distance > at {
                break Err(Stop::Corrupt);
            }
            bits.pass(code);
            run::copy(buffer, at, distance, at + length);
            at += length;
        };
        run.read = run.input.len() - input.len();
        run.read -= bits.give_back(run.read);
        run.at = at;
        self.bits = bits;
        ended
    }

    /// Finds out what the next symbol is; true if the block ended.
    fn symbol(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        let (code, length) = run.code(&mut self.bits, &self.literals)?;
        if let Some(byte) = code.as_literal() {
            self.phase = Phase::Literal(byte);
        } else if let Some(length) = length {
            self.phase = Phase::Distance(length);
        } else if !code.is_end() {
            return Err(Stop::Corrupt);
        }
        Ok(code.is_end())
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
