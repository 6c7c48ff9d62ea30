//! Columns to rows, every value checked.

use super::{
    super::{
        IndexError,
        read::{Packed, Plain, unzigzag},
    },
    GROUP, expected,
    extras::Extras,
};
use crate::{
    LimitExceeded, Limits,
    layers::{Entry, EntryKind, Flags, LayerFacts, Listing},
};
use alloc::vec::Vec;

/// What a row takes in memory, without its path.
const ROW: usize = 96;

pub(in super::super) fn read(
    facts: &LayerFacts,
    packed: &mut Packed<'_>,
    plain: &mut Plain<'_>,
    limits: &Limits,
) -> Result<Listing, IndexError> {
    let mut left: usize = packed.number()?;
    if left > limits.entries {
        return Err(LimitExceeded { which: "entries of an index", limit: limits.entries as u64 }.into());
    }
    let mut reader =
        Reader { facts, limits, listing: Listing::of_layer(&facts.digest), path: Vec::new(), mtime: 0, end: 0 };
    while left > 0 {
        let rows = left.min(GROUP);
        reader.group(rows, packed, plain)?;
        left -= rows;
    }
    Ok(reader.listing)
}

struct Reader<'a> {
    facts: &'a LayerFacts,
    limits: &'a Limits,
    listing: Listing,
    path: Vec<u8>,
    mtime: i64,
    end: u64,
}

/// The columns of one group; each has as many values as the group has rows.
struct Columns {
    rows: usize,
    /// All columns of numbers, one after another: kind, more, shared, rest, and those of [`LIMITS`].
    numbers: Vec<u64>,
    paths: Vec<u8>,
}

/// The largest values of mode, owner, group, time, size, offset and flags.
const LIMITS: [u64; 7] =
    [u16::MAX as u64, u32::MAX as u64, u32::MAX as u64, u64::MAX, u64::MAX, u64::MAX, u16::MAX as u64];

struct Row {
    kind: u8,
    more: u8,
    mode: u16,
    uid: u32,
    gid: u32,
    mtime: u64,
    size: u64,
    offset: u64,
    flags: u16,
}

impl Columns {
    fn read(rows: usize, limits: &Limits, packed: &mut Packed<'_>) -> Result<Self, IndexError> {
        let mut columns = Self { rows, numbers: Vec::new(), paths: Vec::new() };
        for limit in [None, None, Some(u64::MAX), Some(u64::MAX)] {
            packed.column(rows, limit, &mut columns.numbers)?;
        }
        for at in 0..rows {
            let length = columns.number(3, at);
            check_length(length, limits)?;
            packed.bytes(length, &mut columns.paths)?;
        }
        for limit in LIMITS {
            packed.column(rows, Some(limit), &mut columns.numbers)?;
        }
        Ok(columns)
    }

    fn number(&self, column: usize, at: usize) -> u64 {
        self.numbers.get(column * self.rows + at).copied().unwrap_or_default()
    }

    fn row(&self, at: usize) -> Row {
        // None of these is larger than its column may have it.
        Row {
            kind: self.number(0, at) as u8,
            more: self.number(1, at) as u8,
            mode: self.number(4, at) as u16,
            uid: self.number(5, at) as u32,
            gid: self.number(6, at) as u32,
            mtime: self.number(7, at),
            size: self.number(8, at),
            offset: self.number(9, at),
            flags: self.number(10, at) as u16,
        }
    }
}

fn check_length(length: u64, limits: &Limits) -> Result<(), IndexError> {
    if length > limits.path as u64 {
        return Err(LimitExceeded { which: "path in an index", limit: limits.path as u64 }.into());
    }
    Ok(())
}

impl Reader<'_> {
    fn group(&mut self, rows: usize, packed: &mut Packed<'_>, plain: &mut Plain<'_>) -> Result<(), IndexError> {
        packed.charge(rows.saturating_mul(ROW))?;
        let columns = Columns::read(rows, self.limits, packed)?;
        let mut paths = columns.paths.as_slice();
        for at in 0..rows {
            self.next_path(columns.number(2, at), columns.number(3, at), &mut paths)?;
            let row = columns.row(at);
            let extras = Extras::read(row.more, packed, plain, self.limits)?;
            self.push(&row, extras)?;
        }
        Ok(())
    }

    fn next_path(&mut self, shared: u64, follows: u64, paths: &mut &[u8]) -> Result<(), IndexError> {
        const PATH: IndexError = IndexError::Malformed("a path that cannot be");
        let shared = usize::try_from(shared).ok().filter(|shared| *shared <= self.path.len()).ok_or(PATH)?;
        let follows = usize::try_from(follows).map_err(|_| PATH)?;
        let (rest, others) = paths.split_at_checked(follows).ok_or(PATH)?;
        self.path.truncate(shared);
        self.path.extend_from_slice(rest);
        *paths = others;
        check_length(self.path.len() as u64, self.limits)?;
        if is_clean(&self.path) { Ok(()) } else { Err(PATH) }
    }

    fn push(&mut self, row: &Row, extras: Extras) -> Result<(), IndexError> {
        let kind = EntryKind::from_number(row.kind).ok_or(IndexError::Malformed("an unknown kind of entry"))?;
        self.mtime = self.mtime.wrapping_add(unzigzag(row.mtime));
        let offset = expected(self.end).wrapping_add_signed(unzigzag(row.offset));
        let stored = extras.stored.unwrap_or(row.size);
        let whole = self.facts.unpacked.unwrap_or(u64::MAX);
        let end = offset.checked_add(stored).filter(|end| *end <= whole);
        self.end = end.ok_or(IndexError::Malformed("a body outside of the layer"))?;
        if row.mode > 0o7777 || !extras.fit(row.size, stored) {
            return Err(IndexError::Malformed("an entry that cannot be"));
        }
        let entry = Entry {
            path: &self.path,
            kind,
            mode: row.mode,
            uid: row.uid,
            gid: row.gid,
            mtime: self.mtime,
            size: row.size,
            offset,
            stored,
            link: &extras.link,
            device: extras.device,
            xattrs: &extras.xattrs,
            flags: Flags::from_bits(row.flags),
        };
        let id = self.listing.push(&entry).ok_or(IndexError::Malformed("more names than there is room for"))?;
        self.listing.set_print(id, extras.print);
        if let Some(digest) = extras.digest {
            self.listing.set_content_digest(id, digest);
        }
        if !extras.parts.is_empty() {
            self.listing.set_content_parts(id, extras.parts);
        }
        if !extras.regions.is_empty() {
            self.listing.set_regions(id, extras.regions);
        }
        Ok(())
    }
}

/// As [`Entry::path`] has it.
fn is_clean(path: &[u8]) -> bool {
    path.is_empty() || path.split(|b| *b == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}
