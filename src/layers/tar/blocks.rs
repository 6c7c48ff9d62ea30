//! What a block means when it came.

use super::{
    BLOCK, Error, State, Tar, broken,
    class::{Class, Extension},
    exceeded,
    header::{Header, padding},
    sparse::BodyMap,
};
use crate::layers::{EntryKind, Flags, RowId};
use twox_hash::XxHash64;

/// XXH64 of nothing.
const EMPTY: u64 = 0xef46_db37_51d8_e999;

/// What a row takes in a listing, and what one with a link or attributes takes beside that.
const ROW: usize = 56;
const EXTRA: usize = 72;

impl Tar {
    /// The block is whole, and ended at `end`.
    pub(super) fn block_came(&mut self, end: u64) -> Result<(), Error> {
        let block = self.block;
        let header = Header::new(&block);
        match self.state {
            State::Parts => self.parts_came(end, &block),
            State::Zero => {
                if !header.is_zero() {
                    self.note("a single block of zeros ends the archive");
                    self.note("there is data behind the end of the archive");
                }
                self.state = State::End;
                Ok(())
            }
            _ if header.is_zero() => {
                self.state = State::Zero;
                Ok(())
            }
            _ => self.header_came(end.saturating_sub(BLOCK as u64), header),
        }
    }

    fn header_came(&mut self, at: u64, header: Header<'_>) -> Result<(), Error> {
        if !header.is_intact() {
            return Err(broken(at, "wrong checksum of a header"));
        }
        match Class::of(header.kind()) {
            Class::Entry { .. } | Class::Sparse => self.entry_came(at, header),
            Class::Extension(what) => self.begin_extension(at, header, what),
            Class::Volume => {
                self.note("the label of the archive was passed over");
                let size = size(at, header)?;
                self.begin_body(None, size, padding(size));
                Ok(())
            }
        }
    }

    fn begin_extension(&mut self, at: u64, header: Header<'_>, what: Extension) -> Result<(), Error> {
        let left = size(at, header)?;
        if left > self.limits.pax as u64 {
            return Err(exceeded("pax or long-name block of a layer", self.limits.pax));
        }
        self.draft.at = at;
        self.extension.clear();
        self.state = State::Extension { what, left, padding: padding(left) };
        self.end_extension()
    }

    /// Reads an extension if it is whole.
    pub(super) fn end_extension(&mut self) -> Result<(), Error> {
        let State::Extension { what, left: 0, padding } = self.state else { return Ok(()) };
        let begin = self.draft.at.saturating_add(BLOCK as u64);
        let read = self.pending.read(what, &self.extension, self.limits.path);
        read.map_err(|(at, reason)| broken(begin.saturating_add(at as u64), reason))?;
        if self.pending.moves_all() {
            self.note("a global pax header names paths or sizes for all entries; container runtimes pass over that");
        }
        self.pad(padding);
        Ok(())
    }

    fn entry_came(&mut self, at: u64, header: Header<'_>) -> Result<(), Error> {
        if self.listing.len() >= self.limits.entries {
            return Err(exceeded("entries of a layer", self.limits.entries));
        }
        let read = self.draft.read(at, header, &self.pending, self.limits.path);
        read.map_err(|reason| broken(at, reason))?;
        let in_body = self.draft.parts.is_some() && self.pending.records().sparse.in_body();
        self.pending.clear();
        if header.kind() == b'M' {
            self.note("a part of a file from another volume is listed as a file");
        }
        match Class::of(header.kind()) {
            Class::Sparse if header.has_more_parts() => {
                self.state = State::Parts;
                Ok(())
            }
            Class::Sparse => self.admit(),
            _ if in_body => {
                self.state = State::Map { map: BodyMap::default(), left: self.draft.stored };
                self.end_map()
            }
            _ => self.admit(),
        }
    }

    /// A block with more parts of a sparse file: 21, and whether another block follows.
    fn parts_came(&mut self, end: u64, block: &[u8; BLOCK]) -> Result<(), Error> {
        let (table, more) = block.split_at_checked(21 * 24).unwrap_or_default();
        if let Some(parts) = &mut self.draft.parts {
            parts.table(table).map_err(|reason| broken(self.draft.at, reason))?;
            let memory = parts.memory();
            self.check_memory(memory)?;
        }
        self.draft.offset = end;
        if more.first().is_some_and(|more| *more != 0) { Ok(()) } else { self.admit() }
    }

    /// Goes on with the body if the map before it is whole.
    pub(super) fn end_map(&mut self) -> Result<(), Error> {
        let State::Map { map, left } = &mut self.state else { return Ok(()) };
        if map.is_whole() {
            self.draft.parts = Some(core::mem::take(&mut map.parts));
            self.draft.offset = self.draft.offset.saturating_add(map.length);
            self.draft.stored = *left;
            return self.admit();
        }
        if *left == 0 {
            return Err(broken(self.draft.at, "the map of a sparse file is longer than its body"));
        }
        let memory = map.parts.memory();
        self.check_memory(memory)
    }

    /// Puts the entry into the listing, and goes on with its body.
    fn admit(&mut self) -> Result<(), Error> {
        self.draft.check_parts().map_err(|reason| broken(self.draft.at, reason))?;
        let entry = self.draft.entry();
        let kind = entry.kind;
        let row = self.listing.push(&entry).ok_or_else(|| exceeded("entries of a layer", self.listing.len()))?;
        if let Some(node) = self.listing.get(row).map(|entry| entry.node())
            && self.seen.insert(node)
        {
            self.listing.add_flags(row, Flags::REPEATED);
        }
        self.count_memory()?;
        if let Some(parts) = self.draft.parts.take() {
            self.listing.set_regions(row, parts.into_regions());
        }
        let row = Some(row).filter(|_| kind == EntryKind::File);
        self.begin_body(row, self.draft.stored, padding(self.draft.stored));
        Ok(())
    }

    fn count_memory(&mut self) -> Result<(), Error> {
        let extra = self.draft.extra();
        if extra > 0 {
            self.extra = self.extra.saturating_add(extra + EXTRA);
        }
        self.check_memory(0)
    }

    /// Nobody may fill the memory with names, attributes or maps.
    fn check_memory(&self, more: usize) -> Result<(), Error> {
        let memory = self.listing.paths().memory() + self.listing.len() * ROW;
        if memory.saturating_add(self.extra).saturating_add(more) > self.limits.listing {
            return Err(exceeded("memory of a listing", self.limits.listing));
        }
        Ok(())
    }

    fn begin_body(&mut self, row: Option<RowId>, left: u64, padding: u64) {
        if left == 0 {
            self.end_body(row, EMPTY, padding);
        } else {
            self.state = State::Body { row, left, padding, print: XxHash64::with_seed(0) };
        }
    }

    pub(super) fn end_body(&mut self, row: Option<RowId>, print: u64, padding: u64) {
        if let Some(row) = row {
            self.listing.set_print(row, print);
        }
        self.pad(padding);
    }

    fn pad(&mut self, padding: u64) {
        self.state = if padding == 0 { State::Header } else { State::Padding(padding) };
    }
}

fn size(at: u64, header: Header<'_>) -> Result<u64, Error> {
    header.size().ok_or_else(|| broken(at, "the size in a header is no number"))
}
