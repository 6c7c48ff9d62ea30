//! What is told of one path.

use super::{
    super::{EntryKind, EntryRef, Flags},
    Change, ImageTree, NodeId, Total,
    filter::Seen,
};
use alloc::vec::Vec;

/// A path of an image or of one layer, with all that a table of files shows.
#[derive(Clone, Copy, Debug)]
pub struct FileRow<'t> {
    /// Its node in [`ImageTree::paths`]: the same for as long as the tree lives. 0 is the root.
    pub id: NodeId,
    /// The last component; empty for the root.
    pub name: &'t [u8],
    /// What it is. A hard link is one, whatever it means: see [`FileRow::means`].
    pub kind: EntryKind,
    /// Bytes; of a directory, of all files of the view below it, each content once however many names it has.
    pub size: u64,
    /// Of a directory: files of the view below it, all kinds but directories. 0 for all others.
    pub files: u32,
    /// Permissions, 07777. Of a hard link, this and what follows is its target's.
    pub mode: u16,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Seconds since 1970.
    pub mtime: i64,
    /// Target of a symbolic or hard link, as written.
    pub link: &'t [u8],
    /// Place of the layer that has the last word on it, 0 being the bottom. Of a path that is gone: the layer that had it last.
    pub layer: usize,
    /// In a layer's view, what the layer did to it; nothing for directories that only hold what the layer did.
    pub change: Option<Change>,
    /// Place of the layer that took it away, if it is gone.
    pub deleted_by: Option<usize>,
    /// A directory that no layer names, made for what is in it.
    pub implied: bool,
    /// What is odd about it.
    pub flags: Flags,
    tree: &'t ImageTree,
    means: EntryRef<'t>,
}

/// A page of rows.
#[derive(Clone, Debug)]
pub struct Rows<'t> {
    /// The rows, in the order asked for.
    pub rows: Vec<FileRow<'t>>,
    /// How many there are in all.
    pub total: usize,
}

impl<'t> FileRow<'t> {
    pub(super) fn new(tree: &'t ImageTree, id: NodeId, seen: Seen<'t>, total: Option<Total>) -> Option<Self> {
        let Seen { entry, means, change, deleted_by } = seen;
        let version = tree.versions.get(entry.id())?;
        let directory = total.unwrap_or_default();
        let is_directory = entry.kind() == EntryKind::Directory;
        let (size, files) = if is_directory { (directory.size, directory.files) } else { (means.size(), 0) };
        Some(Self {
            id,
            name: entry.name(),
            kind: entry.kind(),
            size,
            files,
            mode: means.mode(),
            uid: means.uid(),
            gid: means.gid(),
            mtime: means.mtime(),
            link: entry.link(),
            layer: usize::from(version.layer()),
            change,
            deleted_by: deleted_by.map(usize::from),
            implied: version.implied(),
            flags: entry.flags(),
            tree,
            means,
        })
    }

    /// The path, below the root.
    #[must_use]
    pub fn path(&self) -> Vec<u8> {
        self.tree.paths().path(self.id)
    }

    /// The entry that it means: of a hard link, the file it is a name of, or itself where that is missing.
    #[must_use]
    pub fn means(&self) -> EntryRef<'t> {
        self.means
    }

    /// Place of the layer that has the content: for hard links, it may be lower than [`FileRow::layer`].
    #[must_use]
    pub fn content_layer(&self) -> usize {
        self.tree.layer_of(self.means.id()).map_or(self.layer, usize::from)
    }
}
