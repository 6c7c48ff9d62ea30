//! What other tools make of layers: yardsticks for the tests of `layers`.

pub(crate) mod gnu_tar;
pub(crate) mod walk;

use portolan::layers::EntryKind;
use std::collections::BTreeMap;

/// A path as a tool or a file system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) kind: EntryKind,
    /// 07777.
    pub(crate) mode: u16,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Of files; 0 for all others.
    pub(crate) size: u64,
    /// Seconds since 1970, cut towards the past.
    pub(crate) mtime: i64,
    /// Target of a symbolic link; in an archive, of a hard link too.
    pub(crate) link: Vec<u8>,
    pub(crate) device: (u32, u32),
    /// Empty where the tool does not tell.
    pub(crate) xattrs: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Bytes of a name for people.
pub(crate) fn shown(name: &[u8]) -> String {
    name.escape_ascii().to_string()
}
