//! ACR's own API, driven.

use super::Listed;
use crate::{
    Digest, Error, RepositoryName, Tag,
    azure::acr::{
        Change, Order,
        manifest::{self, ManifestEntry},
        repository::{self, Deleted, Repository},
        tag::{self, TagInfo},
    },
    client::{Registry, Transport},
};
use alloc::string::String;

/// What ACR has beside the distribution API, in the session of a [`Registry`].
#[derive(Debug)]
pub struct Acr<T>(Registry<T>);

impl<T> Clone for Acr<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Transport> Acr<T> {
    /// Of this registry, as whoever it is talked to.
    #[must_use]
    pub fn of(registry: &Registry<T>) -> Self {
        Self(registry.clone())
    }

    /// The repositories.
    #[must_use]
    pub fn repositories(&self) -> Listed<T, String> {
        Listed::new(self.0.clone(), repository::list(None))
    }

    /// Shows a repository.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn repository(&self, name: &RepositoryName) -> Result<Repository, Error> {
        self.0.run(repository::show(name)).await
    }

    /// Changes what may be done with a repository.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn update_repository(&self, name: &RepositoryName, change: Change) -> Result<Repository, Error> {
        self.0.run(repository::update(name, change)).await
    }

    /// Deletes a repository with all that is in it.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn delete_repository(&self, name: &RepositoryName) -> Result<Deleted, Error> {
        self.0.run(repository::delete(name)).await
    }

    /// The tags of a repository.
    #[must_use]
    pub fn tags(&self, name: &RepositoryName, order: Order) -> Listed<T, TagInfo> {
        Listed::new(self.0.clone(), tag::list(name, order, None, None))
    }

    /// Shows a tag.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn tag(&self, name: &RepositoryName, tag: &Tag) -> Result<TagInfo, Error> {
        self.0.run(tag::show(name, tag)).await
    }

    /// Changes what may be done with a tag.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn update_tag(&self, name: &RepositoryName, tag: &Tag, change: Change) -> Result<TagInfo, Error> {
        self.0.run(tag::update(name, tag, change)).await
    }

    /// Takes a tag away and leaves its manifest. False if there was no such tag.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn untag(&self, name: &RepositoryName, tag: &Tag) -> Result<bool, Error> {
        self.0.run(tag::delete(name, tag)).await
    }

    /// The manifests of a repository, untagged ones among them.
    #[must_use]
    pub fn manifests(&self, name: &RepositoryName, order: Order) -> Listed<T, ManifestEntry> {
        Listed::new(self.0.clone(), manifest::list(name, order, None))
    }

    /// Shows a manifest's attributes.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn manifest(&self, name: &RepositoryName, digest: &Digest) -> Result<ManifestEntry, Error> {
        self.0.run(manifest::show(name, digest)).await
    }

    /// Changes what may be done with a manifest.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn update_manifest(
        &self,
        name: &RepositoryName,
        digest: &Digest,
        change: Change,
    ) -> Result<ManifestEntry, Error> {
        self.0.run(manifest::update(name, digest, change)).await
    }

    /// Deletes a manifest with every tag that points to it. False if it was not there.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn delete_manifest(&self, name: &RepositoryName, digest: &Digest) -> Result<bool, Error> {
        self.0.run(manifest::delete(name, digest)).await
    }
}
