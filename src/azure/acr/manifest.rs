//! `/acr/v1/{name}/_manifests`: manifests with what ACR knows of them, untagged ones among them.

use super::{Attributes, Call, Change, List, Order, changing, deleting, listed, read, reading};
use crate::{Digest, Error, ProtocolError, RepositoryName, http::Method};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde_json::Value;

/// A manifest, as ACR keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestEntry {
    /// Its digest.
    pub digest: String,
    /// Bytes of the image.
    pub image_size: u64,
    /// When it came.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// Its media type.
    pub media_type: String,
    /// What it is for, where it is for one platform.
    pub architecture: Option<String>,
    /// The same.
    pub os: Option<String>,
    /// Tags that point to it.
    pub tags: Vec<String>,
    /// What may be done with it.
    pub attributes: Attributes,
    /// The document as it came.
    pub raw: Value,
}

impl ManifestEntry {
    fn entry(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path).unwrap_or_default();
        if Self::key(&raw).is_none() {
            return Err(ProtocolError::Document { path: "$.digest".into(), reason: "not a digest" }.into());
        }
        Ok(Self {
            digest: text("digest"),
            image_size: read::number(&raw, "imageSize").unwrap_or_default(),
            created: text("createdTime"),
            updated: text("lastUpdateTime"),
            media_type: text("mediaType"),
            architecture: read::string(&raw, "architecture"),
            os: read::string(&raw, "os"),
            tags: read::texts(&raw, "tags"),
            attributes: Attributes::of(&raw, "changeableAttributes"),
            raw,
        })
    }

    /// Its digest, if it is one.
    fn key(raw: &Value) -> Option<&str> {
        read::text(raw, "digest").filter(|digest| digest.parse::<Digest>().is_ok())
    }

    fn answer(mut raw: Value) -> Result<Self, Error> {
        Self::entry(raw.get_mut("manifest").map(Value::take).unwrap_or_default())
    }
}

/// Lists the manifests of a repository.
///
/// ```
/// use portolan::azure::acr::{Order, manifest};
/// let list = manifest::list(&"acrtasks".parse()?, Order::OldestFirst, None);
/// assert!(list.next_page().is_some());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn list(repository: &RepositoryName, order: Order, size: Option<u32>) -> List<ManifestEntry> {
    let query = [("n", size.map(|n| n.to_string())), ("orderby", order.as_str().map(ToString::to_string))];
    let path = format!("/acr/v1/{repository}/_manifests");
    listed(reading(repository), path, &query, "manifests", ManifestEntry::entry, ManifestEntry::key)
}

/// Shows a manifest's attributes.
#[must_use]
pub fn show(repository: &RepositoryName, digest: &Digest) -> Call<ManifestEntry> {
    Call::acr(reading(repository), Method::Get, path(repository, digest), ManifestEntry::answer)
}

/// Changes what may be done with a manifest.
#[must_use]
pub fn update(repository: &RepositoryName, digest: &Digest, change: Change) -> Call<ManifestEntry> {
    Call::acr(changing(repository), Method::Patch, path(repository, digest), ManifestEntry::answer).with(&change.body())
}

/// Deletes a manifest, and with it every tag that points to it: `DELETE /v2/{name}/manifests/{digest}`. False if it was not
/// there.
#[must_use]
pub fn delete(repository: &RepositoryName, digest: &Digest) -> Call<bool> {
    let path = format!("/v2/{repository}/manifests/{digest}");
    Call::acr(deleting(repository), Method::Delete, path, |_| Ok(true)).or_absent(|| false)
}

fn path(repository: &RepositoryName, digest: &Digest) -> String {
    format!("/acr/v1/{repository}/_manifests/{digest}")
}
