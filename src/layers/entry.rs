//! One entry of a layer.

use alloc::vec::Vec;

/// Prefix of every whiteout. OCI image-spec v1.1, "Whiteouts".
const WHITEOUT: &[u8] = b".wh.";
/// Names that start so are AUFS's own and name no file.
const RESERVED: &[u8] = b".wh..wh.";
const OPAQUE: &[u8] = b".wh..wh..opq";

/// What an entry is.
///
/// ```
/// assert_eq!(portolan::layers::EntryKind::Directory.as_str(), "directory");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EntryKind {
    /// A file with content.
    #[default]
    File = 0,
    /// A directory.
    Directory = 1,
    /// A symbolic link.
    Symlink = 2,
    /// Another name of a file in this layer or one below.
    Hardlink = 3,
    /// A character device.
    CharDevice = 4,
    /// A block device.
    BlockDevice = 5,
    /// A named pipe.
    Fifo = 6,
}

impl EntryKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 7] =
        [Self::File, Self::Directory, Self::Symlink, Self::Hardlink, Self::CharDevice, Self::BlockDevice, Self::Fifo];

    /// A word for it, stable.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::CharDevice => "char-device",
            Self::BlockDevice => "block-device",
            Self::Fifo => "fifo",
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What is odd about an entry: a set, shown to people and never silent.
///
/// ```
/// use portolan::layers::Flags;
/// let flags = Flags::ABSOLUTE | Flags::ESCAPES;
/// assert!(flags.contains(Flags::ESCAPES) && !flags.contains(Flags::SPARSE));
/// assert_eq!(flags.words().collect::<Vec<_>>(), ["absolute", "escapes"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// The name began with `/`.
    pub const ABSOLUTE: Self = Self(1);
    /// The name had `..` that led above the root; it was clamped there.
    pub const ESCAPES: Self = Self(1 << 1);
    /// The target of the link leads above the root.
    pub const LINK_ESCAPES: Self = Self(1 << 2);
    /// The pax record and the header give different sizes; the record counts.
    pub const SIZE_CONFLICT: Self = Self(1 << 3);
    /// A sparse file: it takes less room in the layer than its size.
    pub const SPARSE: Self = Self(1 << 4);
    /// The header's type is none we know: read as a file, as POSIX has it.
    pub const UNKNOWN_TYPE: Self = Self(1 << 5);
    /// An owner or device number was too large and was cut to the largest there is.
    pub const ID_CLAMPED: Self = Self(1 << 6);
    /// The path came before in the same layer.
    pub const REPEATED: Self = Self(1 << 7);
    /// The name ends in a NUL or has one inside.
    pub const NUL: Self = Self(1 << 8);
    /// The name was too long, and was cut.
    pub const CUT: Self = Self(1 << 9);
    /// A hard link to what is not there: found when layers are laid over one another.
    pub const NO_TARGET: Self = Self(1 << 10);

    const WORDS: [&str; 11] = [
        "absolute",
        "escapes",
        "link-escapes",
        "size-conflict",
        "sparse",
        "unknown-type",
        "id-clamped",
        "repeated",
        "nul",
        "cut",
        "no-target",
    ];

    /// True if all of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// True if nothing is odd.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds `other`.
    pub fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Words for those that are set, stable.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, word)| *word)
    }

    /// As a number, for storing.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// From a number; bits that mean nothing are dropped.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & ((1 << Self::WORDS.len()) - 1))
    }
}

impl core::ops::BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// An extended attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xattr {
    /// Name, such as `security.capability`.
    pub name: Vec<u8>,
    /// Value.
    pub value: Vec<u8>,
}

/// What a whiteout takes away from the layers below.
///
/// ```
/// use portolan::layers::Whiteout;
/// assert_eq!(Whiteout::of(b"etc/.wh.passwd"), Some(Whiteout::Path(b"passwd")));
/// assert_eq!(Whiteout::of(b"etc/.wh..wh..opq"), Some(Whiteout::Opaque));
/// assert_eq!(Whiteout::of(b"etc/passwd"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whiteout<'a> {
    /// Everything that lower layers have in its directory.
    Opaque,
    /// The name beside it.
    Path(&'a [u8]),
    /// Nothing: a file of AUFS's own.
    Reserved,
}

impl<'a> Whiteout<'a> {
    /// Reads the last component of `path`.
    #[must_use]
    pub fn of(path: &'a [u8]) -> Option<Self> {
        let name = path.rsplit(|b| *b == b'/').next()?;
        let hidden = name.strip_prefix(WHITEOUT)?;
        Some(match name {
            OPAQUE => Self::Opaque,
            _ if name.starts_with(RESERVED) || hidden.is_empty() => Self::Reserved,
            _ => Self::Path(hidden),
        })
    }
}

/// One entry of a layer, as its headers say.
///
/// Names are bytes: nothing promises UTF-8. Show them with [`text::shown_bytes`](crate::text::shown_bytes).
///
/// ```
/// use portolan::layers::{Entry, EntryKind};
/// let entry = Entry { path: b"etc/hostname", size: 5, mode: 0o644, ..Entry::default() };
/// assert_eq!((entry.kind, entry.whiteout()), (EntryKind::File, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Path below the root: no `/` at either end, no `.`, `..` or empty part. Empty for the root itself.
    pub path: &'a [u8],
    /// What it is.
    pub kind: EntryKind,
    /// Permissions with set-id and sticky bits: 07777.
    pub mode: u16,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Seconds since 1970.
    pub mtime: i64,
    /// Size of the content in bytes; of a sparse file with its holes. 0 for all but files.
    pub size: u64,
    /// Where its body begins in the uncompressed layer, in bytes.
    pub offset: u64,
    /// How many bytes the body has there; less than the size for sparse files.
    pub stored: u64,
    /// Target of a symbolic or hard link, as written.
    pub link: &'a [u8],
    /// Major and minor number of a device.
    pub device: (u32, u32),
    /// Extended attributes.
    pub xattrs: &'a [Xattr],
    /// What is odd about it.
    pub flags: Flags,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self {
            path: b"",
            kind: EntryKind::File,
            mode: 0,
            uid: 0,
            gid: 0,
            mtime: 0,
            size: 0,
            offset: 0,
            stored: 0,
            link: b"",
            device: (0, 0),
            xattrs: &[],
            flags: Flags::default(),
        }
    }
}

impl Entry<'_> {
    /// What it takes away, if it is a whiteout.
    #[must_use]
    pub fn whiteout(&self) -> Option<Whiteout<'_>> {
        Whiteout::of(self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l10_whiteouts_are_told_from_files() {
        for (path, expected) in [
            ("a/.wh.b", Some(Whiteout::Path(b"b"))),
            (".wh.b", Some(Whiteout::Path(b"b"))),
            ("a/.wh..wh..opq", Some(Whiteout::Opaque)),
            ("a/.wh..wh.plnk", Some(Whiteout::Reserved)),
            ("a/.wh.", Some(Whiteout::Reserved)),
            ("a/.wh.b/c", None),
            ("a/.w", None),
            ("", None),
        ] {
            assert_eq!(Whiteout::of(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn flags_survive_as_numbers() {
        let flags = Flags::SPARSE | Flags::CUT;
        assert_eq!(Flags::from_bits(flags.bits()), flags);
        assert_eq!(Flags::from_bits(u16::MAX).words().count(), Flags::WORDS.len());
    }

    #[test]
    fn kinds_survive_as_numbers() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::from_number(kind as u8), Some(kind));
        }
        assert_eq!(EntryKind::from_number(7), None);
    }
}
