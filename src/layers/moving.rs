//! Rows on their way from the listing of a layer into the one of an image.

use super::{
    EntryKind, Flags, Listing, NodeId, Paths, RowId,
    contents::Moving,
    listing::{Extra, NONE, Row},
};
use alloc::vec::Vec;

/// An entry that has left its listing.
#[derive(Debug)]
pub(super) struct Moved {
    row: Row,
    extra: Option<Extra>,
    contents: Moving,
}

impl Moved {
    /// A directory that nobody named.
    pub(super) fn implied() -> Self {
        let row = Row {
            offset: 0,
            size: 0,
            mtime: 0,
            print: 0,
            node: Paths::ROOT,
            uid: 0,
            gid: 0,
            extra: NONE,
            mode: 0o755,
            flags: Flags::default(),
            kind: EntryKind::Directory,
        };
        Self { row, extra: None, contents: Moving::default() }
    }

    /// The node of its path in the paths it comes from.
    pub(super) fn node(&self) -> NodeId {
        self.row.node
    }

    pub(super) fn kind(&self) -> EntryKind {
        self.row.kind
    }

    pub(super) fn link(&self) -> &[u8] {
        self.extra.as_ref().map_or(b"", |extra| &extra.link)
    }

    /// Bytes of its body.
    pub(super) fn stored(&self) -> u64 {
        self.extra.as_ref().map_or(self.row.size, |extra| extra.stored)
    }

    pub(super) fn add_flags(&mut self, flags: Flags) {
        self.row.flags.insert(flags);
    }

    /// Says which row has the content of a hard link.
    pub(super) fn set_content(&mut self, content: RowId) {
        if let Some(extra) = &mut self.extra {
            extra.content = content;
        }
    }
}

impl Listing {
    /// Its paths, to be read only, and its rows one by one; each block of them is given back as soon as it was taken.
    pub(super) fn take_apart(self) -> (Paths, impl Iterator<Item = Moved>) {
        let Self { paths, rows, extras, contents, .. } = self;
        let mut contents = contents.leave();
        let mut extras: Vec<Option<Extra>> = extras.into_iter().map(Some).collect();
        let rows = rows.into_iter().zip(0..).map(move |(row, id)| {
            let extra = extras.get_mut(row.extra as usize).and_then(Option::take);
            Moved { row, extra, contents: contents.take(id) }
        });
        (paths.read_only(), rows)
    }

    /// Takes a row in, at `node` of its own paths. Nothing if it is full.
    pub(super) fn adopt(&mut self, moved: Moved, node: NodeId) -> Option<RowId> {
        let id = Some(self.len).filter(|id| *id != NONE)?;
        let row = self.settle(moved, node, id)?;
        self.rows.push(row);
        self.len += 1;
        Some(id)
    }

    /// Puts a row in the place of another.
    pub(super) fn replace(&mut self, id: RowId, moved: Moved, node: NodeId) {
        if let Some(row) = self.settle(moved, node, id)
            && let Some(place) = self.row_mut(id)
        {
            *place = row;
        }
    }

    fn settle(&mut self, moved: Moved, node: NodeId, id: RowId) -> Option<Row> {
        let extra = match moved.extra {
            Some(extra) => self.push_extra(extra)?,
            None => NONE,
        };
        self.contents.give(id, moved.contents);
        Some(Row { node, extra, ..moved.row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Entry, Region};

    #[test]
    fn rows_keep_what_they_have_when_they_move() {
        let mut from = Listing::new();
        from.push(&Entry { path: b"a/file", size: 9, stored: 4, ..Entry::default() });
        from.push(&Entry { path: b"a/link", kind: EntryKind::Symlink, link: b"file", ..Entry::default() });
        from.set_print(0, 7);
        from.set_content_digest(0, [1; 32]);
        from.set_regions(0, [Region { offset: 0, length: 4 }].to_vec());
        let mut to = Listing::new();
        to.push(&Entry { path: b"b", ..Entry::default() });
        let (paths, rows) = from.take_apart();
        for moved in rows {
            let node = to.paths.insert(&paths.path(moved.node())).unwrap();
            to.adopt(moved, node).unwrap();
        }
        let (file, link) = (to.get(1).unwrap(), to.get(2).unwrap());
        assert_eq!((file.path(), file.size(), file.stored(), file.print()), (b"a/file".to_vec(), 9, 4, 7));
        assert_eq!((file.content_digest(), file.regions().len()), (Some([1; 32]), 1));
        assert_eq!((link.path(), link.link()), (b"a/link".to_vec(), &b"file"[..]));
        assert_eq!(to.len(), 3);
    }
}
