//! Media types of registry content: an open set with names for the known ones.

use crate::{ReferenceError, checked::checked_str};
use alloc::{borrow::Cow, string::String};
use core::str::FromStr;

/// Longest media type accepted, in bytes: RFC 6838 allows 127 on each side of the slash.
const MAX_LEN: usize = 255;

macro_rules! media_types {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        impl MediaType {
            $($(#[$doc])* pub const $name: Self = Self(Cow::Borrowed($text));)*
        }

        const KNOWN: &[&str] = &[$($text,)*];
    };
}

/// A media type in lower case, without parameters.
///
/// Unknown types are kept as they are. `FromStr` drops parameters, so a `Content-Type` with a charset can be read too.
///
/// ```
/// use portolan::MediaType;
/// let index: MediaType = "application/vnd.OCI.image.index.v1+json; charset=utf-8".parse()?;
/// assert_eq!(index, MediaType::OCI_INDEX);
/// assert!(index.is_index());
/// assert!("helm chart".parse::<MediaType>().is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaType(Cow<'static, str>);

media_types! {
    /// Docker's image config.
    DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json",
    /// Docker's layer that is fetched from elsewhere.
    DOCKER_FOREIGN_LAYER = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    /// Docker's uncompressed layer.
    DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar",
    /// Docker's gzip layer.
    DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip",
    /// Docker's zstd layer, as BuildKit writes it.
    DOCKER_LAYER_ZSTD = "application/vnd.docker.image.rootfs.diff.tar.zstd",
    /// Docker's image manifest, schema 2.
    DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json",
    /// Docker's list of manifests.
    DOCKER_MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json",
    /// Docker's plug-in config.
    DOCKER_PLUGIN = "application/vnd.docker.plugin.v1+json",
    /// Docker's image manifest, schema 1.
    DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json",
    /// Docker's image manifest, schema 1, signed.
    DOCKER_SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws",
    /// JSON of no particular kind.
    JSON = "application/json",
    /// OCI's artifact manifest of the 1.1 release candidates; older ACR artifacts have it.
    OCI_ARTIFACT_MANIFEST = "application/vnd.oci.artifact.manifest.v1+json",
    /// OCI image config.
    OCI_CONFIG = "application/vnd.oci.image.config.v1+json",
    /// OCI descriptor.
    OCI_DESCRIPTOR = "application/vnd.oci.descriptor.v1+json",
    /// The empty JSON object, where an artifact needs no config.
    OCI_EMPTY = "application/vnd.oci.empty.v1+json",
    /// OCI image index.
    OCI_INDEX = "application/vnd.oci.image.index.v1+json",
    /// OCI uncompressed layer.
    OCI_LAYER = "application/vnd.oci.image.layer.v1.tar",
    /// OCI gzip layer.
    OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip",
    /// OCI zstd layer.
    OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd",
    /// The `oci-layout` file.
    OCI_LAYOUT_HEADER = "application/vnd.oci.layout.header.v1+json",
    /// OCI image manifest.
    OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json",
    /// OCI uncompressed layer that must not be passed on (deprecated).
    OCI_NONDISTRIBUTABLE_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar",
    /// OCI gzip layer that must not be passed on (deprecated).
    OCI_NONDISTRIBUTABLE_LAYER_GZIP = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    /// OCI zstd layer that must not be passed on (deprecated).
    OCI_NONDISTRIBUTABLE_LAYER_ZSTD = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    /// Bytes of no particular kind.
    OCTET_STREAM = "application/octet-stream",
}

/// How the tar stream of a layer is compressed.
///
/// ```
/// use portolan::{Compression, MediaType};
/// assert_eq!(MediaType::DOCKER_LAYER_GZIP.compression(), Some(Compression::Gzip));
/// assert_eq!(Compression::Gzip.as_str(), "gzip");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// A plain tar stream.
    Uncompressed,
    /// RFC 8878.
    Zstd,
}

