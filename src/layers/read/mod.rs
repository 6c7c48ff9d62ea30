//! One file of a layer, by one range.
//!
//! ```text
//!   LayerIndex, row ──> FileRead::plan ──> range() ──> GET Range ──> push(chunk) ──> bytes of the file
//!                                                                       └──> finish() ──> ReadOutcome
//! ```

mod body;
mod check;
mod plan;
#[cfg(test)]
mod tests;

use super::{Checkpoint, EntryRef, LayerFacts, LayerIndex, RowId};
use crate::{Compression, Error, LayerError, Limits};
use alloc::collections::VecDeque;
use body::{Body, Run};
use core::ops::Range;
use plan::{Segment, Way};

/// Reads one file from a stretch of its layer.
///
/// Bytes are given out as they come, and are not verified before [`FileRead::finish`] says so.
///
/// ```
/// use portolan::{Digest, Limits, layers::{FileRead, Scan, ScanOptions}};
/// # let mut layer = vec![0; 2048];
/// # layer[..6].copy_from_slice(b"README");
/// # layer[100..107].copy_from_slice(b"0000644");
/// # layer[124..135].copy_from_slice(b"00000000005");
/// # layer[148..156].fill(b' ');
/// # let sum = layer[..512].iter().map(|b| u32::from(*b)).sum::<u32>();
/// # layer[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
/// # layer[512..517].copy_from_slice(b"hello");
/// let mut scan = Scan::new(ScanOptions::new(Digest::sha256(&layer)));
/// scan.push(&layer)?;
/// let index = scan.finish()?;
///
/// let row = index.listing.find(b"README").unwrap().id();
/// let mut read = FileRead::plan(&index, row, None, &Limits::DEFAULT)?;
/// assert_eq!(read.range(), 512..517);
/// let mut text = Vec::new();
/// assert!(read.push(&layer[512..517], &mut |bytes| text.extend_from_slice(bytes))?);
/// assert!(read.finish()?.is_verified());
/// assert_eq!(text, b"hello");
/// # Ok::<(), portolan::Error>(())
/// ```
pub struct FileRead {
    compression: Compression,
    limits: Limits,
    range: Range<u64>,
    /// What is still to be decompressed; the first is under way.
    segments: VecDeque<Segment>,
    run: Option<Run>,
    body: Body,
    /// Position in the layer of the next byte to come.
    input: u64,
    failed: Option<Error>,
}

/// How a read ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOutcome {
    /// Bytes that were given out.
    pub bytes: u64,
    /// True if that is the whole file.
    pub whole: bool,
    /// What stands behind every one of them.
    pub proof: Option<Proof>,
}

/// What bytes were held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A sha256 from a table of contents that had the digest named in the manifest.
    Digest,
    /// The fingerprint that was taken when the whole layer was read and had its digest. It finds damage, and no forgery.
    Fingerprint,
}

impl ReadOutcome {
    /// True if all that was given out was held against something. The beginning of a file mostly is not.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.proof.is_some()
    }
}

impl FileRead {
    /// Plans to read a file, or with a limit only so many bytes from its beginning. A hard link has no content: the caller
    /// looks up what it means.
    ///
    /// # Errors
    /// - [`ProtocolError::Unsupported`](crate::ProtocolError::Unsupported) if the index has no way to the file;
    /// - [`LimitExceeded`](crate::LimitExceeded) if more than [`Limits::unpacked`] bytes would come out;
    /// - [`LayerError`] if the index contradicts itself;
    /// - [`Cause::Misuse`](crate::Cause::Misuse) if the row is no file.
    pub fn plan(index: &LayerIndex, row: RowId, limit: Option<u64>, limits: &Limits) -> Result<Self, Error> {
        let entry = index.listing.get(row).ok_or(plan::NO_FILE)?;
        Self::plan_entry(&index.facts, &index.checkpoints, entry, limit, limits)
    }

