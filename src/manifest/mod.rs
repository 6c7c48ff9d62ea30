//! Manifests, indexes and image configs: what a registry's JSON means, beside the bytes that it is.
//!
//! OCI image-spec v1.1 and Docker's image manifest, schema 2.

mod config;
mod config_difference;
mod descriptor;
mod kind;
mod parse;

pub use config::{HistoryEntry, ImageConfig};
pub use config_difference::ConfigDifference;
pub use descriptor::Descriptor;
pub use kind::{ImageIndex, ImageManifest, ManifestKind};

use crate::{Digest, Error, Limits, MediaType, Verifier};
use alloc::vec::Vec;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A manifest as the registry sent it, and what it says.
///
/// The bytes are the truth: they are kept, and the digest is theirs.
///
/// ```
/// use portolan::{Limits, Manifest, ManifestKind};
/// let bytes = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;
/// let manifest = Manifest::parse(bytes.to_vec(), Some("application/json"), &Limits::DEFAULT)?;
/// assert!(matches!(manifest.kind(), ManifestKind::Index(index) if index.manifests.is_empty()));
/// assert_eq!(manifest.digest(), &portolan::Digest::sha256(bytes));
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    bytes: Vec<u8>,
    digest: Digest,
    media_type: MediaType,
    kind: ManifestKind,
}

impl Manifest {
    /// Reads a manifest. `content_type` is the answer's header, as it came.
    ///
    /// A document without a type is known by its shape. One of an unknown type is [`ManifestKind::Opaque`].
    ///
    /// # Errors
    /// - [`ProtocolError::AmbiguousManifest`](crate::ProtocolError::AmbiguousManifest) if type and shape leave two readings;
    /// - [`ProtocolError::ContentType`](crate::ProtocolError::ContentType) for a web page or the like;
    /// - [`ProtocolError::Unsupported`](crate::ProtocolError::Unsupported) for Docker's schema 1;
    /// - [`ProtocolError::Json`](crate::ProtocolError::Json) and
    ///   [`ProtocolError::Document`](crate::ProtocolError::Document) for other faults of the document;
    /// - [`ReferenceError::Digest`](crate::ReferenceError::Digest) for a descriptor's digest that is none;
    /// - [`LimitExceeded`](crate::LimitExceeded) beyond [`Limits::manifest`] bytes or [`Limits::descriptors`].
    pub fn parse(bytes: Vec<u8>, content_type: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        let (media_type, kind) = parse::parse(&bytes, content_type, limits)?;
        Ok(Self { digest: Digest::sha256(&bytes), bytes, media_type, kind })
    }

    /// Checks that the bytes are those asked for, and takes on the digest they were asked by (sha512, say).
    ///
    /// # Errors
    /// [`IntegrityError::Digest`](crate::IntegrityError::Digest) if they are not;
    /// [`ReferenceError::Digest`](crate::ReferenceError::Digest) if the algorithm is unknown.
    pub fn with_expected(self, expected: &Digest) -> Result<Self, Error> {
        let mut verifier = Verifier::new(expected, None)?;
        verifier.update(&self.bytes)?;
        verifier.finish()?;
        Ok(Self { digest: expected.clone(), ..self })
    }

    /// The bytes as received.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes as received, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The digest of the bytes: sha256, unless [`Manifest::with_expected`] took another.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Number of bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What it is: by its own word, else the Content-Type's, else its shape's.
    #[must_use]
    pub fn media_type(&self) -> &MediaType {
        &self.media_type
    }

    /// What it says.
    #[must_use]
    pub fn kind(&self) -> &ManifestKind {
        &self.kind
    }

    /// The image manifest, if it is one.
    #[must_use]
    pub fn image(&self) -> Option<&ImageManifest> {
        match &self.kind {
            ManifestKind::Image(image) => Some(image),
            _ => None,
        }
    }

    /// The index, if it is one.
    #[must_use]
    pub fn index(&self) -> Option<&ImageIndex> {
        match &self.kind {
            ManifestKind::Index(index) => Some(index),
            _ => None,
        }
    }

    /// A descriptor of this manifest, without platform and annotations.
    #[must_use]
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::new(self.media_type.clone(), self.digest.clone(), self.size())
    }
}

/// `mediaType`, `digest`, `size` and `kind`; what it says is under `image`, `index` or `document`.
impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("mediaType", &self.media_type)?;
        map.serialize_entry("digest", &self.digest)?;
        map.serialize_entry("size", &self.size())?;
        map.serialize_entry("kind", self.kind.as_str())?;
        match &self.kind {
            ManifestKind::Image(image) => map.serialize_entry("image", image)?,
            ManifestKind::Index(index) => map.serialize_entry("index", index)?,
            ManifestKind::Opaque(document) => map.serialize_entry("document", document)?,
        }
        map.end()
    }
}
