//! Taking an image out of a registry, every byte held against its digest.

use super::{Images, Source, missing};
use crate::{Descriptor, Digest, ImageManifest, Limits, Manifest, Platform, Reference, Verifier};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use std::io::{self, Read};

/// An image of one platform, in a registry of the emulator.
pub(crate) struct Pulled {
    pub(crate) registry: String,
    pub(crate) reference: Reference,
    /// Digest of what the reference names: an index, where it names one.
    pub(crate) digest: Digest,
    /// The image's own manifest.
    pub(crate) manifest: Manifest,
    pub(crate) image: ImageManifest,
    /// The image's config.
    pub(crate) config: Vec<u8>,
}

/// Finds the image for a platform, and reads its manifest and config.
///
/// # Errors
/// A sentence about what is missing or is not what its digest says.
pub(crate) fn pull(
    images: &dyn Images,
    registry: &str,
    reference: &Reference,
    platform: &Platform,
) -> io::Result<Pulled> {
    let repository = reference.repository();
    let named = images.manifest(registry, repository, &reference.target())?.ok_or_else(|| unknown(reference))?;
    let digest = named.digest().clone();
    let manifest = match named.index() {
        None => named,
        Some(index) => {
            let entry = index.select(platform).ok_or_else(|| no_platform(reference, platform))?;
            images.manifest(registry, repository, &entry.digest.clone().into())?.ok_or_else(|| unknown(reference))?
        }
    };
    let image = manifest.image().filter(|image| image.is_container_image()).cloned();
    let image = image.ok_or_else(|| io::Error::other(format!("{} is no image", reference.familiar())))?;
    let mut pulled =
        Pulled { registry: registry.into(), reference: reference.clone(), digest, manifest, image, config: Vec::new() };
    let mut config = Vec::new();
    pulled.open(images, &pulled.image.config)?.take(Limits::DEFAULT.manifest as u64 + 1).read_to_end(&mut config)?;
    pulled.config = config;
    Ok(pulled)
}

fn unknown(reference: &Reference) -> io::Error {
    let message = format!("manifest for {} not found: manifest unknown", reference.familiar());
    io::Error::new(io::ErrorKind::NotFound, message)
}

fn no_platform(reference: &Reference, platform: &Platform) -> io::Error {
    io::Error::other(format!("{} has no image for {platform}", reference.familiar()))
}

impl Pulled {
    /// The bytes of the config or a layer. The last read fails if they are not what the digest says.
    pub(crate) fn open(&self, images: &dyn Images, blob: &Descriptor) -> io::Result<Box<dyn Read + Send>> {
        let bytes = images.blob(&self.registry, self.reference.repository(), &blob.digest)?.ok_or_else(missing)?;
        let verifier = Verifier::new(&blob.digest, Some(blob.size)).map_err(io::Error::other)?;
        Ok(Box::new(Checked { bytes, verifier: Some(verifier) }))
    }

    /// Where its blobs are, for whoever builds on it.
    pub(crate) fn source(&self) -> Source {
        Source::Stored { registry: self.registry.clone(), repository: self.reference.repository().clone() }
    }

    /// Reads all layers to their ends; the number of bytes.
    pub(crate) fn verify(&self, images: &dyn Images) -> io::Result<u64> {
        let mut size = 0;
        for layer in &self.image.layers {
            size += io::copy(&mut self.open(images, layer)?, &mut io::sink())?;
        }
        Ok(size)
    }
}

/// Reads, and complains at the end if it was something else.
struct Checked {
    bytes: Box<dyn Read + Send>,
    verifier: Option<Verifier>,
}

impl Read for Checked {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(room)?;
        let Some(verifier) = &mut self.verifier else { return Ok(read) };
        if read > 0 {
            verifier.update(room.get(..read).unwrap_or_default()).map_err(io::Error::other)?;
        } else if !room.is_empty()
            && let Some(verifier) = self.verifier.take()
        {
            verifier.finish().map_err(io::Error::other)?;
        }
        Ok(read)
    }
}
