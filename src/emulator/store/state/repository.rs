//! One repository.

use super::{
    Thing,
    accept::{Outdated, Uses},
    slot::Slot,
};
use crate::{
    Digest, Tag,
    emulator::{
        clock::Instant,
        store::change::{Attributes, ManifestFacts, Stamp, Subject, TagFacts, What},
    },
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

/// One repository: what is in it, and what was.
#[derive(Default)]
pub(crate) struct Repository {
    /// When the first of its manifests came, as far as they are known.
    created: Instant,
    pub(super) deleted: Option<Slot<()>>,
    /// The latest stamp's instant.
    updated: Instant,
    pub(super) blobs: BTreeMap<Digest, Slot<u64>>,
    pub(super) manifests: BTreeMap<Digest, Slot<ManifestFacts>>,
    pub(super) tags: BTreeMap<Tag, Slot<TagFacts>>,
    pub(super) attributes: BTreeMap<Subject, Slot<Attributes>>,
    /// Manifests that name a subject, by subject.
    referrers: BTreeMap<Digest, BTreeSet<Digest>>,
    /// Blobs that manifests need, by how many, with their sizes.
    needed: BTreeMap<Digest, (usize, u64)>,
    /// Number of manifests that are there.
    live: usize,
}

impl Repository {
    /// True if it has manifests.
    pub(crate) const fn exists(&self) -> bool {
        self.live > 0
    }

    /// Number of its manifests.
    pub(crate) const fn manifest_count(&self) -> usize {
        self.live
    }

    /// When its first manifest came.
    pub(crate) const fn created(&self) -> Instant {
        self.created
    }

    /// When something in it was changed last.
    pub(crate) const fn updated(&self) -> Instant {
        self.updated
    }

    /// The size of a blob that may be used in it: it was pushed, or a manifest needs it.
    pub(crate) fn blob(&self, digest: &Digest) -> Option<u64> {
        let linked = self.blobs.get(digest).and_then(|slot| slot.value);
        linked.or_else(|| self.needed.get(digest).map(|(_, size)| *size))
    }

    /// True if a manifest needs this blob.
    pub(crate) fn needs(&self, digest: &Digest) -> bool {
        self.needed.contains_key(digest)
    }

    /// Blobs that no manifest needs, each with the instant when it was pushed.
    pub(crate) fn idle_blobs(&self) -> impl Iterator<Item = (&Digest, Instant)> {
        let linked = self.blobs.iter().filter(|(digest, slot)| slot.value.is_some() && !self.needs(digest));
        linked.map(|(digest, slot)| (digest, slot.stamp.instant))
    }

    /// A manifest.
    pub(crate) fn manifest(&self, digest: &Digest) -> Option<&ManifestFacts> {
        self.manifests.get(digest)?.value.as_ref()
    }

    /// Manifests, by digest.
    pub(crate) fn manifests(&self) -> impl DoubleEndedIterator<Item = (&Digest, &ManifestFacts)> {
        self.manifests.iter().filter_map(|(digest, slot)| Some((digest, slot.value.as_ref()?)))
    }

    /// A tag whose manifest is there.
    pub(crate) fn tag(&self, tag: &Tag) -> Option<&TagFacts> {
        let facts = self.tags.get(tag)?.value.as_ref()?;
        self.manifest(&facts.digest).map(|_| facts)
    }

    /// Tags whose manifests are there, by name.
    pub(crate) fn tags(&self) -> impl Iterator<Item = (&Tag, &TagFacts)> {
        let set = self.tags.iter().filter_map(|(tag, slot)| Some((tag, slot.value.as_ref()?)));
        set.filter(|(_, facts)| self.manifest(&facts.digest).is_some())
    }

    /// Manifests that name `subject`, by digest.
    pub(crate) fn referrers(&self, subject: &Digest) -> impl Iterator<Item = (&Digest, &ManifestFacts)> {
        let digests = self.referrers.get(subject).into_iter().flatten();
        digests.filter_map(|digest| Some((digest, self.manifest(digest)?)))
    }

    /// What may be done with the repository, or with something in it that is there.
    pub(crate) fn attributes(&self, subject: &Subject) -> Attributes {
        let created = match subject {
            // Deleting the repository deletes its attributes.
            Subject::Repository => Instant::default(),
            Subject::Tag(tag) => self.tag(tag).map_or_else(Instant::default, |facts| facts.created),
            Subject::Manifest(digest) => self.manifest(digest).map_or_else(Instant::default, |facts| facts.created),
        };
        Slot::in_force(self.attributes.get(subject), created)
    }

    /// What happened last to a thing.
    pub(super) fn last_word(&self, thing: &Thing) -> Option<(Stamp, What)> {
        Some(match thing {
            Thing::Deletion => (self.deleted.as_ref()?.stamp.clone(), What::Deleted),
            Thing::Blob(digest) => word(self.blobs.get(digest)?, |value| match value {
                Some(size) => What::BlobLinked(digest.clone(), *size),
                None => What::BlobDeleted(digest.clone()),
            }),
            Thing::Manifest(digest) => word(self.manifests.get(digest)?, |value| match value {
                Some(facts) => What::ManifestPut(digest.clone(), facts.clone()),
                None => What::ManifestDeleted(digest.clone()),
            }),
            Thing::Tag(tag) => word(self.tags.get(tag)?, |value| match value {
                Some(facts) => What::TagSet(tag.clone(), facts.clone()),
                None => What::TagRemoved(tag.clone()),
            }),
            Thing::Attributes(subject) => word(self.attributes.get(subject)?, |value| {
                What::Attributes(subject.clone(), value.copied().unwrap_or_default())
            }),
        })
    }

    /// Takes in what is known to be news.
    pub(super) fn accept(&mut self, stamp: Stamp, sequence: u64, what: What, uses: &mut Uses, outdated: &mut Outdated) {
        self.updated = self.updated.max(stamp.instant);
        match what {
            What::Deleted => self.delete(stamp, sequence, uses, outdated),
            What::BlobLinked(digest, size) => {
                self.set_blob(digest, Slot { stamp, sequence, value: Some(size) }, uses, outdated)
            }
            What::BlobDeleted(digest) => self.set_blob(digest, Slot { stamp, sequence, value: None }, uses, outdated),
            What::BlobReclaimed(digest) => {
                if let Some(slot) = self.blobs.remove(&digest) {
                    outdated.push(slot.sequence);
                    uses.lost.extend(slot.value.map(|_| digest));
                }
            }
            What::ManifestPut(digest, facts) => {
                self.set_manifest(digest, Slot { stamp, sequence, value: Some(facts) }, uses, outdated);
            }
            What::ManifestDeleted(digest) => {
                self.set_manifest(digest, Slot { stamp, sequence, value: None }, uses, outdated)
            }
            What::TagSet(tag, facts) => {
                replace(&mut self.tags, tag, Slot { stamp, sequence, value: Some(facts) }, outdated)
            }
            What::TagRemoved(tag) => replace(&mut self.tags, tag, Slot { stamp, sequence, value: None }, outdated),
            What::Attributes(subject, attributes) => {
                replace(&mut self.attributes, subject, Slot { stamp, sequence, value: Some(attributes) }, outdated);
            }
        }
    }

    fn set_blob(&mut self, digest: Digest, slot: Slot<u64>, uses: &mut Uses, outdated: &mut Outdated) {
        uses.gained.extend(slot.value.map(|size| (digest.clone(), size)));
        let was = self.blobs.get(&digest).and_then(|slot| slot.value);
        uses.lost.extend(was.map(|_| digest.clone()));
        replace(&mut self.blobs, digest, slot, outdated);
    }

    fn set_manifest(&mut self, digest: Digest, slot: Slot<ManifestFacts>, uses: &mut Uses, outdated: &mut Outdated) {
        self.forget_manifest(&digest, uses);
        if let Some(facts) = &slot.value {
            self.count_manifest(&digest, facts, uses);
        }
        replace(&mut self.manifests, digest, slot, outdated);
    }

    fn count_manifest(&mut self, digest: &Digest, facts: &ManifestFacts, uses: &mut Uses) {
        self.created = if self.live == 0 { facts.created } else { self.created.min(facts.created) };
        self.live += 1;
        if let Some(subject) = &facts.subject {
            self.referrers.entry(subject.clone()).or_default().insert(digest.clone());
        }
        for (blob, size) in &facts.blobs {
            self.needed.entry(blob.clone()).or_insert((0, *size)).0 += 1;
        }
        uses.gained.push((digest.clone(), facts.size));
        uses.gained.extend(facts.blobs.iter().cloned());
    }

    /// Takes a manifest out of what is counted, if it is there.
    fn forget_manifest(&mut self, digest: &Digest, uses: &mut Uses) {
        let Some(facts) = self.manifests.get(digest).and_then(|slot| slot.value.as_ref()) else {
            return;
        };
        self.live = self.live.saturating_sub(1);
        if let Some(subject) = &facts.subject {
            remove_from(&mut self.referrers, subject, digest);
        }
        for (blob, _) in &facts.blobs {
            release(&mut self.needed, blob);
            uses.lost.push(blob.clone());
        }
        uses.lost.push(digest.clone());
    }

    /// Everything that is older than the deletion goes; the deletion stands for it.
    fn delete(&mut self, stamp: Stamp, sequence: u64, uses: &mut Uses, outdated: &mut Outdated) {
        let older: Vec<Digest> =
            self.manifests.iter().filter(|(_, slot)| slot.stamp < stamp).map(|(digest, _)| digest.clone()).collect();
        for digest in older {
            self.forget_manifest(&digest, uses);
            outdated.extend(self.manifests.remove(&digest).map(|slot| slot.sequence));
        }
        let blobs = purge(&mut self.blobs, &stamp, outdated);
        uses.lost.extend(blobs);
        purge(&mut self.tags, &stamp, outdated);
        purge(&mut self.attributes, &stamp, outdated);
        let old = self.deleted.replace(Slot { stamp, sequence, value: None });
        outdated.extend(old.map(|slot| slot.sequence));
    }
}

fn word<T>(slot: &Slot<T>, what: impl FnOnce(Option<&T>) -> What) -> (Stamp, What) {
    (slot.stamp.clone(), what(slot.value.as_ref()))
}

fn remove_from(referrers: &mut BTreeMap<Digest, BTreeSet<Digest>>, subject: &Digest, digest: &Digest) {
    if let Some(set) = referrers.get_mut(subject) {
        set.remove(digest);
        if set.is_empty() {
            referrers.remove(subject);
        }
    }
}

fn release(needed: &mut BTreeMap<Digest, (usize, u64)>, blob: &Digest) {
    if let Some((count, _)) = needed.get_mut(blob) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            needed.remove(blob);
        }
    }
}

fn replace<K: Ord, T>(map: &mut BTreeMap<K, Slot<T>>, key: K, slot: Slot<T>, outdated: &mut Outdated) {
    outdated.extend(map.insert(key, slot).map(|old| old.sequence));
}

/// Removes what is older than `stamp`; returns what of it was there.
fn purge<K: Ord + Clone, T>(map: &mut BTreeMap<K, Slot<T>>, stamp: &Stamp, outdated: &mut Outdated) -> Vec<K> {
    let older: Vec<K> = map.iter().filter(|(_, slot)| slot.stamp < *stamp).map(|(key, _)| key.clone()).collect();
    let mut there = Vec::new();
    for key in older {
        if let Some(slot) = map.remove(&key) {
            outdated.push(slot.sequence);
            if slot.value.is_some() {
                there.push(key);
            }
        }
    }
    there
}
