//! What a layer did to a path, and what makes two versions of a path different.

use super::{
    super::{EntryRef, Xattr, sort::sort_by},
    EntryKind, ImageTree, NodeId, Paths, RowId,
};
use alloc::vec::Vec;

/// What a layer did to a path, against the layers below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Added,
    /// It was there, and is different.
    Changed,
    /// It was there, and is gone.
    Deleted,
    /// It was named again, and is as it was.
    Unchanged,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Added, Self::Changed, Self::Deleted, Self::Unchanged];

    /// A word for it, stable.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What is different about a path: a set.
///
/// Times are not among it: whoever names a directory again for what is in it gives it a new time.
///
/// ```
/// use portolan::layers::Aspects;
/// let aspects = Aspects::MODE | Aspects::CONTENT;
/// assert_eq!(aspects.words().collect::<Vec<_>>(), ["content", "mode"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aspects(u8);

impl Aspects {
    /// What it is: file, directory, ...
    pub const TYPE: Self = Self(1);
    /// The bytes of a file.
    pub const CONTENT: Self = Self(1 << 1);
    /// How many they are.
    pub const SIZE: Self = Self(1 << 2);
    /// Permissions.
    pub const MODE: Self = Self(1 << 3);
    /// Owner or group.
    pub const OWNER: Self = Self(1 << 4);
    /// Where a link leads.
    pub const LINK: Self = Self(1 << 5);
    /// Numbers of a device.
    pub const DEVICE: Self = Self(1 << 6);
    /// Extended attributes.
    pub const XATTRS: Self = Self(1 << 7);

    const WORDS: [&str; 8] = ["type", "content", "size", "mode", "owner", "link", "device", "xattrs"];

    /// True if nothing is different.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if all of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// As a number.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Words for those that are set, stable.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, word)| *word)
    }

    fn set(&mut self, aspect: Self, different: bool) {
        if different {
            self.0 |= aspect.0;
        }
    }
}

impl core::ops::BitOr for Aspects {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Whether two files have the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Bytes {
    Same,
    Different,
    /// Nobody looked at both in the same way.
    Unknown,
}

impl Bytes {
    /// `same_layer`: both lie in layers with the same digest.
    pub(in super::super) fn compare(left: EntryRef<'_>, right: EntryRef<'_>, same_layer: bool) -> Self {
        let of = |same: bool| if same { Self::Same } else { Self::Different };
        if left.size() != right.size() {
            return Self::Different;
        }
        if left.size() == 0 || same_layer && left.offset() == right.offset() {
            return Self::Same;
        }
        match (left.content_digest(), right.content_digest(), left.print(), right.print()) {
            (Some(left), Some(right), ..) => of(left == right),
            (_, _, 0, _) | (_, _, _, 0) => Self::Unknown,
            // A print is of the body, which is shorter than the file where that has holes.
            (_, _, a, b) if left.regions() == right.regions() => of(a == b),
            _ => Self::Unknown,
        }
    }
}

/// What is different between two versions, hard links being taken for what they mean. Bytes that cannot be compared are not
/// among it.
pub(in super::super) fn aspects(left: EntryRef<'_>, right: EntryRef<'_>, bytes: Bytes) -> Aspects {
    let mut aspects = Aspects::default();
    let same_kind = left.kind() == right.kind();
    let file = same_kind && left.kind() == EntryKind::File;
    aspects.set(Aspects::TYPE, !same_kind);
    aspects.set(Aspects::CONTENT, file && bytes == Bytes::Different);
    aspects.set(Aspects::SIZE, left.size() != right.size());
    // The permissions of a symbolic link mean nothing, and tools write what they like.
    aspects.set(Aspects::MODE, left.kind() != EntryKind::Symlink && same_kind && left.mode() != right.mode());
    aspects.set(Aspects::OWNER, (left.uid(), left.gid()) != (right.uid(), right.gid()));
    aspects.set(Aspects::LINK, same_kind && left.link() != right.link());
    aspects.set(Aspects::DEVICE, same_kind && left.device() != right.device());
    aspects.set(Aspects::XATTRS, !same_xattrs(left.xattrs(), right.xattrs()));
    aspects
}

/// Tools write them in whatever order.
fn same_xattrs(left: &[Xattr], right: &[Xattr]) -> bool {
    fn sorted(xattrs: &[Xattr]) -> Vec<(&[u8], &[u8])> {
        let mut pairs: Vec<_> = xattrs.iter().map(|xattr| (&*xattr.name, &*xattr.value)).collect();
        sort_by(&mut pairs, Ord::cmp);
        pairs
    }
    left == right || left.len() == right.len() && sorted(left) == sorted(right)
}

/// What a layer did to a path.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Step {
    /// What was there before the layer.
    pub(in super::super) before: Option<RowId>,
    /// What is there once it has been laid on top.
    pub(in super::super) after: Option<RowId>,
}

impl ImageTree {
    /// What a layer did to a path; nothing if it did nothing.
    pub(in super::super) fn step_of(&self, node: NodeId, layer: u16) -> Option<Step> {
        let mut chain = self.versions.chain(self.top(node)?).skip_while(|(_, version)| version.layer() > layer);
        // A root that nobody named is no layer's doing.
        let (row, newest) = chain.next().filter(|(_, newest)| node != Paths::ROOT || !newest.implied())?;
        let shown = |version: super::Version| version.visible_after(layer);
        let below = layer.checked_sub(1);
        if newest.layer() < layer {
            let gone = !shown(newest) && below.is_some_and(|below| newest.visible_after(below));
            return gone.then_some(Step { before: Some(row), after: None });
        }
        let mut lower = chain.skip_while(|(_, version)| version.layer() == layer);
        let lower = lower.next().filter(|(_, version)| below.is_some_and(|below| version.visible_after(below)));
        let step = Step { before: lower.map(|(row, _)| row), after: Some(row).filter(|_| shown(newest)) };
        (step.before.is_some() || step.after.is_some()).then_some(step)
    }

    /// What a step was.
    pub(in super::super) fn change_of(&self, step: Step) -> Change {
        match (step.before, step.after) {
            (Some(before), Some(after)) if self.same(before, after) => Change::Unchanged,
            (Some(_), Some(_)) => Change::Changed,
            (None, _) => Change::Added,
            (Some(_), None) => Change::Deleted,
        }
    }

    /// True if two rows are known to mean the same.
    fn same(&self, left: RowId, right: RowId) -> bool {
        let (Some(left), Some(right)) = (self.meaning(left), self.meaning(right)) else { return false };
        if left.id() == right.id() {
            return true;
        }
        let digest = |row| self.layer_of(row).and_then(|layer| self.layers.get(usize::from(layer)));
        let same_layer = digest(left.id()).map(|l| &l.digest) == digest(right.id()).map(|l| &l.digest);
        let bytes = Bytes::compare(left, right, same_layer);
        bytes != Bytes::Unknown && aspects(left, right, bytes).is_empty()
    }

    /// The row that a row stands for: of a hard link, the one with its content.
    pub(in super::super) fn meaning(&self, row: RowId) -> Option<EntryRef<'_>> {
        self.listing.get(self.content_of(row).unwrap_or(row))
    }
}
