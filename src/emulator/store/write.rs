//! Changing what is there: each returns when it is durable.

use super::{
    Store, StoreError,
    change::{Attributes, AttributesPatch, ManifestFacts, Subject, TagFacts, What},
    content::Finished,
    manifest::ReadManifest,
    shared::{Inner, Pin},
    state::Repository,
};
use crate::{Digest, RepositoryName, Tag, emulator::clock::Instant};
use alloc::{vec, vec::Vec};
use bytes::Bytes;
use futures_core::Stream;
use std::io;
use tokio::task::spawn_blocking;

/// A manifest that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PutManifest {
    /// Its digest.
    pub(crate) digest: Digest,
    /// The manifest that it refers to.
    pub(crate) subject: Option<Digest>,
    /// Its type.
    pub(crate) media_type: alloc::string::String,
}

impl Store {
    /// Begins an upload; it will be hashed by `algorithm` while it comes. Returns its number.
    pub(crate) fn start_upload(
        &self,
        name: &RepositoryName,
        algorithm: &str,
    ) -> Result<alloc::string::String, StoreError> {
        self.may_write(name)?;
        self.0.uploads.start(name, algorithm)
    }

    /// How many bytes of an upload are there.
    pub(crate) async fn upload_position(&self, name: &RepositoryName, id: &str) -> Result<u64, StoreError> {
        self.0.uploads.position(name, id).await
    }

    /// Adds bytes to an upload, beginning at `at` if that is given. Returns how many are there then.
    pub(crate) async fn write_upload<S, E>(
        &self,
        name: &RepositoryName,
        id: &str,
        at: Option<u64>,
        body: S,
    ) -> Result<u64, StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Send + 'static,
    {
        self.0.uploads.write(name, id, at, body).await
    }

    /// Ends an upload without a blob.
    pub(crate) async fn cancel_upload(&self, name: &RepositoryName, id: &str) -> Result<(), StoreError> {
        self.0.uploads.cancel(name, id).await
    }

    /// Makes a blob of an upload.
    pub(crate) async fn finish_upload(
        &self,
        name: &RepositoryName,
        id: &str,
        digest: &Digest,
    ) -> Result<(), StoreError> {
        let (size, finished) = self.0.uploads.finish(name, id, digest).await?;
        let _pin = self.publish(digest, finished).await?;
        self.link(name, digest, size).await
    }

    /// Lets a repository use a blob that another one has; false if that one has not.
    pub(crate) async fn mount(
        &self,
        name: &RepositoryName,
        digest: &Digest,
        from: &RepositoryName,
    ) -> Result<bool, StoreError> {
        self.may_write(name)?;
        let Ok(size) = self.blob(from, digest) else {
            return Ok(false);
        };
        let _pin = self.0.shared.pin(digest);
        if !self.has_content(digest).await? {
            return Ok(false);
        }
        self.link(name, digest, size).await?;
        Ok(true)
    }

    /// Deletes a blob that no manifest needs.
    pub(crate) async fn delete_blob(&self, name: &RepositoryName, digest: &Digest) -> Result<(), StoreError> {
        self.change(name, |repository| {
            let repository = repository.filter(|repository| repository.blob(digest).is_some());
            let repository = repository.ok_or(StoreError::BlobUnknown)?;
            if !repository.attributes(&Subject::Repository).deletable() {
                return Err(StoreError::Locked);
            }
            if repository.needs(digest) {
                return Err(StoreError::BlobNeeded);
            }
            Ok(vec![What::BlobDeleted(digest.clone())])
        })
        .await
    }

    /// Takes a manifest in, and sets tags to it. `media_type` is the request's; `expected` the digest it was put under.
    pub(crate) async fn put_manifest(
        &self,
        name: &RepositoryName,
        expected: Option<&Digest>,
        tags: &[Tag],
        media_type: Option<&str>,
        bytes: Bytes,
    ) -> Result<PutManifest, StoreError> {
        let mut read = ReadManifest::of(&bytes, media_type, expected)?;
        {
            let inner = self.0.shared.lock();
            let repository = inner.state.repository(name);
            may_put(repository, tags)?;
            read.settle(repository)?;
        }
        if let Some(config) = &read.config
            && let Ok(bytes) = self.manifest_bytes(config).await
        {
            read.take_config(&bytes);
        }
        let ReadManifest { digest, facts, .. } = read;
        let _pin = self.publish(&digest, Finished::Chunks(vec![bytes])).await?;
        let put = PutManifest {
            digest: digest.clone(),
            subject: facts.subject.clone(),
            media_type: facts.media_type.clone(),
        };
        let sequence = self.enter_manifest(name, digest, facts, tags)?;
        self.0.shared.durable(sequence).await?;
        Ok(put)
    }

