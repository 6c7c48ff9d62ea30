//! Looking things up.

use super::{
    ContentStream, Store, StoreError,
    change::{Attributes, ManifestFacts, Subject, TagFacts},
};
use crate::{Digest, ReferenceTarget, RepositoryName, Tag, emulator::clock::Instant};
use bytes::Bytes;
use core::ops::Range;
use std::io;
use tokio::task::spawn_blocking;

/// What is known of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RepositoryFacts {
    /// When its first manifest came.
    pub(crate) created: Instant,
    /// When something in it was changed last.
    pub(crate) updated: Instant,
    /// Number of manifests.
    pub(crate) manifests: usize,
    /// Number of tags.
    pub(crate) tags: usize,
    /// What may be done with it.
    pub(crate) attributes: Attributes,
}

/// A manifest that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundManifest {
    /// Its digest.
    pub(crate) digest: Digest,
    /// What is known of it.
    pub(crate) facts: ManifestFacts,
}

impl Store {
    /// A repository that has manifests.
    pub(crate) fn repository(&self, name: &RepositoryName) -> Result<RepositoryFacts, StoreError> {
        let inner = self.0.shared.lock();
        let repository = inner.state.existing(name).ok_or(StoreError::NameUnknown)?;
        Ok(RepositoryFacts {
            created: repository.created(),
            updated: repository.updated(),
            manifests: repository.manifest_count(),
            tags: repository.tags().count(),
            attributes: repository.attributes(&Subject::Repository),
        })
    }

    /// What may be done with something: everything if it is not there.
    pub(crate) fn attributes(&self, name: &RepositoryName, subject: &Subject) -> Attributes {
        let inner = self.0.shared.lock();
        inner.state.repository(name).map_or_else(Attributes::default, |repository| repository.attributes(subject))
    }

    /// The size of a blob of a repository. Whoever learns that it is there may name it within the hour
    /// ([`Store::reclaim`]).
    pub(crate) fn blob(&self, name: &RepositoryName, digest: &Digest) -> Result<u64, StoreError> {
        let mut inner = self.0.shared.lock();
        let size = inner.state.repository(name).and_then(|repository| repository.blob(digest));
        let size = size.filter(|_| !inner.missing.contains(digest)).ok_or(StoreError::BlobUnknown)?;
        inner.touched.insert(digest.clone(), Instant::now());
        Ok(size)
    }

    /// The bytes in `range` of some content.
    pub(crate) fn open_content(&self, digest: &Digest, range: Range<u64>) -> Result<ContentStream, StoreError> {
        self.0.content.open(digest, range).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::BlobUnknown,
            _ => error.into(),
        })
    }

    /// A manifest, by tag or digest; those that may not be pulled among them.
    pub(crate) fn manifest(
        &self,
        name: &RepositoryName,
        target: &ReferenceTarget,
    ) -> Result<FoundManifest, StoreError> {
        let inner = self.0.shared.lock();
        let repository = inner.state.existing(name).ok_or(StoreError::ManifestUnknown)?;
        let digest = match target {
            ReferenceTarget::Digest(digest) => Some(digest),
            ReferenceTarget::Tag(tag) => repository.tag(tag).map(|facts| &facts.digest),
        };
        let found = digest.and_then(|digest| Some((digest, repository.manifest(digest)?)));
        let (digest, facts) = found.ok_or(StoreError::ManifestUnknown)?;
        Ok(FoundManifest { digest: digest.clone(), facts: facts.clone() })
    }

    /// The bytes of a manifest.
    pub(crate) async fn manifest_bytes(&self, digest: &Digest) -> Result<Bytes, StoreError> {
        let (store, digest) = (self.clone(), digest.clone());
        let read = spawn_blocking(move || store.0.content.read(&digest)).await.map_err(io::Error::other)?;
        read.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::ManifestUnknown,
            _ => error.into(),
        })
    }

    /// A tag.
    pub(crate) fn tag(&self, name: &RepositoryName, tag: &Tag) -> Result<TagFacts, StoreError> {
        let inner = self.0.shared.lock();
        let facts = inner.state.existing(name).and_then(|repository| repository.tag(tag));
        facts.cloned().ok_or(StoreError::ManifestUnknown)
    }

    /// The size of content that some repository uses.
    pub(crate) fn content_size(&self, digest: &Digest) -> Option<u64> {
        self.0.shared.lock().state.size(digest)
    }

    /// Bytes of all content that repositories use.
    pub(crate) fn usage(&self) -> u64 {
        self.0.shared.lock().state.bytes_used()
    }
}
