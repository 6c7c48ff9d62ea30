//! Gzip, RFC 1952: members one after another, each a header, a deflate stream and its checksum.

mod header;
mod points;
mod resume;
mod trial;

use super::{
    Sink, corrupt,
    crc::Crc,
    inflate::{Halt, Inflate, Step, WINDOW, new_inflate},
};
use crate::{Error, LayerError, layers::Checkpoint};
use alloc::{boxed::Box, vec, vec::Vec};
use header::Header;
use points::Points;

/// Room for what is inflated at once, behind the window.
const ROOM: usize = 256 << 10;
/// With less room than this it begins anew behind the window.
const TIGHT: usize = 1 << 10;

/// Decompresses gzip members.
pub(super) struct Gzip {
    state: State,
    inflate: Box<dyn Inflate>,
    /// What was inflated last; a new member begins at its beginning, so that no match reaches back beyond it.
    buffer: Vec<u8>,
    at: usize,
    input: u64,
    output: u64,
    member: Member,
    points: Points,
    /// The byte read last.
    last: u8,
}

enum State {
    Header(Header),
    Body,
    Trailer(Vec<u8>),
    /// Zeros behind the last member, up to the end.
    Padding,
}

/// What the trailer says of a member.
#[derive(Default)]
struct Member {
    crc: Crc,
    /// Modulo 2^32, as the trailer has it.
    size: u32,
    /// Not all of it passed here, so that its trailer says nothing.
    begun_before: bool,
}

impl Gzip {
    pub(super) fn new(checkpoints: bool) -> Self {
        let points = Points::new(checkpoints);
        Self {
            state: State::Header(Header::default()),
            inflate: new_inflate(),
            buffer: vec![0; WINDOW + ROOM],
            at: 0,
            input: 0,
            output: 0,
            member: Member::default(),
            points,
            last: 0,
        }
    }

    pub(super) fn push(&mut self, mut chunk: &[u8], sink: &mut dyn Sink) -> Result<(), Error> {
        while !chunk.is_empty() {
            let before = self.input;
            self.step(chunk, sink)?;
            let read = usize::try_from(self.input - before).unwrap_or(chunk.len());
            chunk = chunk.get(read..).unwrap_or_default();
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Error> {
        match &self.state {
            State::Padding => Ok(()),
            State::Header(header) if header.is_empty() && self.input > 0 => Ok(()),
            _ => Err(corrupt(self.input, "the gzip stream ends too early")),
        }
    }

    pub(super) fn take_checkpoints(&mut self) -> Vec<Checkpoint> {
        self.points.take()
    }

    fn step(&mut self, chunk: &[u8], sink: &mut dyn Sink) -> Result<(), Error> {
        match &mut self.state {
            State::Header(header) => {
                if self.input > 0 && header.is_empty() && chunk.first() == Some(&0) {
                    self.state = State::Padding;
                    return Ok(());
                }
                if header.is_empty() {
                    self.points.member(self.input, self.output);
                }
                let (read, done) =
                    header.push(chunk).map_err(|(at, reason)| corrupt(self.input + at as u64, reason))?;
                self.input += read as u64;
                if done {
                    self.begin();
                }
                Ok(())
            }
            State::Body => self.inflate(chunk, sink),
            State::Trailer(trailer) => {
                let missing = 8_usize.saturating_sub(trailer.len()).min(chunk.len());
                trailer.extend(chunk.iter().take(missing));
                self.input += missing as u64;
                match <[u8; 8]>::try_from(trailer.as_slice()) {
                    Ok(trailer) => self.close(trailer),
                    Err(_) => Ok(()),
                }
            }
            State::Padding => {
                if let Some(stray) = chunk.iter().position(|byte| *byte != 0) {
                    return Err(corrupt(self.input + stray as u64, "data behind the last gzip member"));
                }
                self.input += chunk.len() as u64;
                Ok(())
            }
        }
    }

    fn begin(&mut self) {
        self.inflate.reset();
        self.member.crc.reset();
        (self.member.size, self.member.begun_before) = (0, false);
        self.at = 0;
        self.state = State::Body;
    }

    fn inflate(&mut self, mut chunk: &[u8], sink: &mut dyn Sink) -> Result<(), Error> {
        loop {
            self.make_room();
            let pause = self.points.wants_block(self.input);
            let Step { read, written, halt } = self.inflate.inflate(chunk, &mut self.buffer, self.at, pause);
            let (taken, rest) = chunk.split_at_checked(read).unwrap_or((chunk, &[]));
            chunk = rest;
            self.last = taken.last().copied().unwrap_or(self.last);
            self.input += read as u64;
            self.points.follow(taken, self.buffer.get(self.at..self.at + written).unwrap_or_default(), halt);
            self.emit(written, sink)?;
            match halt {
                // How far it had read is the inflater's own affair; what came out before is not.
                Halt::Corrupt => {
                    return Err(
                        LayerError { offset: self.output, unpacked: true, reason: "invalid deflate data" }.into()
                    );
                }
                Halt::End => {
                    self.state = State::Trailer(Vec::new());
                    return Ok(());
                }
                Halt::Block => {
                    let window = self.buffer.get(self.at.saturating_sub(WINDOW)..self.at).unwrap_or_default();
                    self.points.block(self.input, self.output, self.inflate.bits_left(), self.last, window);
                }
                // There may be output left when the input is used up.
                Halt::More if chunk.is_empty() && self.at < self.buffer.len() => return Ok(()),
                Halt::More => {}
            }
        }
    }

    fn emit(&mut self, written: usize, sink: &mut dyn Sink) -> Result<(), Error> {
        let bytes = self.buffer.get(self.at..self.at + written).unwrap_or_default();
        self.at += written;
        self.output += written as u64;
        self.member.crc.update(bytes);
        self.member.size = self.member.size.wrapping_add(written as u32);
        if bytes.is_empty() { Ok(()) } else { sink.take(bytes, self.input) }
    }

    /// Keeps the window, and makes room behind it.
    fn make_room(&mut self) {
        if self.buffer.len() - self.at < TIGHT {
            self.buffer.copy_within(self.at - WINDOW..self.at, 0);
            self.at = WINDOW;
        }
    }

    fn close(&mut self, trailer: [u8; 8]) -> Result<(), Error> {
        let [a, b, c, d, size @ ..] = trailer;
        self.state = State::Header(Header::default());
        if self.member.begun_before {
            return Ok(());
        }
        if u32::from_le_bytes([a, b, c, d]) != self.member.crc.value() {
            return Err(corrupt(self.input - 8, "wrong CRC-32 of a gzip member"));
        }
        if u32::from_le_bytes(size) != self.member.size {
            return Err(corrupt(self.input - 4, "wrong size of a gzip member"));
        }
        Ok(())
    }
}