    fn enter_manifest(
        &self,
        name: &RepositoryName,
        digest: Digest,
        mut facts: ManifestFacts,
        tags: &[Tag],
    ) -> Result<u64, StoreError> {
        let mut inner = self.0.shared.lock();
        let stamp = inner.state.stamp(self.region());
        let repository = inner.state.repository(name);
        may_put(repository, tags)?;
        // Between the first look and this one, something may have been deleted.
        check_content(repository, &facts)?;
        facts.updated = stamp.instant;
        facts.created = repository.and_then(|r| r.manifest(&digest)).map_or(stamp.instant, |old| old.created);
        let mut whats: Vec<What> = Vec::with_capacity(1 + tags.len());
        for tag in tags {
            let created = repository.and_then(|r| r.tag(tag)).map_or(stamp.instant, |old| old.created);
            let tagged = TagFacts { digest: digest.clone(), created, updated: stamp.instant };
            whats.push(What::TagSet(tag.clone(), tagged));
        }
        whats.insert(0, What::ManifestPut(digest, facts));
        self.0.shared.enter(&mut inner, name, stamp, whats)
    }

    /// Deletes a manifest, and all tags that name it.
    pub(crate) async fn delete_manifest(&self, name: &RepositoryName, digest: &Digest) -> Result<(), StoreError> {
        self.change(name, |repository| {
            let repository = repository.filter(|repository| repository.manifest(digest).is_some());
            let repository = repository.ok_or(StoreError::ManifestUnknown)?;
            let tags: Vec<Tag> = tags_of(repository, digest);
            let subjects = tags.iter().map(|tag| Subject::Tag(tag.clone()));
            may_delete(repository, subjects.chain([Subject::Manifest(digest.clone())]))?;
            let mut whats: Vec<What> = tags.into_iter().map(What::TagRemoved).collect();
            whats.push(What::ManifestDeleted(digest.clone()));
            if repository.manifest_count() == 1 && repository.attributes(&Subject::Repository) != Attributes::default()
            {
                // The repository goes with its last manifest.
                whats.push(What::Attributes(Subject::Repository, Attributes::default()));
            }
            Ok(whats)
        })
        .await
    }

    /// Removes a tag; its manifest stays.
    pub(crate) async fn delete_tag(&self, name: &RepositoryName, tag: &Tag) -> Result<(), StoreError> {
        self.change(name, |repository| {
            let repository = repository.filter(|repository| repository.tag(tag).is_some());
            let repository = repository.ok_or(StoreError::ManifestUnknown)?;
            may_delete(repository, [Subject::Tag(tag.clone())])?;
            Ok(vec![What::TagRemoved(tag.clone())])
        })
        .await
    }

    /// Deletes a repository. Returns what was in it.
    pub(crate) async fn delete_repository(&self, name: &RepositoryName) -> Result<(Vec<Digest>, Vec<Tag>), StoreError> {
        let (mut manifests, mut tags) = (Vec::new(), Vec::new());
        self.change(name, |repository| {
            let repository = repository.filter(|repository| repository.exists()).ok_or(StoreError::NameUnknown)?;
            manifests = repository.manifests().map(|(digest, _)| digest.clone()).collect();
            tags = repository.tags().map(|(tag, _)| tag.clone()).collect();
            let all = manifests.iter().cloned().map(Subject::Manifest);
            may_delete(repository, all.chain(tags.iter().cloned().map(Subject::Tag)))?;
            Ok(vec![What::Deleted])
        })
        .await?;
        Ok((manifests, tags))
    }

    /// Changes what may be done with something that is there.
    pub(crate) async fn set_attributes(
        &self,
        name: &RepositoryName,
        subject: Subject,
        patch: AttributesPatch,
    ) -> Result<(), StoreError> {
        self.change(name, |repository| {
            let repository = repository.filter(|repository| repository.exists()).ok_or(StoreError::NameUnknown)?;
            let there = match &subject {
                Subject::Repository => true,
                Subject::Tag(tag) => repository.tag(tag).is_some(),
                Subject::Manifest(digest) => repository.manifest(digest).is_some(),
            };
            if !there {
                return Err(StoreError::ManifestUnknown);
            }
            let attributes = patch.apply(repository.attributes(&subject));
            Ok(vec![What::Attributes(subject, attributes)])
        })
        .await
    }

