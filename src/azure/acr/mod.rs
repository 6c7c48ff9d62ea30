//! ACR's own API, `/acr/v1`: attributes, locks, order, deletion. Runs in the registry's session.

pub mod manifest;
pub mod repository;
pub mod tag;
pub mod token;

use super::{Call, List, list, read};
use crate::{
    RepositoryName, Stage,
    auth::{Access, Scope},
};
use alloc::{
    format,
    string::{String, ToString},
};
use serde_json::{Value, json};

/// In which order tags and manifests come.
///
/// ```
/// assert_eq!(portolan::azure::acr::Order::default(), portolan::azure::acr::Order::Name);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name or digest.
    #[default]
    Name,
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

impl Order {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Name => None,
            Self::NewestFirst => Some("timedesc"),
            Self::OldestFirst => Some("timeasc"),
        }
    }
}

/// What may be done with a repository, a tag or a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// It may be deleted.
    pub delete_enabled: bool,
    /// It may be written.
    pub write_enabled: bool,
    /// It may be pulled.
    pub read_enabled: bool,
    /// It is listed.
    pub list_enabled: bool,
}

impl Attributes {
    fn of(value: &Value, path: &str) -> Self {
        let flag = |name: &str| read::flag(value, &format!("{path}.{name}")).unwrap_or(true);
        Self {
            delete_enabled: flag("deleteEnabled"),
            write_enabled: flag("writeEnabled"),
            read_enabled: flag("readEnabled"),
            list_enabled: flag("listEnabled"),
        }
    }

    /// True if something is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        !(self.delete_enabled && self.write_enabled)
    }
}

/// A change of [`Attributes`]; what is absent stays.
///
/// ```
/// use portolan::azure::acr::Change;
/// assert_eq!(Change::lock().write_enabled, Some(false));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Whether it may be deleted.
    pub delete_enabled: Option<bool>,
    /// Whether it may be written.
    pub write_enabled: Option<bool>,
    /// Whether it may be pulled.
    pub read_enabled: Option<bool>,
    /// Whether it is listed.
    pub list_enabled: Option<bool>,
}

impl Change {
    /// Neither deletion nor writing.
    #[must_use]
    pub fn lock() -> Self {
        Self { delete_enabled: Some(false), write_enabled: Some(false), ..Self::default() }
    }

    /// Both again.
    #[must_use]
    pub fn unlock() -> Self {
        Self { delete_enabled: Some(true), write_enabled: Some(true), ..Self::default() }
    }

    fn body(&self) -> Value {
        let mut body = json!({});
        let fields = [
            ("deleteEnabled", self.delete_enabled),
            ("writeEnabled", self.write_enabled),
            ("readEnabled", self.read_enabled),
            ("listEnabled", self.list_enabled),
        ];
        for (name, value) in fields {
            if let (Some(value), Some(body)) = (value, body.as_object_mut()) {
                body.insert(name.to_string(), value.into());
            }
        }
        body
    }
}

/// What reading attributes needs.
pub(crate) fn reading(repository: &RepositoryName) -> Access {
    needs(repository, &["metadata_read"], &[])
}

fn changing(repository: &RepositoryName) -> Access {
    needs(repository, &["metadata_read", "metadata_write"], &[])
}

/// ACR has been seen to ask for one or the other.
fn deleting(repository: &RepositoryName) -> Access {
    needs(repository, &["delete"], &["metadata_read"])
}

fn needs(repository: &RepositoryName, actions: &[&'static str], tolerated: &'static [&'static str]) -> Access {
    let actions = actions.iter().copied();
    // A repository's name and these actions make a scope; if they did not, it would be asked for as a pull.
    let scope = Scope::new("repository", repository.as_ref(), actions).unwrap_or_else(|_| Scope::pull(repository));
    Access { scope, tolerated }
}

/// A list of `/acr/v1`, from its beginning.
fn listed<R>(
    access: Access,
    path: String,
    query: &[(&str, Option<String>)],
    member: &'static str,
    read: fn(Value) -> Result<R, crate::Error>,
    key: fn(&Value) -> Option<&str>,
) -> List<R> {
    let mut form = crate::http::Form::default();
    for (name, value) in query {
        if let Some(value) = value {
            form.add(name, value);
        }
    }
    let query = form.finish();
    let path = if query.is_empty() { path } else { format!("{path}?{query}") };
    List::of(list::Kind { stage: Stage::Attributes, access: Some(access), path, member, key }, read)
}
