//! Rows to columns.

use super::{
    super::write::{Writer, varint, zigzag},
    DEVICE, DIGEST, GROUP, LINK, PARTS, PRINT, REGIONS, STORED, XATTRS, expected, extras,
};
use crate::layers::{EntryRef, Listing};
use alloc::vec::Vec;

/// Bytes that `write` leaves as they are, but for digests of parts.
pub(in super::super) fn plain(listing: &Listing) -> usize {
    listing.iter().map(extras::plain).sum()
}

pub(in super::super) fn write(listing: &Listing, out: &mut Writer) {
    out.varint(listing.len() as u64);
    let mut group = Vec::with_capacity(GROUP.min(listing.len()));
    let mut before = Before::default();
    for entry in listing.iter() {
        group.push(entry);
        if group.len() == GROUP {
            before.write(listing, &group, out);
            group.clear();
        }
    }
    before.write(listing, &group, out);
}

/// The row before, from which the next is told.
#[derive(Default)]
struct Before {
    path: Vec<u8>,
    mtime: i64,
    end: u64,
}

impl Before {
    fn write(&mut self, listing: &Listing, group: &[EntryRef<'_>], out: &mut Writer) {
        group.iter().for_each(|entry| out.byte(entry.kind() as u8));
        group.iter().for_each(|entry| out.byte(more(*entry)));
        self.write_paths(listing, group, out);
        group.iter().for_each(|entry| out.varint(entry.mode().into()));
        group.iter().for_each(|entry| out.varint(entry.uid().into()));
        group.iter().for_each(|entry| out.varint(entry.gid().into()));
        for entry in group {
            out.varint(zigzag(entry.mtime().wrapping_sub(self.mtime)));
            self.mtime = entry.mtime();
        }
        group.iter().for_each(|entry| out.varint(entry.size()));
        for entry in group {
            out.varint(zigzag(entry.offset().wrapping_sub(expected(self.end)).cast_signed()));
            self.end = entry.offset().saturating_add(entry.stored());
        }
        group.iter().for_each(|entry| out.varint(entry.flags().bits().into()));
        out.settle();
        group.iter().for_each(|entry| extras::write(*entry, more(*entry), out));
    }

    /// How much of the path before is the beginning of this one, how much follows, and what.
    fn write_paths(&mut self, listing: &Listing, group: &[EntryRef<'_>], out: &mut Writer) {
        let (mut follows, mut rests, mut path) = (Vec::new(), Vec::new(), Vec::new());
        for entry in group {
            path.clear();
            listing.paths().write_path(entry.node(), &mut path);
            let shared = path.iter().zip(&self.path).take_while(|(a, b)| a == b).count();
            out.varint(shared as u64);
            varint((path.len() - shared) as u64, &mut follows);
            rests.extend(path.iter().skip(shared));
            core::mem::swap(&mut self.path, &mut path);
        }
        out.columns.append(&mut follows);
        out.columns.append(&mut rests);
    }
}

fn more(entry: EntryRef<'_>) -> u8 {
    [
        (LINK, !entry.link().is_empty()),
        (DEVICE, entry.device() != (0, 0)),
        (XATTRS, !entry.xattrs().is_empty()),
        (STORED, entry.stored() != entry.size()),
        (PRINT, entry.print() != 0),
        (DIGEST, entry.content_digest().is_some()),
        (PARTS, !entry.content_parts().is_empty()),
        (REGIONS, !entry.regions().is_empty()),
    ]
    .into_iter()
    .fold(0, |bits, (bit, there)| bits | if there { bit } else { 0 })
}
