//! `/acr/v1/{name}/_tags`: tags with what ACR knows of them.

use super::{Attributes, Call, Change, List, Order, changing, deleting, listed, read, reading};
use crate::{Digest, Error, ProtocolError, RepositoryName, Tag, http::Method};
use alloc::{
    format,
    string::{String, ToString},
};
use serde_json::Value;

/// A tag, as ACR keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct TagInfo {
    /// Its name.
    pub name: String,
    /// What it points to.
    pub digest: String,
    /// When it was made.
    pub created: String,
    /// When it last moved.
    pub updated: String,
    /// True if it was signed by the registry's old means.
    pub signed: bool,
    /// What may be done with it.
    pub attributes: Attributes,
    /// The document as it came.
    pub raw: Value,
}

impl TagInfo {
    fn entry(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path).unwrap_or_default();
        if Self::key(&raw).is_none() {
            return Err(ProtocolError::Document { path: "$.tag".into(), reason: "not a tag" }.into());
        }
        Ok(Self {
            name: text("name"),
            digest: text("digest"),
            created: text("createdTime"),
            updated: text("lastUpdateTime"),
            signed: read::flag(&raw, "signed").unwrap_or_default(),
            attributes: Attributes::of(&raw, "changeableAttributes"),
            raw,
        })
    }

    /// Its name, if name and digest are fit for use.
    fn key(raw: &Value) -> Option<&str> {
        read::text(raw, "digest")?.parse::<Digest>().ok()?;
        read::text(raw, "name").filter(|name| Tag::is_legal(name))
    }

    fn answer(mut raw: Value) -> Result<Self, Error> {
        Self::entry(raw.get_mut("tag").map(Value::take).unwrap_or_default())
    }
}

/// Lists the tags of a repository, or those of one manifest.
///
/// ```
/// use portolan::azure::acr::{Order, tag};
/// let list = tag::list(&"acrtasks".parse()?, Order::NewestFirst, Some(100), None);
/// assert!(list.next_page().is_some());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn list(repository: &RepositoryName, order: Order, size: Option<u32>, digest: Option<&Digest>) -> List<TagInfo> {
    let query = [
        ("n", size.map(|n| n.to_string())),
        ("orderby", order.as_str().map(ToString::to_string)),
        ("digest", digest.map(ToString::to_string)),
    ];
    let path = format!("/acr/v1/{repository}/_tags");
    listed(reading(repository), path, &query, "tags", TagInfo::entry, TagInfo::key)
}

/// Shows a tag.
#[must_use]
pub fn show(repository: &RepositoryName, tag: &Tag) -> Call<TagInfo> {
    Call::acr(reading(repository), Method::Get, path(repository, tag), TagInfo::answer)
}

/// Changes what may be done with a tag.
#[must_use]
pub fn update(repository: &RepositoryName, tag: &Tag, change: Change) -> Call<TagInfo> {
    Call::acr(changing(repository), Method::Patch, path(repository, tag), TagInfo::answer).with(&change.body())
}

/// Takes a tag away and leaves its manifest ("untag"). False if there was no such tag.
#[must_use]
pub fn delete(repository: &RepositoryName, tag: &Tag) -> Call<bool> {
    Call::acr(deleting(repository), Method::Delete, path(repository, tag), |_| Ok(true)).or_absent(|| false)
}

fn path(repository: &RepositoryName, tag: &Tag) -> String {
    format!("/acr/v1/{repository}/_tags/{tag}")
}