    /// Decides under the lock what is to happen, and waits until it is durable.
    async fn change(
        &self,
        name: &RepositoryName,
        decide: impl FnOnce(Option<&Repository>) -> Result<Vec<What>, StoreError>,
    ) -> Result<(), StoreError> {
        let sequence = {
            let mut inner = self.0.shared.lock();
            let whats = decide(inner.state.repository(name))?;
            self.0.shared.decide(&mut inner, name, whats)?
        };
        self.0.shared.durable(sequence).await
    }

    async fn link(&self, name: &RepositoryName, digest: &Digest, size: u64) -> Result<(), StoreError> {
        self.0.shared.lock().touched.insert(digest.clone(), Instant::now());
        self.change(name, |_| Ok(vec![What::BlobLinked(digest.clone(), size)])).await
    }

    /// Publishes content, unless it is there. It stays for as long as the pin lives.
    pub(super) async fn publish(&self, digest: &Digest, finished: Finished) -> Result<Pin, StoreError> {
        let pin = self.0.shared.pin(digest);
        let (store, digest) = (self.clone(), digest.clone());
        let published = spawn_blocking(move || {
            let content = &store.0.content;
            if content.has(&digest) { finished.discard() } else { content.publish(&digest, finished) }
        });
        published.await.map_err(io::Error::other)??;
        self.0.shared.lock().missing.remove(&pin.digest);
        Ok(pin)
    }

    pub(super) async fn has_content(&self, digest: &Digest) -> Result<bool, StoreError> {
        let (store, digest) = (self.clone(), digest.clone());
        let has = spawn_blocking(move || store.0.content.has(&digest)).await;
        Ok(has.map_err(io::Error::other)?)
    }

    fn may_write(&self, name: &RepositoryName) -> Result<(), StoreError> {
        let inner: &Inner = &self.0.shared.lock();
        may_put(inner.state.repository(name), &[])
    }
}

impl ReadManifest {
    /// Checks that all that it names is there, and takes over the sizes of blobs. What need not be there is not needed.
    fn settle(&mut self, repository: Option<&Repository>) -> Result<(), StoreError> {
        let optional = &self.optional;
        let blob = |digest: &Digest| repository.and_then(|repository| repository.blob(digest));
        self.facts.blobs.retain(|(digest, _)| blob(digest).is_some() || !optional.contains(digest));
        self.facts.blobs.sort();
        self.facts.blobs.dedup();
        for (digest, size) in &mut self.facts.blobs {
            *size = blob(digest).unwrap_or(*size);
        }
        check_content(repository, &self.facts)
    }
}

fn check_content(repository: Option<&Repository>, facts: &ManifestFacts) -> Result<(), StoreError> {
    let has_blob = |digest: &Digest| repository.is_some_and(|repository| repository.blob(digest).is_some());
    let has_manifest = |digest: &Digest| repository.is_some_and(|repository| repository.manifest(digest).is_some());
    let blobs = facts.blobs.iter().map(|(digest, _)| digest).filter(|digest| !has_blob(digest));
    let manifests = facts.manifests.iter().map(|child| &child.digest).filter(|digest| !has_manifest(digest));
    match blobs.chain(manifests).next() {
        Some(missing) => Err(StoreError::ManifestBlobUnknown(missing.clone())),
        None => Ok(()),
    }
}

/// Locks count for pushes to the repository, and for tags that would move.
fn may_put(repository: Option<&Repository>, tags: &[Tag]) -> Result<(), StoreError> {
    let Some(repository) = repository else { return Ok(()) };
    let open = |subject: Subject| repository.attributes(&subject).write_enabled;
    let tags_open = tags.iter().filter(|tag| repository.tag(tag).is_some()).all(|tag| open(Subject::Tag(tag.clone())));
    if open(Subject::Repository) && tags_open { Ok(()) } else { Err(StoreError::Locked) }
}

fn may_delete(repository: &Repository, subjects: impl IntoIterator<Item = Subject>) -> Result<(), StoreError> {
    let mut all = [Subject::Repository].into_iter().chain(subjects);
    if all.all(|subject| repository.attributes(&subject).deletable()) { Ok(()) } else { Err(StoreError::Locked) }
}

fn tags_of(repository: &Repository, digest: &Digest) -> Vec<Tag> {
    repository.tags().filter(|(_, facts)| facts.digest == *digest).map(|(tag, _)| tag.clone()).collect()
}
