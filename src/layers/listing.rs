//! The entries of one layer, in its order.

use super::{
    Entry, EntryKind, Flags, NodeId, Paths, Whiteout, Xattr,
    blocks::{Blocks, make_room},
    contents::Contents,
};
use crate::Digest;
use alloc::{boxed::Box, vec::Vec};

/// Position of an entry in its [`Listing`].
pub type RowId = u32;

/// What has no room in a row: links, devices, attributes, bodies that are shorter than their file.
#[derive(Clone, Debug)]
pub(super) struct Extra {
    pub(super) link: Box<[u8]>,
    pub(super) device: (u32, u32),
    pub(super) xattrs: Box<[Xattr]>,
    pub(super) stored: u64,
    /// Of a hard link in the listing of an image: the row that has its content, or `NONE`.
    pub(super) content: RowId,
}

/// The fixed part of an entry: 56 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) mtime: i64,
    pub(super) print: u64,
    pub(super) node: NodeId,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Position in `extras`, or `NONE`.
    pub(super) extra: u32,
    pub(super) mode: u16,
    pub(super) flags: Flags,
    pub(super) kind: EntryKind,
}

/// No row, and no place among the extras.
pub(super) const NONE: u32 = u32::MAX;

/// The entries of one layer, in its order; about 90 bytes each, its path included.
///
/// ```
/// use portolan::layers::{Entry, EntryKind, Listing};
/// let mut listing = Listing::new();
/// listing.push(&Entry { path: b"etc", kind: EntryKind::Directory, mode: 0o755, ..Entry::default() });
/// listing.push(&Entry { path: b"etc/hostname", size: 5, ..Entry::default() });
/// assert_eq!(listing.len(), 2);
/// assert_eq!(listing.iter().last().map(|entry| (entry.path(), entry.size())), Some((b"etc/hostname".to_vec(), 5)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub(super) paths: Paths,
    pub(super) rows: Blocks<Row>,
    pub(super) extras: Vec<Extra>,
    pub(super) contents: Contents,
    pub(super) len: u32,
}

/// One entry of a [`Listing`].
#[derive(Clone, Copy)]
pub struct EntryRef<'a> {
    listing: &'a Listing,
    row: &'a Row,
    id: RowId,
}

impl Listing {
    /// Without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Without entries, for the layer with this digest. Whoever made the layer could choose names that [`Listing::new`] is slow
    /// to list.
    #[must_use]
    pub fn of_layer(digest: &Digest) -> Self {
        Self { paths: Paths::seeded(digest.as_str().as_bytes()), ..Self::default() }
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry. Nothing if there is no room for another (2^32 - 1 nodes, 4 GiB of names).
    pub fn push(&mut self, entry: &Entry<'_>) -> Option<RowId> {
        let id = Some(self.len).filter(|id| *id != NONE)?;
        let node = self.paths.insert(entry.path)?;
        let extra = self.keep_extra(entry)?;
        let row = Row {
            offset: entry.offset,
            size: entry.size,
            mtime: entry.mtime,
            print: 0,
            node,
            uid: entry.uid,
            gid: entry.gid,
            extra,
            mode: entry.mode,
            flags: entry.flags,
            kind: entry.kind,
        };
        self.rows.push(row);
        self.len += 1;
        Some(id)
    }

    /// Says what the content of an entry hashes to: see [`EntryRef::print`].
    pub fn set_print(&mut self, row: RowId, print: u64) {
        if let Some(row) = self.row_mut(row) {
            row.print = print;
        }
    }

    /// Says where the body of an entry begins: see [`EntryRef::offset`].
    pub(super) fn set_offset(&mut self, row: RowId, offset: u64) {
        if let Some(row) = self.row_mut(row) {
            row.offset = offset;
        }
    }

    /// Adds to what is odd about an entry.
    pub fn add_flags(&mut self, row: RowId, flags: Flags) {
        if let Some(row) = self.row_mut(row) {
            row.flags.insert(flags);
        }
    }

    /// The entry at a position.
    #[must_use]
    pub fn get(&self, id: RowId) -> Option<EntryRef<'_>> {
        let row = self.rows.get(id as usize)?;
        Some(EntryRef { listing: self, row, id })
    }

    /// The entries in the layer's order.
    pub fn iter(&self) -> impl Iterator<Item = EntryRef<'_>> {
        self.rows.iter().zip(0..).map(|(row, id)| EntryRef { listing: self, row, id })
    }

    /// The last entry of a path: the one that counts where it came twice. Looks through all of them.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<EntryRef<'_>> {
        let node = self.paths.find(path)?;
        (0..self.len).rev().filter_map(|id| self.get(id)).find(|entry| entry.row.node == node)
    }

    /// The paths of all entries and their directories.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Bytes it takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let extra = |extra: &Extra| extra.link.len() + size_of_val(&*extra.xattrs);
        let extras: usize = self.extras.iter().map(extra).sum();
        let extras = extras + self.extras.capacity() * size_of::<Extra>();
        self.paths.memory() + self.rows.memory() + extras + self.contents.memory()
    }

    pub(super) fn row_mut(&mut self, id: RowId) -> Option<&mut Row> {
        self.rows.get_mut(id as usize)
    }

    fn keep_extra(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let plain = entry.link.is_empty() && entry.device == (0, 0) && entry.xattrs.is_empty();
        if plain && entry.stored == entry.size {
            return Some(NONE);
        }
        self.push_extra(Extra {
            link: entry.link.into(),
            device: entry.device,
            xattrs: entry.xattrs.into(),
            stored: entry.stored,
            content: NONE,
        })
    }

    pub(super) fn push_extra(&mut self, extra: Extra) -> Option<u32> {
        let id = u32::try_from(self.extras.len()).ok().filter(|id| *id != NONE)?;
        make_room(&mut self.extras, 1);
        self.extras.push(extra);
        Some(id)
    }
}

