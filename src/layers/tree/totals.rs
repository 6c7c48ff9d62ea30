//! What directories hold.

use super::{
    super::EntryKind, super::blocks::Bits, super::sort::sort_by, ImageTree, NodeId, Paths, RowId, filter::Seen,
};
use alloc::vec::Vec;

/// What is in a directory and all those below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Bytes of the files, each content once however many names it has.
    pub size: u64,
    /// Paths that are no directories.
    pub files: u32,
    /// Directories, without itself.
    pub directories: u32,
}

#[derive(Clone, Copy, Debug)]
struct Directory {
    node: NodeId,
    /// Place of its parent in the table; its own for the root.
    parent: u32,
    /// The last content with several names that was counted here.
    counted: RowId,
    total: Total,
}

/// The directories of a view, by ascending node: parents before children.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    table: Vec<Directory>,
    /// Names of contents that have several.
    names: Vec<(RowId, NodeId)>,
    /// The directory that was added to last: files of one directory mostly follow one another.
    last: usize,
}

impl Totals {
    pub(super) fn get(&self, node: NodeId) -> Option<Total> {
        self.table.get(self.place(node)?).map(|directory| directory.total)
    }

    pub(super) fn memory(&self) -> usize {
        self.table.capacity() * size_of::<Directory>()
    }

    /// Takes in a directory; its parent is there already.
    pub(super) fn directory(&mut self, tree: &ImageTree, node: NodeId) {
        let parent = tree.paths().parent(node).and_then(|parent| self.place_near(parent));
        let parent = parent.and_then(|parent| u32::try_from(parent).ok()).unwrap_or_default();
        self.table.push(Directory { node, parent, counted: super::NONE, total: Total::default() });
        if let Some(parent) = self.table.get_mut(parent as usize).filter(|_| node != Paths::ROOT) {
            parent.total.directories += 1;
        }
    }

    /// Counts a path that is no directory. `several`: contents that have more names than one.
    pub(super) fn file(&mut self, tree: &ImageTree, node: NodeId, seen: Seen<'_>, several: &Bits) {
        let Some(place) = tree.paths().parent(node).and_then(|parent| self.place_near(parent)) else { return };
        let Some(parent) = self.table.get_mut(place) else { return };
        parent.total.files += 1;
        if seen.means.kind() != EntryKind::File {
            return;
        }
        if several.contains(seen.means.id()) {
            self.names.push((seen.means.id(), node));
        } else {
            parent.total.size = parent.total.size.saturating_add(seen.means.size());
        }
    }

    /// Adds up, once everything has been taken in. Gives the names of contents that have been counted under another.
    pub(super) fn sum(&mut self, tree: &ImageTree) -> Bits {
        for place in (1..self.table.len()).rev() {
            let Some(Directory { total, parent, .. }) = self.table.get(place).copied() else { break };
            if let Some(Directory { total: sum, .. }) = self.table.get_mut(parent as usize) {
                sum.size = sum.size.saturating_add(total.size);
                sum.files += total.files;
                sum.directories += total.directories;
            }
        }
        let mut echoes = Bits::default();
        let mut names = core::mem::take(&mut self.names);
        // The name that has the content itself comes first.
        let own = |content: RowId, node| tree.listing.get(content).is_none_or(|entry| entry.node() != node);
        let key = |(content, node): (RowId, NodeId)| (content, own(content, node), node);
        sort_by(&mut names, |a, b| key(*a).cmp(&key(*b)));
        let mut before = None;
        for (content, node) in names {
            if before == Some(content) {
                echoes.insert(node);
            }
            before = Some(content);
            self.count_once(tree, content, node);
        }
        echoes
    }

    /// Adds the size of a content to all directories above one of its names that have not counted it yet.
    fn count_once(&mut self, tree: &ImageTree, content: RowId, node: NodeId) {
        let size = tree.listing.get(content).map_or(0, |entry| entry.size());
        let mut place = tree.paths().parent(node).and_then(|parent| self.place_near(parent));
        while let Some(directory) = place.and_then(|place| self.table.get_mut(place)).filter(|d| d.counted != content) {
            directory.counted = content;
            directory.total.size = directory.total.size.saturating_add(size);
            place = Some(directory.parent as usize);
        }
    }

    fn place(&self, node: NodeId) -> Option<usize> {
        self.table.binary_search_by_key(&node, |directory| directory.node).ok()
    }

    fn place_near(&mut self, node: NodeId) -> Option<usize> {
        if self.table.get(self.last).is_none_or(|directory| directory.node != node) {
            self.last = self.place(node)?;
        }
        Some(self.last)
    }
}
