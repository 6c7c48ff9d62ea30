//! `/acr/v1/_catalog` and `/acr/v1/{name}`: repositories.

use super::{Attributes, Call, Change, List, changing, deleting, listed, read, reading};
use crate::{Error, ProtocolError, RepositoryName, auth::Access, http::Method};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde_json::Value;

/// A repository, as ACR keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// Manifests in it.
    pub manifests: u64,
    /// Tags in it.
    pub tags: u64,
    /// What may be done with it.
    pub attributes: Attributes,
    /// The document as it came.
    pub raw: Value,
}

impl Repository {
    pub(super) fn read(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path).unwrap_or_default();
        Ok(Self {
            name: read::needed(&raw, "imageName")?,
            created: text("createdTime"),
            updated: text("lastUpdateTime"),
            manifests: read::number(&raw, "manifestCount").unwrap_or_default(),
            tags: read::number(&raw, "tagCount").unwrap_or_default(),
            attributes: Attributes::of(&raw, "changeableAttributes"),
            raw,
        })
    }
}

/// What a deletion took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Digests of the manifests.
    pub manifests: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// Lists the repositories by ACR's own API; the distribution API's list is [`Catalog`](crate::op::Catalog).
///
/// ```
/// let list = portolan::azure::acr::repository::list(Some(100));
/// assert!(list.next_page().is_some());
/// ```
#[must_use]
pub fn list(size: Option<u32>) -> List<String> {
    let read = |value: Value| match value {
        Value::String(name) => Ok(name),
        _ => Err(ProtocolError::Document { path: "$.repositories".into(), reason: "not a name" }.into()),
    };
    let size = size.map(|n| n.to_string());
    listed(Access::catalog(), "/acr/v1/_catalog".into(), &[("n", size)], "repositories", read, name)
}

fn name(value: &Value) -> Option<&str> {
    value.as_str().filter(|name| RepositoryName::is_legal(name))
}

/// Shows a repository.
#[must_use]
pub fn show(repository: &RepositoryName) -> Call<Repository> {
    Call::acr(reading(repository), Method::Get, path(repository), Repository::read)
}

/// Changes what may be done with a repository.
#[must_use]
pub fn update(repository: &RepositoryName, change: Change) -> Call<Repository> {
    Call::acr(changing(repository), Method::Patch, path(repository), Repository::read).with(&change.body())
}

/// Deletes a repository with all that is in it. Nothing is listed if there was none.
#[must_use]
pub fn delete(repository: &RepositoryName) -> Call<Deleted> {
    let read = |raw: Value| {
        Ok(Deleted { manifests: read::texts(&raw, "manifestsDeleted"), tags: read::texts(&raw, "tagsDeleted") })
    };
    Call::acr(deleting(repository), Method::Delete, path(repository), read).or_absent(Deleted::default)
}

fn path(repository: &RepositoryName) -> String {
    format!("/acr/v1/{repository}")
}
