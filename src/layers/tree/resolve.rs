//! Where a path leads: parents that are symbolic links are followed inside of the root.
//!
//! As unpackers do it (`securejoin`): `..` stops at the root, absolute targets begin there, what is not there is passed through by
//! its name. The last component is the caller's and never followed.

use super::{EntryKind, ImageTree, NodeId, Paths, RowId};
use alloc::{boxed::Box, vec::Vec};

/// Links followed on one way, as in `securejoin`.
const HOPS: usize = 255;
/// Bytes of link targets followed on one way.
const ROOM: usize = 16 << 10;

/// One step on the way to a directory.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// To the child with this name.
    Down(Name),
    /// To the parent.
    Up,
    /// To the root.
    Root,
}

/// A component of a path.
#[derive(Clone, Debug)]
pub(super) enum Name {
    /// By its number.
    Known(u32),
    /// One that no path has so far.
    New(Box<[u8]>),
}

/// Where a way leads.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The last node that is there.
    pub(super) node: NodeId,
    /// Names of those below it that are not, the topmost first.
    pub(super) missing: Vec<Name>,
}

impl Place {
    /// The node, if all of the way is there.
    pub(super) fn found(self) -> Option<NodeId> {
        self.missing.is_empty().then_some(self.node)
    }
}

impl ImageTree {
    /// The node that a path leads to in the merged view, through symbolic links and inside of the root; with `follow` the last component
    /// is followed, too.
    ///
    /// ```
    /// use portolan::{Digest, Limits, layers::{Entry, EntryKind, ImageTree, Listing}};
    /// let mut tree = ImageTree::new(&Limits::DEFAULT);
    /// let mut listing = Listing::new();
    /// listing.push(&Entry { path: b"usr/bin/sh", ..Entry::default() });
    /// listing.push(&Entry { path: b"bin", kind: EntryKind::Symlink, link: b"usr/bin", ..Entry::default() });
    /// tree.push_layer(Digest::sha256(b"layer"), listing)?;
    /// assert_eq!(tree.resolve(b"/bin/sh", true), tree.find(b"usr/bin/sh"));
    /// assert_eq!(tree.resolve(b"/bin", false), tree.find(b"bin"));
    /// # Ok::<(), portolan::LimitExceeded>(())
    /// ```
    #[must_use]
    pub fn resolve(&self, path: &[u8], follow: bool) -> Option<NodeId> {
        let mut way = self.steps(path);
        let last = if follow || !matches!(way.first(), Some(Step::Down(_))) { None } else { Some(way.remove(0)) };
        let mut place = self.walk(way, HOPS, &mut ROOM.clone())?;
        if let Some(last) = last {
            self.step(&mut place, last, false);
        }
        place.found().filter(|node| self.visible(*node).is_some())
    }

    /// Follows `way`, whose last step is walked first. Where links lead in circles, they are taken for directories. `room` loses the
    /// bytes of links that were followed; nothing once there is none left.
    pub(super) fn lead(&self, way: Vec<Step>, room: &mut usize) -> Option<Place> {
        let most = ROOM.min(*room);
        let mut left = most;
        let place = self.walk(way.clone(), HOPS, &mut left);
        *room -= most - left;
        if *room == 0 {
            return None;
        }
        place.or_else(|| self.walk(way, 0, &mut left))
    }

    /// Nothing if there are more than `hops` links to follow, or their targets have more bytes than `room`. With 0 hops none is followed.
    fn walk(&self, mut way: Vec<Step>, hops: usize, room: &mut usize) -> Option<Place> {
        let (mut place, mut followed) = (Place::default(), 0);
        while let Some(step) = way.pop() {
            let Some(link) = self.step(&mut place, step, hops > 0) else { continue };
            followed += 1;
            let left = room.checked_sub(link.len().max(1));
            *room = left.unwrap_or(0);
            left.filter(|_| followed <= hops)?;
            way.extend(self.steps(link));
        }
        Some(place)
    }

    /// Takes one step; the target of the link instead, if there is one to follow.
    fn step(&self, place: &mut Place, step: Step, follow: bool) -> Option<&[u8]> {
        match step {
            Step::Root => *place = Place::default(),
            Step::Up if place.missing.pop().is_some() => {}
            Step::Up => place.node = self.paths().parent(place.node).unwrap_or(Paths::ROOT),
            Step::Down(name) => match self.below(place, &name) {
                None => place.missing.push(name),
                Some(child) => match self.symlink(child).filter(|_| follow) {
                    Some(link) => return Some(link),
                    None => place.node = child,
                },
            },
        }
        None
    }

    fn below(&self, place: &Place, name: &Name) -> Option<NodeId> {
        let Name::Known(name) = name else { return None };
        self.paths().named(place.node, *name).filter(|_| place.missing.is_empty())
    }

    /// Where a symbolic link leads, or a hard link to one.
    fn symlink(&self, node: NodeId) -> Option<&[u8]> {
        let means = self.meaning(self.visible(node)?)?;
        (means.kind() == EntryKind::Symlink).then_some(means.link())
    }

    /// The steps of a path, the last one first.
    fn steps(&self, path: &[u8]) -> Vec<Step> {
        let parts = path.split(|b| *b == b'/').rev().filter(|part| !matches!(*part, b"" | b"."));
        let step = |part: &[u8]| if part == b".." { Step::Up } else { Step::Down(self.name(part)) };
        let root = path.starts_with(b"/").then_some(Step::Root);
        parts.map(step).chain(root).collect()
    }

    fn name(&self, text: &[u8]) -> Name {
        self.paths().names().find(text).map_or_else(|| Name::New(text.into()), Name::Known)
    }

    /// The row at a hard link's target, cleaned by its letters alone as unpackers do, parents followed. Nothing as for
    /// [`ImageTree::lead`].
    pub(super) fn linked(&self, target: &[u8], room: &mut usize) -> Option<Option<RowId>> {
        let mut parts = Vec::new();
        for part in target.split(|b| *b == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        let Some(last) = parts.pop() else { return Some(None) };
        let way = parts.into_iter().rev().map(|part| Step::Down(self.name(part))).collect();
        let directory = self.lead(way, room)?.found();
        let node = directory.and_then(|directory| self.paths().child(directory, last));
        let row = node
            .filter(|node| self.visible_kind(*node) != Some(EntryKind::Directory))
            .and_then(|node| self.visible(node));
        Some(row)
    }
}
