//! Descriptors: the typed pointers between documents.

use crate::{
    Digest, Error, MediaType, Platform, base64,
    document::{Fields, Path},
};
use ::base64::{Engine as _, engine::general_purpose::STANDARD};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Type, digest and size of some content, and what is said about it.
///
/// ```
/// use portolan::{Descriptor, Digest, MediaType};
/// let layer = Descriptor::new(MediaType::OCI_LAYER_GZIP, Digest::sha256(b"..."), 3);
/// assert_eq!(serde_json::to_value(&layer)?["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the content is.
    pub media_type: MediaType,
    /// Its address.
    pub digest: Digest,
    /// Its size in bytes, as claimed: nothing is ever allocated by it. At most 2^63 - 1.
    pub size: u64,
    /// What it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What kind of artifact it points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<MediaType>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Where else the content is said to be. Untrusted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// The content itself, if it came along and has the digest and size; it is dropped otherwise.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_base64")]
    pub data: Option<Vec<u8>>,
    /// Fields that the specification does not name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Descriptor {
    /// A descriptor with the three required fields.
    #[must_use]
    pub fn new(media_type: MediaType, digest: Digest, size: u64) -> Self {
        Self {
            media_type,
            digest,
            size,
            platform: None,
            artifact_type: None,
            annotations: BTreeMap::new(),
            urls: Vec::new(),
            data: None,
            extra: Map::new(),
        }
    }

    pub(crate) fn from_json(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        let mut fields = Fields::of(value, path)?;
        let media_type =
            media_type(&mut fields, "mediaType")?.ok_or_else(|| Path::Key(path, "mediaType").invalid("missing"))?;
        let digest: Digest = fields.required_string("digest")?.parse()?;
        let size = fields.size("size")?;
        let mut descriptor = Self::new(media_type, digest, size);
        if let Some(data) = fields.take("data") {
            descriptor.data = embedded(&data, &descriptor.digest, size);
        }
        if let Some(platform) = fields.take("platform") {
            descriptor.platform = Some(Platform::from_json(platform, &Path::Key(path, "platform"))?);
        }
        descriptor.artifact_type = media_type_if_any(&mut fields)?;
        descriptor.annotations = fields.string_map("annotations")?;
        descriptor.urls = fields.strings("urls")?;
        descriptor.extra = fields.rest();
        Ok(descriptor)
    }
}

/// A field that holds a media type.
pub(super) fn media_type(fields: &mut Fields<'_>, key: &'static str) -> Result<Option<MediaType>, Error> {
    let path = fields.path();
    let text = fields.string(key)?;
    text.map(|text| text.parse().map_err(|_| Path::Key(path, key).invalid("not a media type"))).transpose()
}

/// `artifactType`; Go programs write an empty string for none.
pub(super) fn media_type_if_any(fields: &mut Fields<'_>) -> Result<Option<MediaType>, Error> {
    if fields.peek("artifactType").and_then(Value::as_str) == Some("") {
        fields.take("artifactType");
    }
    media_type(fields, "artifactType")
}

/// Embedded content that is what it says (J12), else nothing.
fn embedded(data: &Value, digest: &Digest, size: u64) -> Option<Vec<u8>> {
    // Descriptors hold padded base64; tokens, the decoder's other customers, do not.
    let text = data.as_str().filter(|text| text.len() % 4 == 0)?;
    let bytes = base64::decode(text, base64::STANDARD)?;
    let mut verifier = crate::Verifier::new(digest, Some(size)).ok()?;
    verifier.update(&bytes).ok()?;
    verifier.finish().ok()?;
    Some(bytes)
}

fn as_base64<S: Serializer>(data: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(data.as_deref().unwrap_or_default()))
}
