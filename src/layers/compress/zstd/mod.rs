//! Zstandard, RFC 8878: frames one after another, skippable ones among them.
//!
//! The decoder is handed one block at a time, which is at most 128 KiB on either side, and is emptied after each: so its
//! memory is the frame's window, and that is checked before there is one.

mod header;

use super::{Sink, checkpoints, corrupt, sniff};
use crate::{Error, LimitExceeded, Limits, layers::Checkpoint};
use alloc::{vec, vec::Vec};
use header::{BEGIN, Header};
use ruzstd::decoding::FrameDecoder;

/// Room for what comes out at once.
const ROOM: usize = 128 << 10;
/// Most bytes of a block.
const BLOCK: usize = 128 << 10;
/// A decoder is used again for windows up to this size, since it makes room for all of the next window at once.
const SMALL: u64 = 1 << 20;

const INVALID: &str = "invalid zstd data";

/// Decompresses zstd frames.
pub(super) struct Zstd {
    want: Want,
    /// Bytes of what is wanted, and how many it takes.
    gathered: Vec<u8>,
    need: usize,
    decoder: FrameDecoder,
    header: Header,
    /// Bytes that came out of the frame.
    made: u64,
    room: Vec<u8>,
    input: u64,
    window_limit: u64,
    checkpoints: Option<Vec<Checkpoint>>,
    /// Bytes that came out before the frame.
    output: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Block { last: bool },
    BlockHeader,
    Checksum,
    Descriptor,
    Header,
    Magic,
    Skip(u64),
    SkipLength,
}

impl Zstd {
    /// Begins at a frame.
    pub(super) fn new(limits: &Limits, checkpoints: bool) -> Self {
        Self {
            want: Want::Magic,
            gathered: Vec::new(),
            need: 4,
            decoder: FrameDecoder::new(),
            header: Header::default(),
            made: 0,
            room: vec![0; ROOM],
            input: 0,
            window_limit: limits.zstd_window,
            checkpoints: checkpoints.then(Vec::new),
            output: 0,
        }
    }

    /// Begins at a frame in the midst of a layer.
    pub(super) fn resume(checkpoint: &Checkpoint, limits: &Limits) -> Self {
        Self { input: checkpoint.input, output: checkpoint.output, ..Self::new(limits, false) }
    }

