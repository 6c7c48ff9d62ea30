//! Changes from other regions.

use super::{
    Store, StoreError,
    change::{Change, What},
    content::Finished,
    shared::Pin,
    state::Thing,
};
use crate::{Digest, RepositoryName};
use alloc::{boxed::Box, vec, vec::Vec};
use core::{future::Future, pin::Pin as Pinned};
use std::io;
use tokio::task::spawn_blocking;

/// What came of a change from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It was news, and is durable here.
    News,
    /// It was known, or something later was.
    Known,
}

/// Decides when bytes may move between regions.
pub(crate) trait Pace: Send + Sync {
    /// Returns when so many bytes may have moved.
    fn take(&self, bytes: u64) -> Pinned<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// As fast as the disk.
pub(crate) struct Unpaced;

impl Pace for Unpaced {
    fn take(&self, _: u64) -> Pinned<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(core::future::ready(()))
    }
}

type Applying<'a> = Pinned<Box<dyn Future<Output = Result<Applied, StoreError>> + Send + 'a>>;

impl Store {
    /// Takes in a change that was read from `source`, with the content that it needs.
    ///
    /// What comes of it does not depend on the order: the later stamp wins, thing by thing. A manifest is there when all
    /// its blobs are, and when those of its manifests are that `source` has; a tag, when its manifest is. A change that
    /// is known changes nothing and gets no number, so that nothing echoes between regions; `stamp.region` of a change
    /// says where it began.
    ///
    /// # Errors
    /// [`StoreError::BlobUnknown`] or [`StoreError::ManifestUnknown`] if content is gone from `source` meanwhile: its
    /// deletion is on the way.
    pub(crate) fn apply<'a>(&'a self, change: &'a Change, source: &'a Self, pace: &'a dyn Pace) -> Applying<'a> {
        Box::pin(self.apply_one(change, source, pace))
    }

    async fn apply_one(&self, change: &Change, source: &Self, pace: &dyn Pace) -> Result<Applied, StoreError> {
        if !self.0.shared.lock().state.is_news(change) {
            return Ok(Applied::Known);
        }
        let name = &change.repository;
        let _pins = match &change.what {
            What::BlobLinked(digest, size) => vec![self.bring(digest, *size, source, pace).await?],
            What::ManifestPut(digest, facts) => {
                for child in &facts.manifests {
                    self.apply_manifest(name, &child.digest, source, pace).await?;
                }
                let mut pins = Vec::new();
                for (blob, size) in &facts.blobs {
                    pins.push(self.bring(blob, *size, source, pace).await?);
                }
                pins.push(self.bring(digest, facts.size, source, pace).await?);
                pins
            }
            What::TagSet(_, facts) => {
                self.apply_manifest(name, &facts.digest, source, pace).await?;
                Vec::new()
            }
            _ => Vec::new(),
        };
        self.enter_foreign(change).await
    }

    /// True if a change would be news.
    pub(crate) fn lacks(&self, change: &Change) -> bool {
        self.0.shared.lock().state.is_news(change)
    }

    /// Takes in a manifest without its blobs, which are not there until [`Store::complete`] brings them.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub(crate) async fn apply_bare(
        &self,
        change: &Change,
        source: &Self,
        pace: &dyn Pace,
    ) -> Result<Applied, StoreError> {
        let What::ManifestPut(digest, facts) = &change.what else { return self.apply(change, source, pace).await };
        if !self.0.shared.lock().state.is_news(change) {
            return Ok(Applied::Known);
        }
        for child in &facts.manifests {
            self.apply_manifest(&change.repository, &child.digest, source, pace).await?;
        }
        for (blob, _) in &facts.blobs {
            if !self.has_content(blob).await? {
                self.0.shared.lock().missing.insert(blob.clone());
            }
        }
        let _pin = self.bring(digest, facts.size, source, pace).await?;
        self.enter_foreign(change).await
    }

    /// Brings the blobs of a manifest that was taken in before, those that are not there.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub(crate) async fn complete(&self, change: &Change, source: &Self, pace: &dyn Pace) -> Result<(), StoreError> {
        let What::ManifestPut(digest, facts) = &change.what else { return Ok(()) };
        for (blob, size) in &facts.blobs {
            if self.0.shared.lock().state.repository(&change.repository).is_none_or(|r| r.manifest(digest).is_none()) {
                return Ok(());
            }
            self.bring(blob, *size, source, pace).await?;
        }
        Ok(())
    }

    async fn enter_foreign(&self, change: &Change) -> Result<Applied, StoreError> {
        let sequence = {
            let mut inner = self.0.shared.lock();
            let before = inner.state.last;
            let whats = vec![change.what.clone()];
            let sequence = self.0.shared.enter(&mut inner, &change.repository, change.stamp.clone(), whats)?;
            if sequence == before {
                return Ok(Applied::Known);
            }
            sequence
        };
        self.0.shared.durable(sequence).await?;
        Ok(Applied::News)
    }

    /// Takes in a manifest that another change needs, as far as the source has it.
    async fn apply_manifest(
        &self,
        name: &RepositoryName,
        digest: &Digest,
        source: &Self,
        pace: &dyn Pace,
    ) -> Result<(), StoreError> {
        let word = source.0.shared.lock().state.word(name, &Thing::Manifest(digest.clone()));
        if let Some(change) = word.filter(|change| matches!(change.what, What::ManifestPut(..))) {
            self.apply(&change, source, pace).await?;
        }
        Ok(())
    }

    /// Brings content over, unless it is there. It stays for as long as the pin lives.
    async fn bring(&self, digest: &Digest, size: u64, source: &Self, pace: &dyn Pace) -> Result<Pin, StoreError> {
        let pin = self.0.shared.pin(digest);
        if self.has_content(digest).await? {
            self.0.shared.lock().missing.remove(digest);
            return Ok(pin);
        }
        pace.take(size).await;
        let (to, from, wanted) = (self.clone(), source.clone(), digest.clone());
        let adopted = spawn_blocking(move || to.0.content.adopt(&wanted, &from.0.content)).await;
        adopted.map_err(io::Error::other)?.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::BlobUnknown,
            _ => error.into(),
        })?;
        self.0.shared.lock().missing.remove(digest);
        Ok(pin)
    }
}

impl Finished {
    /// Not needed: the content is there.
    pub(super) fn discard(self) -> io::Result<()> {
        match self {
            Self::Chunks(_) => Ok(()),
            Self::File(path) => super::durable::remove_if_any(&path),
        }
    }
}
