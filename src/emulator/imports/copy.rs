//! Copies one image, or an index with all of its images.

use super::Job;
use crate::{
    Descriptor, Manifest, ManifestKind, RepositoryName, Tag,
    emulator::{
        failure::{Failure, Stop},
        images::Images,
    },
};
use alloc::{boxed::Box, format};

/// Most manifests of one import, as ACR has it.
const MANIFESTS: usize = 50;

pub(super) struct Copy<'a> {
    images: &'a dyn Images,
    from: (&'a str, &'a RepositoryName),
    to: (&'a str, &'a RepositoryName),
    stop: &'a Stop,
    /// Manifests that may still come.
    left: usize,
}

impl<'a> Copy<'a> {
    pub(super) fn new(images: &'a dyn Images, job: &'a Job, target: &'a RepositoryName, stop: &'a Stop) -> Self {
        let (from, to) = ((job.from.as_str(), &job.image.0), (job.to.as_str(), target));
        Self { images, from, to, stop, left: MANIFESTS }
    }

    /// What a manifest names comes before it.
    pub(super) fn manifest(&mut self, manifest: &Manifest, tags: &[Tag]) -> Result<(), Failure> {
        let too_many = || Failure::Failed(format!("it has more than {MANIFESTS} manifests"));
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        match manifest.kind() {
            ManifestKind::Image(image) => {
                image.layers.iter().chain([&image.config]).try_for_each(|blob| self.blob(blob))?;
            }
            ManifestKind::Index(index) => index.manifests.iter().try_for_each(|child| self.child(child))?,
            ManifestKind::Opaque(_) => {}
        }
        let (registry, repository) = self.to;
        Ok(self.images.put_manifest(registry, repository, tags, manifest.media_type(), manifest.bytes())?)
    }

    fn child(&mut self, child: &Descriptor) -> Result<(), Failure> {
        let (registry, repository) = self.from;
        let found = self.images.manifest(registry, repository, &child.digest.clone().into())?;
        let missing = || Failure::Failed(format!("its manifest {} is missing", child.digest));
        // Deep nests are bounded by the number of manifests.
        self.manifest(&found.ok_or_else(missing)?, &[])
    }

    fn blob(&self, blob: &Descriptor) -> Result<(), Failure> {
        self.stop.check()?;
        let (registry, repository) = self.to;
        if self.images.blob(registry, repository, &blob.digest)?.is_some() {
            return Ok(());
        }
        match self.images.blob(self.from.0, self.from.1, &blob.digest)? {
            Some(bytes) => {
                let mut bytes = Stoppable(bytes, self.stop);
                Ok(self.images.put_blob(registry, repository, &blob.digest, &mut bytes)?)
            }
            // Layers that are elsewhere stay there.
            None if !blob.urls.is_empty() => Ok(()),
            None => Err(Failure::Failed(format!("its blob {} is missing", blob.digest))),
        }
    }
}

/// Reads until it is to end.
struct Stoppable<'a>(Box<dyn std::io::Read + Send>, &'a Stop);

impl std::io::Read for Stoppable<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        self.1.check().map_err(std::io::Error::other)?;
        self.0.read(room)
    }
}
