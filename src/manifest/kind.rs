//! The two kinds of manifest that are understood, and the one that is kept as it is.

use super::Descriptor;
use crate::{MediaType, Platform};
use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};
use serde::Serialize;
use serde_json::{Map, Value};

/// What a manifest says.
///
/// ```
/// use portolan::{Limits, Manifest, ManifestKind};
/// let bytes = br#"{"mediaType":"application/vnd.acme.thing.v1+json","anything":1}"#;
/// let manifest = Manifest::parse(bytes.to_vec(), None, &Limits::DEFAULT)?;
/// assert!(matches!(manifest.kind(), ManifestKind::Opaque(_)));
/// assert_eq!(manifest.kind().as_str(), "opaque");
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ManifestKind {
    /// A config and layers: an image, or an artifact in an image manifest's shape.
    Image(Box<ImageManifest>),
    /// A list of manifests.
    Index(Box<ImageIndex>),
    /// JSON of a type that this crate does not know.
    Opaque(Map<String, Value>),
}

impl ManifestKind {
    /// `image`, `index` or `opaque`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Image(_) => "image",
            Self::Index(_) => "index",
            Self::Opaque(_) => "opaque",
        }
    }
}

/// An OCI image manifest, or Docker's of schema 2.
///
/// ```
/// use portolan::{Limits, Manifest};
/// let bytes = br#"{"config":{"mediaType":"application/vnd.oci.empty.v1+json",
///     "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}"#;
/// let manifest = Manifest::parse(bytes.to_vec(), None, &Limits::DEFAULT)?;
/// assert_eq!(manifest.image().map(|image| image.config.size), Some(2));
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageManifest {
    /// The image config, or whatever an artifact has in its place.
    pub config: Descriptor,
    /// Layers, the base first.
    pub layers: Vec<Descriptor>,
    /// The manifest that this one refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// What kind of artifact it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<MediaType>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Fields that the specification does not name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ImageManifest {
    /// Sum of the layers' sizes as stored, in bytes; `None` if it does not fit.
    #[must_use]
    pub fn layers_size(&self) -> Option<u64> {
        self.layers.iter().try_fold(0_u64, |sum, layer| sum.checked_add(layer.size))
    }

    /// What kind of artifact it is, as the referrers API counts it: its own type, else the config's.
    #[must_use]
    pub fn effective_artifact_type(&self) -> &MediaType {
        self.artifact_type.as_ref().unwrap_or(&self.config.media_type)
    }

    /// True if the config is an image's, so that layers are file systems.
    #[must_use]
    pub fn is_container_image(&self) -> bool {
        self.config.media_type.is_image_config()
    }
}

/// An OCI image index, or Docker's manifest list.
///
/// ```
/// use portolan::{Limits, Manifest, Platform};
/// let bytes = br#"{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,
///     "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
///     "platform":{"os":"linux","architecture":"arm64"}}]}"#;
/// let manifest = Manifest::parse(bytes.to_vec(), None, &Limits::DEFAULT)?;
/// let index = manifest.index().expect("an index");
/// assert!(index.select(&"linux/aarch64".parse()?).is_some());
/// assert!(index.select(&"linux/amd64".parse()?).is_none());
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageIndex {
    /// The manifests, in order of preference.
    pub manifests: Vec<Descriptor>,
    /// The manifest that this index refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// What kind of artifact it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<MediaType>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Fields that the specification does not name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ImageIndex {
    /// The manifest for `platform`: the first that matches exactly, else the one of the nearest older variant.
    #[must_use]
    pub fn select(&self, platform: &Platform) -> Option<&Descriptor> {
        let offers = self.manifests.iter();
        let ranked = offers.filter_map(|entry| Some((entry.platform.as_ref()?.distance(platform)?, entry)));
        // The first of equals wins, as the specification wants.
        ranked.min_by_key(|(distance, _)| *distance).map(|(_, entry)| entry)
    }

    /// The first manifest that is an image for somebody: attestations carry the platform `unknown/unknown`.
    #[must_use]
    pub fn first_image(&self) -> Option<&Descriptor> {
        self.manifests.iter().find(|entry| entry.platform.as_ref().is_none_or(|platform| !platform.is_unknown()))
    }

    /// The platforms on offer, without attestations.
    pub fn platforms(&self) -> impl Iterator<Item = &Platform> {
        self.manifests.iter().filter_map(|entry| entry.platform.as_ref()).filter(|platform| !platform.is_unknown())
    }
}
