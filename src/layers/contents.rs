//! What a listing knows of contents beyond their size: digests from a table of contents, and holes.

use super::{EntryRef, Listing, RowId, blocks::make_room};
use alloc::{
    boxed::Box,
    vec::{self, Vec},
};
use core::iter::Peekable;

/// A sha256, as bytes.
pub type Sha256 = [u8; 32];

/// A stretch of a sparse file that is no hole.
///
/// ```
/// let region = portolan::layers::Region { offset: 4096, length: 10 };
/// assert_eq!(region.end(), Some(4106));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// Its length, in bytes.
    pub length: u64,
}

impl Region {
    /// Where it ends; nothing if that is beyond all numbers.
    #[must_use]
    pub fn end(self) -> Option<u64> {
        self.offset.checked_add(self.length)
    }
}

/// True if the regions are ascending, do not overlap and end within a file of this size.
pub(super) fn are_regions_of(regions: &[Region], size: u64) -> bool {
    let after = |end, region: &Region| {
        let next = region.end().filter(|next| *next <= size)?;
        (region.offset >= end).then_some(next)
    };
    regions.iter().try_fold(0, after).is_some()
}

/// Part of a content that has a digest of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentPart {
    /// Its length, in bytes.
    pub length: u64,
    /// Its sha256.
    pub digest: Sha256,
}

/// Side tables of a listing: few rows have any of this, or none, so that rows have no room for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    digests: Vec<(RowId, Sha256)>,
    parts: Vec<(RowId, Box<[ContentPart]>)>,
    regions: Vec<(RowId, Box<[Region]>)>,
}

/// What side tables have for one row, on its way to another listing.
#[derive(Debug, Default)]
pub(super) struct Moving {
    digest: Option<Sha256>,
    parts: Option<Box<[ContentPart]>>,
    regions: Option<Box<[Region]>>,
}

/// Side tables that are being taken apart, row by row.
pub(super) struct Leaving {
    digests: Table<Sha256>,
    parts: Table<Box<[ContentPart]>>,
    regions: Table<Box<[Region]>>,
}

type Table<T> = Peekable<vec::IntoIter<(RowId, T)>>;

impl Leaving {
    /// What is there for a row. Ask for each row in turn.
    pub(super) fn take(&mut self, row: RowId) -> Moving {
        fn next<T>(table: &mut Table<T>, row: RowId) -> Option<T> {
            table.next_if(|(at, _)| *at == row).map(|(_, value)| value)
        }
        Moving {
            digest: next(&mut self.digests, row),
            parts: next(&mut self.parts, row),
            regions: next(&mut self.regions, row),
        }
    }
}

impl Contents {
    /// Takes the tables apart.
    pub(super) fn leave(self) -> Leaving {
        fn table<T>(table: Vec<(RowId, T)>) -> Table<T> {
            table.into_iter().peekable()
        }
        Leaving { digests: table(self.digests), parts: table(self.parts), regions: table(self.regions) }
    }

    /// Takes in what there was for a row elsewhere.
    pub(super) fn give(&mut self, row: RowId, moving: Moving) {
        moving.digest.into_iter().for_each(|digest| put(&mut self.digests, row, digest));
        moving.parts.into_iter().for_each(|parts| put(&mut self.parts, row, parts));
        moving.regions.into_iter().for_each(|regions| put(&mut self.regions, row, regions));
    }

    /// Bytes they take.
    pub(super) fn memory(&self) -> usize {
        let parts: usize = self.parts.iter().map(|(_, parts)| size_of_val(&**parts)).sum();
        let regions: usize = self.regions.iter().map(|(_, regions)| size_of_val(&**regions)).sum();
        parts + regions + space(&self.digests) + space(&self.parts) + space(&self.regions)
    }
}

fn space<T>(table: &Vec<T>) -> usize {
    table.capacity() * size_of::<T>()
}

/// Rows come in order nearly always: then this is a push.
fn put<T>(table: &mut Vec<(RowId, T)>, row: RowId, value: T) {
    make_room(table, 1);
    match table.binary_search_by_key(&row, |(row, _)| *row) {
        Ok(at) => table.splice(at..=at, [(row, value)]).for_each(drop),
        Err(at) => table.insert(at, (row, value)),
    }
}

fn get<T>(table: &[(RowId, T)], row: RowId) -> Option<&T> {
    let at = table.binary_search_by_key(&row, |(row, _)| *row).ok()?;
    table.get(at).map(|(_, value)| value)
}

impl Listing {
    /// Says what the whole content of a file hashes to.
    pub fn set_content_digest(&mut self, row: RowId, digest: Sha256) {
        put(&mut self.contents.digests, row, digest);
    }

    /// Says what the parts of a content hash to, in their order.
    pub fn set_content_parts(&mut self, row: RowId, parts: Vec<ContentPart>) {
        put(&mut self.contents.parts, row, parts.into());
    }

    /// Says where a sparse file has content; its body holds these stretches one after another. Ascending, without overlap.
    pub fn set_regions(&mut self, row: RowId, regions: Vec<Region>) {
        put(&mut self.contents.regions, row, regions.into());
    }
}

impl<'a> EntryRef<'a> {
    /// The sha256 of the content, where a table of contents tells it. Unlike [`EntryRef::print`] it is proof.
    #[must_use]
    pub fn content_digest(self) -> Option<Sha256> {
        get(&self.contents().digests, self.id()).copied()
    }

    /// The digests of parts of the content, in their order; empty where it is one piece, or none is known.
    #[must_use]
    pub fn content_parts(self) -> &'a [ContentPart] {
        get(&self.contents().parts, self.id()).map_or(&[], |parts| parts)
    }

    /// Where a sparse file has content; empty for all others. A sparse file without any has one region of length 0.
    #[must_use]
    pub fn regions(self) -> &'a [Region] {
        get(&self.contents().regions, self.id()).map_or(&[], |regions| regions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Entry;

    fn files(count: u64) -> Listing {
        let mut listing = Listing::new();
        for size in 0..count {
            listing.push(&Entry { path: b"a", size, stored: size, ..Entry::default() });
        }
        listing
    }

    #[test]
    fn what_is_said_of_a_row_is_told_of_that_row() {
        let mut listing = files(4);
        let parts = [ContentPart { length: 1, digest: [7; 32] }, ContentPart { length: 1, digest: [8; 32] }];
        let regions = [Region { offset: 5, length: 2 }];
        for row in [3, 1] {
            listing.set_content_digest(row, [row as u8; 32]);
        }
        listing.set_content_parts(2, parts.to_vec());
        listing.set_regions(0, regions.to_vec());
        let of = |row| listing.get(row).unwrap();
        assert_eq!((of(0).content_digest(), of(1).content_digest()), (None, Some([1; 32])));
        assert_eq!((of(2).content_digest(), of(3).content_digest()), (None, Some([3; 32])));
        assert_eq!((of(2).content_parts(), of(1).content_parts().len()), (&parts[..], 0));
        assert_eq!((of(0).regions(), of(3).regions().len()), (&regions[..], 0));
    }

    #[test]
    fn the_last_word_on_a_row_counts() {
        let mut listing = files(1);
        listing.set_content_digest(0, [1; 32]);
        listing.set_content_digest(0, [2; 32]);
        assert_eq!(listing.get(0).unwrap().content_digest(), Some([2; 32]));
    }

    #[test]
    fn ends_do_not_overflow() {
        assert_eq!(Region { offset: u64::MAX, length: 1 }.end(), None);
    }
}