impl<'a> EntryRef<'a> {
    /// Position in the listing.
    #[must_use]
    pub fn id(self) -> RowId {
        self.id
    }

    /// The node of its path in [`Listing::paths`].
    #[must_use]
    pub fn node(self) -> NodeId {
        self.row.node
    }

    /// The path, below the root.
    #[must_use]
    pub fn path(self) -> Vec<u8> {
        self.listing.paths.path(self.row.node)
    }

    /// The last component.
    #[must_use]
    pub fn name(self) -> &'a [u8] {
        self.listing.paths.name(self.row.node)
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> EntryKind {
        self.row.kind
    }

    /// Permissions, 07777.
    #[must_use]
    pub fn mode(self) -> u16 {
        self.row.mode
    }

    /// Owner.
    #[must_use]
    pub fn uid(self) -> u32 {
        self.row.uid
    }

    /// Group.
    #[must_use]
    pub fn gid(self) -> u32 {
        self.row.gid
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn mtime(self) -> i64 {
        self.row.mtime
    }

    /// Size in bytes.
    #[must_use]
    pub fn size(self) -> u64 {
        self.row.size
    }

    /// Where its body begins in the uncompressed layer. A table of contents does not tell: then it is the place among the
    /// contents alone, in the order in which they lie in the layer.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.row.offset
    }

    /// Bytes of the body in the uncompressed layer.
    #[must_use]
    pub fn stored(self) -> u64 {
        self.extra().map_or(self.row.size, |extra| extra.stored)
    }

    /// XXH64 (seed 0) of the stored body, 0 where unknown. It tells changed content from unchanged, and is no proof against
    /// somebody who wants two files to look the same.
    #[must_use]
    pub fn print(self) -> u64 {
        self.row.print
    }

    /// Target of a link; empty for all others.
    #[must_use]
    pub fn link(self) -> &'a [u8] {
        self.extra().map_or(b"", |extra| &extra.link)
    }

    /// Major and minor number of a device.
    #[must_use]
    pub fn device(self) -> (u32, u32) {
        self.extra().map_or((0, 0), |extra| extra.device)
    }

    /// Extended attributes.
    #[must_use]
    pub fn xattrs(self) -> &'a [Xattr] {
        self.extra().map_or(&[], |extra| &extra.xattrs)
    }

    /// What is odd about it.
    #[must_use]
    pub fn flags(self) -> Flags {
        self.row.flags
    }

    /// What it takes away, if it is a whiteout.
    #[must_use]
    pub fn whiteout(self) -> Option<Whiteout<'a>> {
        Whiteout::of(self.name())
    }

    pub(super) fn contents(self) -> &'a Contents {
        &self.listing.contents
    }

    /// Of a hard link in the listing of an image: the row that has its content.
    pub(super) fn content_row(self) -> Option<RowId> {
        self.extra().map(|extra| extra.content).filter(|row| *row != NONE)
    }

    pub(super) fn extra(self) -> Option<&'a Extra> {
        self.listing.extras.get(self.row.extra as usize)
    }
}

impl core::fmt::Debug for EntryRef<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let path = crate::text::shown_bytes(&self.path(), 200);
        f.debug_struct("EntryRef").field("path", &path).field("row", self.row).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn keeps_everything_an_entry_says() {
        let xattrs = [Xattr { name: b"user.a".into(), value: b"\0".into() }];
        let entry = Entry {
            path: b"dev/a",
            kind: EntryKind::BlockDevice,
            mode: 0o4755,
            uid: 7,
            gid: 8,
            mtime: -1,
            size: 0,
            offset: 512,
            stored: 0,
            link: b"x",
            device: (8, 1),
            xattrs: &xattrs,
            flags: Flags::ABSOLUTE,
        };
        let mut listing = Listing::new();
        let id = listing.push(&entry).unwrap();
        listing.set_print(id, 42);
        listing.add_flags(id, Flags::REPEATED);
        let kept = listing.get(id).unwrap();
        assert_eq!(kept.path(), b"dev/a");
        assert_eq!((kept.kind(), kept.mode(), kept.uid(), kept.gid()), (EntryKind::BlockDevice, 0o4755, 7, 8));
        assert_eq!((kept.mtime(), kept.size(), kept.offset(), kept.stored()), (-1, 0, 512, 0));
        assert_eq!((kept.link(), kept.device(), kept.xattrs()), (&b"x"[..], (8, 1), &xattrs[..]));
        assert_eq!((kept.print(), kept.flags()), (42, Flags::ABSOLUTE | Flags::REPEATED));
    }

    #[test]
    fn the_last_entry_of_a_path_counts() {
        let mut listing = Listing::new();
        for size in [1, 2] {
            listing.push(&Entry { path: b"a", size, stored: size, ..Entry::default() });
        }
        assert_eq!(listing.find(b"a").map(|entry| entry.size()), Some(2));
        assert!(listing.find(b"b").is_none());
    }

    #[test]
    fn l05_an_entry_takes_about_ninety_bytes() {
        let mut listing = Listing::new();
        for at in 0..100_000_u32 {
            let path = format!("usr/lib/node_modules/package-{}/lib/file-{}.js", at / 50, at % 50);
            listing.push(&Entry { path: path.as_bytes(), size: 1, stored: 1, ..Entry::default() });
        }
        assert!(listing.memory() / listing.len() < 100, "{} bytes", listing.memory() / listing.len());
        assert_eq!(
            listing.get(99_999).map(|e| e.path()),
            Some(b"usr/lib/node_modules/package-1999/lib/file-49.js".to_vec())
        );
    }
}
