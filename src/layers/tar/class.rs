//! What the type byte of a header means.

use crate::layers::{EntryKind, Flags};

/// What a header begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// An entry; `body` if bytes follow. What the size of a link, device or directory means nobody agrees on, and
    /// those who read layers for a living (Go, libarchive, Python) take it for 0.
    Entry { kind: EntryKind, body: bool, flags: Flags },
    /// A block that says more of the next entry, or of all entries.
    Extension(Extension),
    /// A sparse file (old GNU).
    Sparse,
    /// The label of an archive.
    Volume,
}

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    Global,
    Link,
    Name,
    Records,
}

impl Class {
    pub(super) fn of(kind: u8) -> Self {
        let plain = |kind| Self::Entry { kind, body: kind == EntryKind::File, flags: Flags::default() };
        match kind {
            // '7' was a contiguous file once.
            b'0' | b'7' | 0 => plain(EntryKind::File),
            b'1' => plain(EntryKind::Hardlink),
            b'2' => plain(EntryKind::Symlink),
            b'3' => plain(EntryKind::CharDevice),
            b'4' => plain(EntryKind::BlockDevice),
            b'5' => plain(EntryKind::Directory),
            b'6' => plain(EntryKind::Fifo),
            // A directory with the names in it (GNU, incremental).
            b'D' => Self::Entry { kind: EntryKind::Directory, body: true, flags: Flags::default() },
            b'K' => Self::Extension(Extension::Link),
            b'L' => Self::Extension(Extension::Name),
            b'S' => Self::Sparse,
            b'V' => Self::Volume,
            b'g' => Self::Extension(Extension::Global),
            // 'X' is how Solaris wrote it before POSIX.
            b'x' | b'X' => Self::Extension(Extension::Records),
            _ => Self::Entry { kind: EntryKind::File, body: true, flags: Flags::UNKNOWN_TYPE },
        }
    }
}