impl Compression {
    /// `gzip`, `uncompressed` or `zstd`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Uncompressed => "uncompressed",
            Self::Zstd => "zstd",
        }
    }

    /// What the media type of a layer says: see [`MediaType::compression`].
    pub(crate) fn said_by(media_type: &str) -> Option<Self> {
        match layer_suffix(media_type)? {
            "" => Some(Self::Uncompressed),
            "+gzip" | ".gzip" => Some(Self::Gzip),
            "+zstd" | ".zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl MediaType {
    /// True for an OCI index and a Docker manifest list.
    #[must_use]
    pub fn is_index(&self) -> bool {
        [Self::OCI_INDEX, Self::DOCKER_MANIFEST_LIST].contains(self)
    }

    /// True for an OCI manifest and a Docker schema 2 manifest.
    #[must_use]
    pub fn is_image_manifest(&self) -> bool {
        [Self::OCI_MANIFEST, Self::DOCKER_MANIFEST].contains(self)
    }

    /// True for Docker's schema 1, signed or not.
    #[must_use]
    pub fn is_schema1(&self) -> bool {
        [Self::DOCKER_SCHEMA1, Self::DOCKER_SCHEMA1_SIGNED].contains(self)
    }

    /// True for an OCI or Docker image config.
    #[must_use]
    pub fn is_image_config(&self) -> bool {
        [Self::OCI_CONFIG, Self::DOCKER_CONFIG].contains(self)
    }

    /// True for file-system layers of images, encrypted and foreign ones among them.
    #[must_use]
    pub fn is_layer(&self) -> bool {
        layer_suffix(self.as_str()).is_some()
    }

    /// True for layers that registries need not hold and that must not be pushed elsewhere.
    #[must_use]
    pub fn is_nondistributable(&self) -> bool {
        const PREFIXES: [&str; 2] =
            ["application/vnd.oci.image.layer.nondistributable.", "application/vnd.docker.image.rootfs.foreign."];
        self.is_layer() && PREFIXES.iter().any(|prefix| self.0.starts_with(prefix))
    }

    /// How a layer is compressed; `None` if this is no layer, or one in a form that cannot be read (encrypted).
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        Compression::said_by(self.as_str())
    }

    /// True for types that say nothing about what is inside: servers use them for any manifest.
    #[must_use]
    pub fn is_generic(&self) -> bool {
        matches!(
            self.as_str(),
            "application/json" | "application/octet-stream" | "binary/octet-stream" | "text/json" | "text/plain"
        )
    }

    /// True for types that no manifest has: a login page, a gateway's error, a picture.
    pub(crate) fn is_foreign_to_registries(&self) -> bool {
        let markup = self.0.ends_with("+xml") || self.as_str() == "application/xml";
        markup || (!self.is_generic() && !self.0.starts_with("application/"))
    }
}

/// What follows `.tar` in the name of a layer's type.
fn layer_suffix(media_type: &str) -> Option<&str> {
    const STEMS: [&str; 4] = [
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.foreign.diff.tar",
    ];
    let suffix = STEMS.iter().find_map(|stem| media_type.strip_prefix(stem));
    suffix.filter(|rest| matches!(rest.as_bytes(), [] | [b'+' | b'.', ..]))
}

checked_str!(MediaType, 0);

impl FromStr for MediaType {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let essence = text.split(';').next().unwrap_or(text).trim_matches([' ', '\t']);
        if essence.len() > MAX_LEN {
            return Err(ReferenceError::MediaType("too long"));
        }
        match essence.split_once('/') {
            Some((kind, subtype)) if is_token(kind) && is_token(subtype) => Ok(intern(essence.to_ascii_lowercase())),
            _ => Err(ReferenceError::MediaType("not type/subtype")),
        }
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Known types need no allocation of their own.
fn intern(text: String) -> MediaType {
    let known = KNOWN.iter().find(|known| **known == text);
    MediaType(known.map_or(Cow::Owned(text), |known| Cow::Borrowed(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_types_follow_the_grammar() {
        for text in KNOWN {
            let parsed: MediaType = text.parse().unwrap();
            assert!(matches!(parsed.0, Cow::Borrowed(_)), "{text}");
            assert_eq!(parsed.as_str(), *text);
        }
    }

    #[test]
    fn malformed_types_are_refused() {
        for text in ["", "/", "a/", "/b", "a", "a/b/c", "a b/c", "a/b c", "a/\u{e9}", "a/b\n", ";", "a\u{0}/b"] {
            assert!(text.parse::<MediaType>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn layers_tell_their_compression() {
        use Compression::{Gzip, Uncompressed, Zstd};
        for (text, expected) in [
            ("application/vnd.oci.image.layer.v1.tar", Some(Uncompressed)),
            ("application/vnd.oci.image.layer.v1.tar+gzip", Some(Gzip)),
            ("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", Some(Zstd)),
            ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Some(Gzip)),
            ("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", None),
            ("application/vnd.cncf.helm.chart.content.v1.tar+gzip", None),
            ("application/vnd.oci.image.layer.v1.tarball", None),
        ] {
            assert_eq!(text.parse::<MediaType>().unwrap().compression(), expected, "{text}");
        }
    }

    #[test]
    fn h10_pages_and_pictures_are_foreign() {
        for text in
            ["text/html", "application/xhtml+xml", "application/xml", "image/png", "multipart/form-data", "text/css"]
        {
            assert!(text.parse::<MediaType>().unwrap().is_foreign_to_registries(), "{text}");
        }
        for text in ["application/json", "text/plain", "application/vnd.acme.thing+json", "application/octet-stream"] {
            assert!(!text.parse::<MediaType>().unwrap().is_foreign_to_registries(), "{text}");
        }
    }
}
