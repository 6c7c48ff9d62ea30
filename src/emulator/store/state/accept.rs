//! Taking a change in, if it is news.

use super::{Key, Repository, State, Thing, Use, slot::Slot};
use crate::{
    Digest, RepositoryName,
    emulator::store::change::{Change, What},
};
use alloc::vec::Vec;

/// Content that a change began, with its size, or ceased to use.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) gained: Vec<(Digest, u64)>,
    pub(super) lost: Vec<Digest>,
}

/// Numbers that no longer stand for anything.
pub(super) type Outdated = Vec<u64>;

impl State {
    /// True if `change` would be news.
    pub(crate) fn is_news(&self, change: &Change) -> bool {
        self.repositories.get(&change.repository).is_none_or(|repository| repository.is_news(change))
    }

    /// Takes a change in under its number; false if something later is known, so that nothing came of it.
    pub(crate) fn accept(&mut self, change: Change) -> bool {
        if !self.is_news(&change) {
            return false;
        }
        let Change { sequence, stamp, repository: name, what } = change;
        self.last = self.last.max(sequence);
        self.latest = self.latest.max(stamp.instant);
        let thing = what.thing();
        let (mut uses, mut outdated) = (Uses::default(), Outdated::new());
        let repository = self.repositories.entry(name.clone()).or_default();
        repository.accept(stamp, sequence, what, &mut uses, &mut outdated);
        self.count(uses);
        for number in outdated {
            self.log.remove(&number);
        }
        if let Some(thing) = thing {
            self.enter(sequence, name, thing);
        }
        true
    }

    fn enter(&mut self, sequence: u64, repository: RepositoryName, thing: Thing) {
        self.log.insert(sequence, Key { repository, thing });
    }

    /// Gains first: what is only passed on is not unused in between.
    fn count(&mut self, uses: Uses) {
        for (digest, size) in uses.gained {
            self.unused.remove(&digest);
            self.uses.entry(digest).or_insert(Use { count: 0, size }).count += 1;
        }
        for digest in uses.lost {
            let Some(found) = self.uses.get_mut(&digest) else { continue };
            found.count = found.count.saturating_sub(1);
            if found.count == 0 {
                self.uses.remove(&digest);
                self.unused.insert(digest, self.last);
            }
        }
    }
}

impl Repository {
    fn is_news(&self, change: &Change) -> bool {
        let stamp = &change.stamp;
        if self.deleted.as_ref().is_some_and(|slot| slot.stamp >= *stamp) {
            return false;
        }
        match &change.what {
            What::Deleted => true,
            What::BlobLinked(digest, _) | What::BlobDeleted(digest) => {
                Slot::is_older_than(self.blobs.get(digest), stamp)
            }
            What::BlobReclaimed(digest) => self.blobs.contains_key(digest),
            What::ManifestPut(digest, _) | What::ManifestDeleted(digest) => {
                Slot::is_older_than(self.manifests.get(digest), stamp)
            }
            What::TagSet(tag, _) | What::TagRemoved(tag) => Slot::is_older_than(self.tags.get(tag), stamp),
            What::Attributes(subject, _) => Slot::is_older_than(self.attributes.get(subject), stamp),
        }
    }
}
