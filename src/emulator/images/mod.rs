//! The images in the emulator's registries, as builds and containers see them: what to read, what to write, and where from.
//! Everything here blocks; it is called on threads that may.

mod folder;
mod pull;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use folder::{read_folder, write_folder};
pub(crate) use pull::{Pulled, pull};

use crate::{Digest, Manifest, MediaType, Platform, RepositoryName, Tag, reference::ReferenceTarget};
use alloc::{boxed::Box, string::String, vec::Vec};
use std::{
    io::{self, Read},
    path::PathBuf,
};

/// What this machine runs, by Go's names.
pub(crate) fn machine() -> Platform {
    Platform {
        os: "linux".into(),
        architecture: if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }.into(),
        variant: None,
        os_version: None,
        os_features: Vec::new(),
    }
}

/// The registries' contents.
pub(crate) trait Images: Send + Sync {
    /// The registry whose login server this is, by its name.
    fn registry_at(&self, host: &str) -> Option<String>;

    /// A manifest; nothing if there is none.
    fn manifest(
        &self,
        registry: &str,
        repository: &RepositoryName,
        target: &ReferenceTarget,
    ) -> io::Result<Option<Manifest>>;

    /// A blob's bytes; nothing if there is none.
    fn blob(
        &self,
        registry: &str,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> io::Result<Option<Box<dyn Read + Send>>>;

    /// Puts a blob, which must have the digest.
    fn put_blob(
        &self,
        registry: &str,
        repository: &RepositoryName,
        digest: &Digest,
        bytes: &mut dyn Read,
    ) -> io::Result<()>;

    /// Puts a manifest whose content is there, and gives it tags.
    fn put_manifest(
        &self,
        registry: &str,
        repository: &RepositoryName,
        tags: &[Tag],
        media_type: &MediaType,
        bytes: &[u8],
    ) -> io::Result<()>;
}

/// An image that was made and can be pushed.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) media_type: MediaType,
    pub(crate) manifest: Vec<u8>,
    /// Config and layers.
    pub(crate) blobs: Vec<(Digest, Source)>,
}

/// Where a blob's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// In a file.
    File(PathBuf),
    /// In a registry.
    Stored { registry: String, repository: RepositoryName },
}

impl Source {
    /// Opens it.
    pub(crate) fn open(&self, images: &dyn Images, digest: &Digest) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File(path) => Ok(Box::new(std::fs::File::open(path)?)),
            Self::Stored { registry, repository } => images.blob(registry, repository, digest)?.ok_or_else(missing),
        }
    }
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "a blob of the image is missing")
}

/// Pushes an image under a tag.
pub(crate) fn push(
    images: &dyn Images,
    image: &Image,
    registry: &str,
    repository: &RepositoryName,
    tag: &Tag,
) -> io::Result<()> {
    for (digest, source) in &image.blobs {
        if images.blob(registry, repository, digest)?.is_none() {
            images.put_blob(registry, repository, digest, &mut source.open(images, digest)?)?;
        }
    }
    images.put_manifest(registry, repository, core::slice::from_ref(tag), &image.media_type, &image.manifest)
}
