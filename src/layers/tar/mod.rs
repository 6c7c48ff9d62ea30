//! The entries of a tar stream, pushed: headers are read, bodies are fingerprinted and forgotten.
//!
//! Formats: v7, ustar, GNU (long names, base-256 numbers, sparse files), pax (POSIX.1-2001). Nothing here is extracted, so
//! nothing is followed or written; names become paths below the root (`path`), and what is odd is flagged.
//!
//! ```text
//!            ┌──────────────────────────────────────────────────┐
//!            v                                                  │
//!   ──> Header ──> Parts ──> Map ──> Body ──> Padding ──────────┤
//!          │ └───> Extension ────────────────────┘              │
//!          └─────> Zero ──> End                     every block is filled up
//! ```

mod blocks;
mod class;
mod draft;
mod header;
mod name;
mod number;
mod path;
mod pax;
mod pending;
mod seen;
mod sparse;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod xattr;

pub(super) use path::{clean, depth, escapes};
pub(super) use seen::Seen;

use super::{Listing, RowId};
use crate::{Error, LayerError, LimitExceeded, Limits};
use alloc::vec::Vec;
use class::Extension;
use core::hash::Hasher as _;
use draft::Draft;
use header::BLOCK;
use pending::Pending;
use sparse::BodyMap;
use twox_hash::XxHash64;

/// Reads the uncompressed bytes of a layer into a listing.
pub(super) struct Tar {
    limits: Limits,
    listing: Listing,
    notes: Vec<&'static str>,
    state: State,
    /// Bytes of the stream so far.
    position: u64,
    /// A block that is on its way, and how much of it came.
    block: [u8; BLOCK],
    filled: usize,
    /// An extension that is on its way.
    extension: Vec<u8>,
    pending: Pending,
    draft: Draft,
    seen: Seen,
    /// Bytes of links and attributes in the listing.
    extra: usize,
}

enum State {
    /// The bytes of an entry, to be fingerprinted if it is in the listing.
    Body { row: Option<RowId>, left: u64, padding: u64, print: XxHash64 },
    /// Behind the end marker: passed over.
    End,
    /// A block that says more of the next entry.
    Extension { what: Extension, left: u64, padding: u64 },
    /// A header is due.
    Header,
    /// The map of a sparse file, and how much of its body is left.
    Map { map: BodyMap, left: u64 },
    /// What fills up a block.
    Padding(u64),
    /// More parts of a sparse file are due.
    Parts,
    /// Half an end marker.
    Zero,
}

impl Tar {
    /// `listing` is where the entries go.
    pub(super) fn new(limits: &Limits, listing: Listing) -> Self {
        Self {
            limits: limits.clone(),
            listing,
            notes: Vec::new(),
            state: State::Header,
            position: 0,
            block: [0; BLOCK],
            filled: 0,
            extension: Vec::new(),
            pending: Pending::default(),
            draft: Draft::default(),
            seen: Seen::default(),
            extra: 0,
        }
    }

    /// The entries so far.
    pub(super) fn listing(&self) -> &Listing {
        &self.listing
    }

    /// What was odd about the archive, in sentences.
    pub(super) fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// The entries.
    pub(super) fn into_listing(self) -> Listing {
        self.listing
    }

    /// Takes the next bytes of the stream.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            let taken = self.step(bytes)?;
            self.position = self.position.saturating_add(taken as u64);
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// The stream ends here.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        match self.state {
            State::End => {}
            State::Zero => self.note("a single block of zeros ends the archive"),
            // `umoci insert` writes nothing behind the last body, not even what would fill up its block.
            State::Header | State::Padding(_) if self.filled == 0 && !self.pending.is_waiting() => {
                if self.position > 0 {
                    self.note("the archive has no end marker");
                }
            }
            State::Header => return Err(broken(self.position, "the archive ends inside of a header")),
            _ => return Err(broken(self.position, "the archive ends inside of an entry")),
        }
        Ok(())
    }

    /// Takes some of the bytes; at least one of them, or the state is another one.
    fn step(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        match &mut self.state {
            State::Header | State::Parts | State::Zero => self.gather(bytes),
            State::Body { row, left, padding, print } => {
                let taken = length(*left, bytes);
                *left -= taken as u64;
                let row = *row;
                if row.is_some() {
                    print.write(bytes.get(..taken).unwrap_or_default());
                }
                if *left == 0 {
                    let (padding, print) = (*padding, print.finish());
                    self.end_body(row, print, padding);
                }
                Ok(taken)
            }
            State::Extension { left, .. } => {
                let taken = length(*left, bytes);
                *left -= taken as u64;
                self.extension.extend_from_slice(bytes.get(..taken).unwrap_or_default());
                self.end_extension()?;
                Ok(taken)
            }
            State::Map { map, left } => {
                let taken = map
                    .push(bytes.get(..length(*left, bytes)).unwrap_or_default())
                    .map_err(|reason| broken(self.draft.at, reason))?;
                *left -= taken as u64;
                self.end_map()?;
                Ok(taken)
            }
            State::Padding(left) => {
                let taken = length(*left, bytes);
                *left -= taken as u64;
                if *left == 0 {
                    self.state = State::Header;
                }
                Ok(taken)
            }
            State::End => {
                if bytes.iter().any(|byte| *byte != 0) {
                    self.note("there is data behind the end of the archive");
                }
                Ok(bytes.len())
            }
        }
    }

    /// Collects a block.
    fn gather(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        let taken = (BLOCK - self.filled).min(bytes.len());
        if let (Some(to), Some(from)) = (self.block.get_mut(self.filled..self.filled + taken), bytes.get(..taken)) {
            to.copy_from_slice(from);
        }
        self.filled += taken;
        if self.filled == BLOCK {
            self.filled = 0;
            let end = self.position.saturating_add(taken as u64);
            self.block_came(end)?;
        }
        Ok(taken)
    }

    /// Says something once.
    fn note(&mut self, note: &'static str) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// How many of the bytes belong to what is left.
fn length(left: u64, bytes: &[u8]) -> usize {
    usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()))
}

/// What is wrong at a byte of the stream.
fn broken(offset: u64, reason: &'static str) -> Error {
    LayerError { offset, unpacked: true, reason }.into()
}

fn exceeded(which: &'static str, limit: usize) -> Error {
    LimitExceeded { which, limit: limit as u64 }.into()
}
