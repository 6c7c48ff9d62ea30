//! Where a path leads: parents that are symbolic links are followed inside of the root.
//!
//! As unpackers do it (`securejoin`): `..` stops at the root, absolute targets begin there, what is not there is passed through by
//! its name. The last component is the caller's and never followed.

use super::{super::listing::NONE, EntryKind, ImageTree, NodeId, Paths};
use alloc::vec::Vec;

/// Links followed on one way, as in `securejoin`.
const HOPS: usize = 255;
/// Steps that links may add to one way.
const STEPS: usize = 4096;

/// One step on the way to a directory.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// To the child with this name; `NONE` is a name that nothing has.
    Name(u32),
    /// To the parent.
    Up,
    /// To the root.
    Root,
}

/// Where a way leads.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The last node that is there.
    pub(super) node: NodeId,
    /// Names of those below it that are not, the topmost first.
    pub(super) missing: Vec<u32>,
}

impl Place {
    /// The node, if all of the way is there.
    pub(super) fn found(self) -> Option<NodeId> {
        self.missing.is_empty().then_some(self.node)
    }
}

impl ImageTree {
    /// Follows `way`, whose last step is walked first. Where links lead in circles, they are taken for directories.
    pub(super) fn resolve(&mut self, way: &[Step]) -> Place {
        self.walk(way.to_vec(), HOPS).or_else(|| self.walk(way.to_vec(), 0)).unwrap_or_default()
    }

    /// Nothing if there are more than `hops` links to follow. With 0 none is.
    fn walk(&mut self, mut way: Vec<Step>, hops: usize) -> Option<Place> {
        let (mut place, mut followed, mut room) = (Place::default(), 0, STEPS);
        while let Some(step) = way.pop() {
            let Some(link) = self.step(&mut place, step, hops > 0) else { continue };
            followed += 1;
            let steps = self.steps(&link);
            room = room.checked_sub(steps.len()).filter(|_| followed <= hops)?;
            way.extend(steps);
        }
        Some(place)
    }

    /// Takes one step; the target of the link instead, if there is one to follow.
    fn step(&self, place: &mut Place, step: Step, follow: bool) -> Option<Vec<u8>> {
        match step {
            Step::Root => *place = Place::default(),
            Step::Up if place.missing.pop().is_some() => {}
            Step::Up => place.node = self.paths().parent(place.node).unwrap_or(Paths::ROOT),
            Step::Name(name) => match self.paths().named(place.node, name).filter(|_| place.missing.is_empty()) {
                Some(child) => match self.symlink(child).filter(|_| follow) {
                    Some(link) => return Some(link.into()),
                    None => place.node = child,
                },
                None => place.missing.push(name),
            },
        }
        None
    }

    fn symlink(&self, node: NodeId) -> Option<&[u8]> {
        self.entry(node).filter(|entry| entry.kind() == EntryKind::Symlink).map(|entry| entry.link())
    }

    /// The steps of a link's target, the last one first.
    fn steps(&mut self, link: &[u8]) -> Vec<Step> {
        let parts = link.split(|b| *b == b'/').rev().filter(|part| !matches!(*part, b"" | b"."));
        let names = &mut self.listing.paths;
        let step = |part: &[u8]| match part {
            b".." => Step::Up,
            name => Step::Name(names.intern(name).unwrap_or(NONE)),
        };
        let root = link.starts_with(b"/").then_some(Step::Root);
        parts.map(step).chain(root).collect()
    }

    /// The directory and the last component of a hard link's target, cleaned by its letters alone as unpackers do.
    pub(super) fn split(&self, target: &[u8]) -> Option<(Vec<Step>, u32)> {
        let mut parts = Vec::new();
        for part in target.split(|b| *b == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        let name = |part| self.paths().names().find(part).unwrap_or(NONE);
        let last = name(parts.pop()?);
        Some((parts.into_iter().rev().map(|part| Step::Name(name(part))).collect(), last))
    }
}
