//! The body of a file as it comes out of its layer: cut out, held against what is known of it, its holes filled.

use super::{ReadOutcome, check::Check, length, plan::Segment};
use crate::{
    Cause, Compression, Error, Limits,
    layers::{
        EntryRef, Region,
        compress::{Sink, Unpack},
    },
};
use alloc::{vec, vec::Vec};
use core::ops::Range;

/// What holes are made of.
static ZEROS: [u8; 16 << 10] = [0; 16 << 10];

pub(super) struct Body {
    /// What is still to come of it, in the uncompressed layer.
    stretch: Range<u64>,
    check: Check,
    whole: bool,
    /// Bytes of the file to give out, and those that were.
    wanted: u64,
    given: u64,
    /// What is left of the stretch of content under way, and those after it.
    region: Region,
    regions: vec::IntoIter<Region>,
}

impl Body {
    /// The first `wanted` bytes of a file.
    pub(super) fn new(entry: EntryRef<'_>, wanted: u64) -> Self {
        let whole = wanted == entry.size();
        let regions = regions(entry, wanted);
        // A whole body is held against what is known of it, though its last bytes may be no content.
        let needed: u64 = regions.iter().map(|region| region.length).sum();
        let stored = if whole { entry.stored() } else { needed };
        Self {
            stretch: entry.offset()..entry.offset().saturating_add(stored),
            check: Check::of(entry, whole),
            whole,
            wanted,
            given: 0,
            region: Region { offset: 0, length: 0 },
            regions: regions.into_iter(),
        }
    }

    pub(super) fn stretch(&self) -> Range<u64> {
        self.stretch.clone()
    }

    pub(super) fn is_done(&self) -> bool {
        self.stretch.is_empty() && self.given >= self.wanted
    }

    /// Fills the hole at the end, if all before it is there.
    pub(super) fn close(&mut self, out: &mut dyn FnMut(&[u8])) {
        if self.stretch.is_empty() {
            self.fill(self.wanted, out);
        }
    }

    pub(super) fn finish(self) -> Result<ReadOutcome, Error> {
        let proof = self.check.finish()?;
        Ok(ReadOutcome { bytes: self.given, whole: self.whole, proof })
    }

    /// Takes the next bytes of the body.
    fn take(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        self.check.update(bytes)?;
        self.stretch.start += bytes.len() as u64;
        self.give(bytes, out);
        self.close(out);
        Ok(())
    }

    fn give(&mut self, mut bytes: &[u8], out: &mut dyn FnMut(&[u8])) {
        while !bytes.is_empty() {
            if self.region.length == 0 {
                let Some(region) = self.regions.next() else { return };
                self.region = region;
                self.fill(region.offset, out);
            }
            let (head, rest) = bytes.split_at_checked(length(self.region.length, bytes)).unwrap_or((bytes, &[]));
            if !head.is_empty() {
                out(head);
            }
            self.given += head.len() as u64;
            self.region.length -= head.len() as u64;
            bytes = rest;
        }
    }

    /// A hole, up to this place in the file.
    fn fill(&mut self, end: u64, out: &mut dyn FnMut(&[u8])) {
        while self.given < end {
            let zeros = ZEROS.get(..length(end - self.given, &ZEROS)).unwrap_or_default();
            out(zeros);
            self.given += zeros.len() as u64;
        }
    }
}

/// Where there is content in the first `wanted` bytes.
fn regions(entry: EntryRef<'_>, wanted: u64) -> Vec<Region> {
    let all = [Region { offset: 0, length: entry.size() }];
    let regions = if entry.regions().is_empty() { &all[..] } else { entry.regions() };
    let cut = |region: &Region| Region { offset: region.offset, length: region.length.min(wanted - region.offset) };
    regions.iter().take_while(|region| region.offset < wanted).map(cut).collect()
}

/// A segment that is being decompressed.
pub(super) struct Run {
    unpack: Unpack,
    /// Position in the uncompressed layer.
    position: u64,
    end: u64,
}

impl Run {
    pub(super) fn begin(segment: &Segment, compression: Compression, limits: &Limits) -> Result<Self, Error> {
        let unpack = Unpack::resume(compression, &segment.from, limits)?;
        Ok(Self { unpack, position: segment.from.output, end: segment.end })
    }

    /// Takes compressed bytes. True if that was enough of them.
    pub(super) fn push(&mut self, bytes: &[u8], body: &mut Body, out: &mut dyn FnMut(&[u8])) -> Result<bool, Error> {
        let Self { unpack, position, end } = self;
        let result = unpack.push(bytes, &mut Knife { body, position, end: *end, out });
        // What the knife says once it has enough is no error, and what is wrong behind that place is of no interest.
        if body.stretch.start >= self.end { Ok(true) } else { result.map(|()| false) }
    }
}

/// Cuts the body out of what is decompressed.
struct Knife<'a> {
    body: &'a mut Body,
    position: &'a mut u64,
    end: u64,
    out: &'a mut dyn FnMut(&[u8]),
}

impl Sink for Knife<'_> {
    fn take(&mut self, bytes: &[u8], _: u64) -> Result<(), Error> {
        let wanted = self.body.stretch.start..self.body.stretch.end.min(self.end);
        let skipped = length(wanted.start.saturating_sub(*self.position), bytes);
        let rest = bytes.get(skipped..).unwrap_or_default();
        let begin = self.position.saturating_add(skipped as u64);
        let rest = rest.get(..length(wanted.end.saturating_sub(begin), rest)).unwrap_or_default();
        *self.position = self.position.saturating_add(bytes.len() as u64);
        self.body.take(rest, self.out)?;
        if *self.position >= self.end {
            return Err(Cause::Misuse("enough of this segment").into());
        }
        Ok(())
    }
}
