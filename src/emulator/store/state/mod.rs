//! What is true in a region: repositories with their blobs, manifests, tags and attributes, each the last word on it.
//!
//! Conflicts are settled thing by thing: the later [`Stamp`] wins, in every region alike, so that regions which have
//! seen the same changes hold the same, in whatever order they saw them. What was deleted leaves its stamp behind, so that
//! an older word which arrives late does not bring it back. Deleting a repository counts for all in it that is older. A tag
//! whose manifest is gone is not there; deleting a manifest removes the tags that are known to name it.

mod accept;
mod repository;
mod slot;

use super::change::{Change, Stamp, Subject, What};
use crate::{Digest, RepositoryName, Tag, emulator::clock::Instant};
use alloc::{collections::BTreeMap, vec::Vec};
use core::ops::Bound;
pub(super) use repository::Repository;

/// All that is true in a region.
#[derive(Default)]
pub(super) struct State {
    /// Number of the last change.
    pub(super) last: u64,
    /// The latest instant seen.
    pub(super) latest: Instant,
    /// Repositories, those that are gone too.
    repositories: BTreeMap<RepositoryName, Repository>,
    /// What was changed last, by number.
    log: BTreeMap<u64, Key>,
    /// Content that is named, by blob links and manifests.
    uses: BTreeMap<Digest, Use>,
    /// Content that no longer is, and since which change.
    unused: BTreeMap<Digest, u64>,
}

/// How often content is named.
struct Use {
    count: usize,
    size: u64,
}

/// What a number in the log stands for; what happened to it last is with the thing itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    repository: RepositoryName,
    thing: Thing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Deletion,
    Blob(Digest),
    Manifest(Digest),
    Tag(Tag),
    Attributes(Subject),
}

impl State {
    /// A repository, whether it has manifests or not.
    pub(super) fn repository(&self, name: &RepositoryName) -> Option<&Repository> {
        self.repositories.get(name)
    }

    /// A repository that has manifests.
    pub(super) fn existing(&self, name: &RepositoryName) -> Option<&Repository> {
        self.repositories.get(name).filter(|repository| repository.exists())
    }

    /// Repositories with manifests, by name.
    pub(super) fn repositories(&self) -> impl Iterator<Item = (&RepositoryName, &Repository)> {
        self.repositories.iter().filter(|(_, repository)| repository.exists())
    }

    /// All repositories.
    pub(super) fn all(&self) -> impl Iterator<Item = (&RepositoryName, &Repository)> {
        self.repositories.iter()
    }

    /// True if some repository has the content.
    pub(super) fn is_used(&self, digest: &Digest) -> bool {
        self.uses.contains_key(digest)
    }

    /// The size of content that some repository has.
    pub(super) fn size(&self, digest: &Digest) -> Option<u64> {
        self.uses.get(digest).map(|one| one.size)
    }

    /// Bytes of all that is used.
    pub(super) fn bytes_used(&self) -> u64 {
        self.uses.values().fold(0, |sum, one| sum.saturating_add(one.size))
    }

    /// Takes out what is no longer used since change number `position`.
    pub(super) fn take_unused(&mut self, position: u64) -> Vec<Digest> {
        let old = |since: &u64| *since <= position;
        let unused = self.unused.iter().filter(|(_, since)| old(since)).map(|(digest, _)| digest.clone()).collect();
        self.unused.retain(|_, since| !old(since));
        unused
    }

    /// Content that was not removed, and should be another time.
    pub(super) fn put_back(&mut self, digest: Digest, position: u64) {
        self.unused.insert(digest, position);
    }

    /// The last word on a blob, manifest or tag of a repository, with no number.
    pub(super) fn word(&self, repository: &RepositoryName, thing: &Thing) -> Option<Change> {
        self.change(0, &Key { repository: repository.clone(), thing: thing.clone() })
    }

    /// The next stamp of `region`: later than all that was seen.
    pub(super) fn stamp(&mut self, region: &str) -> Stamp {
        self.latest = Instant::now().max(Instant(self.latest.0.saturating_add(1)));
        Stamp { instant: self.latest, region: region.into() }
    }

    /// What happened after number `position`, in order: of each thing the last word.
    pub(super) fn since(&self, position: u64) -> impl Iterator<Item = Change> {
        let numbered = self.log.range((Bound::Excluded(position), Bound::Unbounded));
        numbered.filter_map(|(sequence, key)| self.change(*sequence, key))
    }

    fn change(&self, sequence: u64, key: &Key) -> Option<Change> {
        let (stamp, what) = self.repositories.get(&key.repository)?.last_word(&key.thing)?;
        Some(Change { sequence, stamp, repository: key.repository.clone(), what })
    }
}

impl What {
    fn thing(&self) -> Option<Thing> {
        Some(match self {
            Self::Deleted => Thing::Deletion,
            Self::BlobLinked(digest, _) | Self::BlobDeleted(digest) => Thing::Blob(digest.clone()),
            Self::BlobReclaimed(_) => return None,
            Self::ManifestPut(digest, _) | Self::ManifestDeleted(digest) => Thing::Manifest(digest.clone()),
            Self::TagSet(tag, _) | Self::TagRemoved(tag) => Thing::Tag(tag.clone()),
            Self::Attributes(subject, _) => Thing::Attributes(subject.clone()),
        })
    }
}
