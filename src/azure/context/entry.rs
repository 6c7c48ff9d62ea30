//! One member of an archive.

use alloc::vec::Vec;

/// What a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A file, whose contents follow.
    File {
        /// Bytes that follow.
        size: u64,
    },
    /// A directory.
    Directory,
    /// A symbolic link. It stays one, wherever it points.
    Link {
        /// Where it points.
        target: Vec<u8>,
    },
}

/// A member of an archive, without its contents.
///
/// Owner and group are numbers only, and root unless said otherwise: nobody's account name leaves with a context.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Path from the archive's root, separated by `/`, with no slash at either end.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Permissions, with the set-user-id, set-group-id and sticky bits.
    pub mode: u32,
    /// Seconds since 1970 of the last change.
    pub modified: u64,
    /// Owner.
    pub user: u32,
    /// Group.
    pub group: u32,
}

impl Entry {
    /// A file that anybody may read.
    #[must_use]
    pub fn file(path: impl Into<Vec<u8>>, size: u64) -> Self {
        Self::new(path, EntryKind::File { size }, 0o644)
    }

    /// A directory that anybody may enter.
    #[must_use]
    pub fn directory(path: impl Into<Vec<u8>>) -> Self {
        Self::new(path, EntryKind::Directory, 0o755)
    }

    /// A symbolic link.
    #[must_use]
    pub fn link(path: impl Into<Vec<u8>>, target: impl Into<Vec<u8>>) -> Self {
        Self::new(path, EntryKind::Link { target: target.into() }, 0o777)
    }

    fn new(path: impl Into<Vec<u8>>, kind: EntryKind, mode: u32) -> Self {
        Self { path: path.into(), kind, mode, modified: 0, user: 0, group: 0 }
    }

    /// The same with these permissions.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// The same, last changed then.
    #[must_use]
    pub fn modified(mut self, seconds: u64) -> Self {
        self.modified = seconds;
        self
    }

    /// The same with this owner and group.
    #[must_use]
    pub fn owner(mut self, user: u32, group: u32) -> Self {
        (self.user, self.group) = (user, group);
        self
    }
}