    pub(super) fn push(&mut self, mut chunk: &[u8], sink: &mut dyn Sink) -> Result<(), Error> {
        while !chunk.is_empty() {
            let taken = self.take(chunk);
            self.input += taken as u64;
            chunk = chunk.get(taken..).unwrap_or_default();
            while self.gathered.len() >= self.need && !matches!(self.want, Want::Skip(_)) {
                self.whole(sink)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Error> {
        if self.want == Want::Magic && self.gathered.is_empty() {
            return Ok(());
        }
        Err(corrupt(self.input, "the zstd stream ends too early"))
    }

    pub(super) fn take_checkpoints(&mut self) -> Vec<Checkpoint> {
        self.checkpoints.take().unwrap_or_default()
    }

    /// Takes bytes of what is wanted.
    fn take(&mut self, chunk: &[u8]) -> usize {
        if let Want::Skip(left) = self.want {
            let taken = usize::try_from(left).unwrap_or(chunk.len()).min(chunk.len());
            self.skip(left - taken as u64);
            return taken;
        }
        let taken = self.need.saturating_sub(self.gathered.len()).min(chunk.len());
        self.gathered.extend_from_slice(chunk.get(..taken).unwrap_or_default());
        taken
    }

    /// What is wanted is there.
    fn whole(&mut self, sink: &mut dyn Sink) -> Result<(), Error> {
        let begin = self.input - self.gathered.len() as u64;
        match self.want {
            Want::Magic => self.magic(begin),
            Want::SkipLength => {
                let length = self.gathered.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
                self.skip(u64::from(length));
                Ok(())
            }
            Want::Descriptor => {
                self.need = header::length(&self.gathered).ok_or_else(|| corrupt(begin, INVALID))?;
                self.want = Want::Header;
                Ok(())
            }
            Want::Header => self.open(begin),
            Want::BlockHeader => self.block_header(begin),
            Want::Block { last } => self.block(begin, last, sink),
            Want::Checksum => self.checksum(begin, sink),
            Want::Skip(_) => Ok(()),
        }
    }

    fn magic(&mut self, begin: u64) -> Result<(), Error> {
        match self.gathered.as_slice() {
            magic if *magic == sniff::ZSTD => self.want(Want::Descriptor, BEGIN),
            [first, rest @ ..] if sniff::is_skippable(*first, rest) => self.want(Want::SkipLength, 8),
            _ => return Err(corrupt(begin, "data behind the last zstd frame")),
        }
        Ok(())
    }

    /// A frame begins, unless it wants too much.
    fn open(&mut self, begin: u64) -> Result<(), Error> {
        self.header = Header::read(&self.gathered).ok_or_else(|| corrupt(begin, INVALID))?;
        if self.header.window > self.window_limit {
            return Err(LimitExceeded { which: "window of a zstd frame", limit: self.window_limit }.into());
        }
        if self.header.dictionary {
            return Err(corrupt(begin, "a zstd frame that needs a dictionary"));
        }
        if let Some(list) = &mut self.checkpoints {
            checkpoints::begin(list, begin, self.output);
        }
        if self.header.window > SMALL {
            self.decoder = FrameDecoder::new();
        }
        self.decoder.set_max_window_size(self.window_limit);
        self.decoder.reset(self.gathered.as_slice()).map_err(|_| corrupt(begin, INVALID))?;
        self.made = 0;
        self.next(Want::BlockHeader, 3);
        Ok(())
    }

    fn block_header(&mut self, begin: u64) -> Result<(), Error> {
        let header = self.gathered.iter().rev().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
        let size = usize::try_from(header >> 3).unwrap_or(usize::MAX);
        let length = match header >> 1 & 3 {
            // One byte again and again.
            1 => 1,
            3 => return Err(corrupt(begin, INVALID)),
            _ => size,
        };
        if size > BLOCK {
            return Err(corrupt(begin, INVALID));
        }
        self.want(Want::Block { last: header & 1 != 0 }, 3 + length);
        Ok(())
    }

    fn block(&mut self, begin: u64, last: bool, sink: &mut dyn Sink) -> Result<(), Error> {
        self.decode(begin, sink)?;
        match (last, self.header.checksum) {
            (false, _) => self.next(Want::BlockHeader, 3),
            (true, true) => self.next(Want::Checksum, 4),
            (true, false) => self.close(begin)?,
        }
        Ok(())
    }

    fn checksum(&mut self, begin: u64, sink: &mut dyn Sink) -> Result<(), Error> {
        self.decode(begin, sink)?;
        if self.decoder.get_checksum_from_data() != self.decoder.get_calculated_checksum() {
            return Err(corrupt(begin, "wrong checksum of a zstd frame"));
        }
        self.close(begin)
    }

    /// Hands over what was gathered, and passes on what comes out.
    fn decode(&mut self, begin: u64, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut source = self.gathered.as_slice();
        loop {
            let decoded = self.decoder.decode_from_to(source, &mut self.room);
            let (_, written) = decoded.map_err(|_| corrupt(begin, INVALID))?;
            // Where a checksum came nothing is written yet, only at the next call.
            if written == 0 && source.is_empty() {
                return Ok(());
            }
            source = &[];
            self.made = self.made.saturating_add(written as u64);
            let bytes = self.room.get(..written).filter(|bytes| !bytes.is_empty());
            bytes.map_or(Ok(()), |bytes| sink.take(bytes, self.input))?;
        }
    }

    fn close(&mut self, begin: u64) -> Result<(), Error> {
        if self.header.content.is_some_and(|content| content != self.made) {
            return Err(corrupt(begin, "wrong size of a zstd frame"));
        }
        self.output = self.output.saturating_add(self.made);
        self.next(Want::Magic, 4);
        Ok(())
    }

    fn skip(&mut self, left: u64) {
        if left == 0 { self.next(Want::Magic, 4) } else { self.next(Want::Skip(left), 0) }
    }

    /// Goes on with more behind what was gathered.
    fn want(&mut self, want: Want, need: usize) {
        self.want = want;
        self.need = need;
    }

    /// Goes on with something new.
    fn next(&mut self, want: Want, need: usize) {
        self.gathered.clear();
        self.want(want, need);
    }
}