    /// The same, where an [`ImageTree`](crate::layers::ImageTree) took the listing and the rest of the index was kept aside.
    ///
    /// # Errors
    /// As for [`FileRead::plan`].
    pub fn plan_entry(
        facts: &LayerFacts,
        checkpoints: &[Checkpoint],
        entry: EntryRef<'_>,
        limit: Option<u64>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let (body, segments) = plan::plan(Way { facts, checkpoints }, entry, limit, limits)?;
        let begin = segments.front().map_or(0, |segment| segment.input.start);
        let end = segments.back().map_or(begin, |segment| segment.input.end);
        Ok(Self {
            compression: facts.compression,
            limits: limits.clone(),
            range: begin..end,
            segments,
            run: None,
            body,
            input: begin,
            failed: None,
        })
    }

    /// The bytes of the layer to ask for. Empty where none are needed: then push nothing once, since there may be holes.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// True if all that was wanted is there.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.body.is_done()
    }

    /// Takes the next bytes of the range, and gives those of the file to `out`. True if all that was wanted is there: the
    /// rest of the range is of no use.
    ///
    /// # Errors
    /// [`LayerError`] if this is not the layer of the index, or a corrupt one;
    /// [`IntegrityError`](crate::IntegrityError) as soon as part of a file has another digest than it should.
    pub fn push(&mut self, chunk: &[u8], out: &mut dyn FnMut(&[u8])) -> Result<bool, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.body.close(out);
        let result = self.take(chunk, out);
        if let Err(error) = &result {
            self.failed = Some(error.clone());
        }
        result.map(|()| self.is_done())
    }

    /// Ends the read.
    ///
    /// # Errors
    /// [`IntegrityError`](crate::IntegrityError) if the file is not what it should be: nothing that was given out is good
    /// then. [`LayerError`] if the range ended before the file.
    pub fn finish(self) -> Result<ReadOutcome, Error> {
        match self.failed {
            Some(error) => Err(error),
            None if self.body.is_done() => self.body.finish(),
            None => Err(corrupt(self.input, "the range ends before the file")),
        }
    }

    fn take(&mut self, mut chunk: &[u8], out: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        while !chunk.is_empty() && !self.body.is_done() {
            let segment =
                self.segments.front().ok_or_else(|| corrupt(self.input, "the file goes on behind its range"))?;
            let passed = length(segment.input.start.saturating_sub(self.input), chunk);
            if passed > 0 {
                self.input += passed as u64;
                chunk = chunk.get(passed..).unwrap_or_default();
                continue;
            }
            let taken = length(segment.input.end.saturating_sub(self.input), chunk);
            let (head, rest) = chunk.split_at_checked(taken).unwrap_or((chunk, &[]));
            self.unpack(head, out)?;
            chunk = rest;
        }
        Ok(())
    }

    /// Takes bytes of the segment under way.
    fn unpack(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        let Some(segment) = self.segments.front() else { return Ok(()) };
        let run = match &mut self.run {
            Some(run) => run,
            none => none.insert(Run::begin(segment, self.compression, &self.limits)?),
        };
        let enough = run.push(bytes, &mut self.body, out)?;
        self.input += bytes.len() as u64;
        if enough {
            self.segments.pop_front();
            self.run = None;
        } else if self.input >= segment.input.end {
            return Err(corrupt(self.input, "the file is shorter than the index says"));
        }
        Ok(())
    }
}

impl core::fmt::Debug for FileRead {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("FileRead")
            .field("range", &self.range)
            .field("input", &self.input)
            .field("done", &self.is_done())
            .finish_non_exhaustive()
    }
}

/// How many of the bytes belong to what is left.
fn length(left: u64, bytes: &[u8]) -> usize {
    usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()))
}

fn corrupt(offset: u64, reason: &'static str) -> Error {
    LayerError { offset, unpacked: false, reason }.into()
}
