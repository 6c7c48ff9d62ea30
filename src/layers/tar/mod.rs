//! The entries of a tar stream, pushed: headers are read, bodies are fingerprinted and forgotten.
//!
//! Formats: v7, ustar, GNU (long names, base-256 numbers, sparse files), pax (POSIX.1-2001). Nothing here is extracted, so
//! nothing is followed or written; names become paths below the root (`path`), and what is odd is flagged.

mod header;
mod number;
mod path;

use super::{Entry, EntryKind, Flags, Listing, RowId};
use crate::{Error, LayerError, LimitExceeded, Limits};
use alloc::vec::Vec;
use core::hash::Hasher as _;
use header::{BLOCK, Header};
use twox_hash::XxHash64;

/// Reads the uncompressed bytes of a layer into a listing.
pub(super) struct Tar {
    limits: Limits,
    listing: Listing,
    state: State,
    /// Bytes of the stream so far.
    position: u64,
    block: [u8; BLOCK],
    filled: usize,
    name: Vec<u8>,
    path: Vec<u8>,
}

enum State {
    /// The bytes of an entry, and what fills up its last block.
    Body {
        row: RowId,
        left: u64,
        padding: u64,
        print: XxHash64,
    },
    /// Behind the end marker: passed over.
    End,
    Header,
    Padding(u64),
}

impl Tar {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            listing: Listing::new(),
            state: State::Header,
            position: 0,
            block: [0; BLOCK],
            filled: 0,
            name: Vec::new(),
            path: Vec::new(),
        }
    }

    pub(super) fn listing(&self) -> &Listing {
        &self.listing
    }

    pub(super) fn into_listing(self) -> Listing {
        self.listing
    }

    /// Takes the next bytes of the stream.
    pub(super) fn push(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            let taken = self.step(bytes)?;
            self.position += taken as u64;
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// The stream ends here.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        match self.state {
            State::End => Ok(()),
            State::Header if self.filled == 0 => Ok(()),
            _ => Err(broken(self.position, "the archive ends inside of an entry")),
        }
    }

    fn step(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        match &mut self.state {
            State::Header => self.gather(bytes),
            State::Body { row, left, padding, print } => {
                let taken = length(*left, bytes);
                print.write(bytes.get(..taken).unwrap_or_default());
                *left -= taken as u64;
                if *left == 0 {
                    self.listing.set_print(*row, print.finish());
                    self.state = State::Padding(*padding);
                }
                Ok(taken)
            }
            State::Padding(0) => {
                self.state = State::Header;
                Ok(0)
            }
            State::Padding(left) => {
                let taken = length(*left, bytes);
                *left -= taken as u64;
                Ok(taken)
            }
            State::End => Ok(bytes.len()),
        }
    }

    fn gather(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        let taken = (BLOCK - self.filled).min(bytes.len());
        let room = self.block.iter_mut().skip(self.filled);
        room.zip(bytes).for_each(|(to, from)| *to = *from);
        self.filled += taken;
        if self.filled == BLOCK {
            self.filled = 0;
            self.header((self.position + taken as u64).saturating_sub(BLOCK as u64))?;
        }
        Ok(taken)
    }

    fn header(&mut self, at: u64) -> Result<(), Error> {
        let block = self.block;
        let header = Header::new(&block);
        if header.is_zero() {
            self.state = State::End;
            return Ok(());
        }
        if !header.is_intact() {
            return Err(broken(at, "wrong checksum of a header"));
        }
        let size = header.size().ok_or_else(|| broken(at, "the size is no number"))?;
        self.entry(at, header, size)
    }

    fn entry(&mut self, at: u64, header: Header<'_>, size: u64) -> Result<(), Error> {
        if self.listing.len() >= self.limits.entries {
            return Err(exceeded("layer entries", self.limits.entries));
        }
        self.name.clear();
        header.write_name(&mut self.name);
        let flags = path::clean(&self.name, &mut self.path);
        let (kind, odd) = kind(header.kind());
        let size = if kind == EntryKind::File { size } else { 0 };
        let wrong = || broken(at, "a field of the header is no number");
        let entry = Entry {
            path: &self.path,
            kind,
            mode: (header.mode().ok_or_else(wrong)? & 0o7777) as u16,
            mtime: header.mtime().ok_or_else(wrong)?,
            size,
            offset: at + BLOCK as u64,
            stored: size,
            link: header.link(),
            flags: flags | odd,
            ..Entry::default()
        };
        let row = self.listing.push(&entry).ok_or_else(|| exceeded("layer entries", self.listing.len()))?;
        let padding = size.wrapping_neg() % BLOCK as u64;
        self.state = State::Body { row, left: size, padding, print: XxHash64::with_seed(0) };
        Ok(())
    }
}

fn kind(kind: u8) -> (EntryKind, Flags) {
    let kind = match kind {
        b'0' | b'7' | 0 => EntryKind::File,
        b'1' => EntryKind::Hardlink,
        b'2' => EntryKind::Symlink,
        b'3' => EntryKind::CharDevice,
        b'4' => EntryKind::BlockDevice,
        b'5' => EntryKind::Directory,
        b'6' => EntryKind::Fifo,
        _ => return (EntryKind::File, Flags::UNKNOWN_TYPE),
    };
    (kind, Flags::default())
}

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
