//! What somebody asks.

use super::Refusal;
use crate::{
    Limits,
    emulator::{
        cloud::Identity,
        form::{self, Fields},
        state::{Document, Group, Registry},
    },
    json,
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    body::Body,
    http::{Method, request::Parts},
};
use serde_json::Value;

/// Names that a path has, with what stands for them.
pub(crate) type Names = Vec<(&'static str, String)>;

/// A call by somebody we know.
pub(crate) struct Call {
    /// Method; `HEAD` counts as `GET` unless a table has it.
    pub(crate) method: Method,
    /// Path, not decoded.
    pub(crate) path: String,
    /// Query.
    pub(crate) query: Fields,
    /// Who asks.
    pub(crate) identity: Identity,
    /// The body; null if there is none.
    pub(crate) body: Value,
    /// What stands for the names of the route's path.
    pub(super) names: Names,
}

impl Call {
    pub(super) fn new(parts: Parts, identity: Identity) -> Self {
        Self {
            query: Fields::parse(parts.uri.query().unwrap_or_default()),
            path: parts.uri.path().trim_end_matches('/').to_string(),
            method: parts.method,
            identity,
            body: Value::Null,
            names: Names::new(),
        }
    }

    /// Reads the body.
    pub(super) async fn read(&mut self, body: Body, limit: usize) -> Result<(), Refusal> {
        let bytes = axum::body::to_bytes(body, limit).await;
        let bytes =
            bytes.map_err(|_| Refusal::new(413, "RequestEntityTooLarge", "The request's content is too large."))?;
        if !bytes.is_empty() {
            self.body = json::parse(&bytes, &Limits::DEFAULT).map_err(|error| {
                Refusal::bad("InvalidRequestContent", format!("The request's content was invalid: {error}"))
            })?;
        }
        Ok(())
    }

    /// What stands for the names of `pattern`, if the path is like it.
    pub(super) fn matches(&self, pattern: &'static str) -> Option<Names> {
        let wanted: Vec<&'static str> = pattern.split('/').skip(1).collect();
        let path: Vec<&str> = self.path.split('/').skip(1).collect();
        let mut names = Names::new();
        let any = wanted.first().and_then(|first| first.strip_prefix("{*")?.strip_suffix('}'));
        let (wanted, path) = match any {
            Some(name) => {
                let fixed = wanted.get(1..)?;
                let (scope, path) = path.split_at(path.len().checked_sub(fixed.len())?);
                let slash = if scope.is_empty() { "" } else { "/" };
                names.push((name, [slash, &scope.join("/")].concat()));
                (fixed, path)
            }
            None => (wanted.as_slice(), path.as_slice()),
        };
        if wanted.len() != path.len() {
            return None;
        }
        for (wanted, segment) in wanted.iter().zip(path) {
            match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if !segment.is_empty() => names.push((name, form::decode(segment, false))),
                None if wanted.eq_ignore_ascii_case(segment) => {}
                _ => return None,
            }
        }
        Some(names)
    }

    /// What stands for a name of the route's path.
    pub(crate) fn maybe(&self, name: &str) -> Option<&str> {
        self.names.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// As [`Self::maybe`], for a name that the route has.
    pub(crate) fn name(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_default()
    }

    /// Where RBAC is asked: what `{*scope}` stands for, else the path; an action's name is no part of it.
    pub(super) fn scope(&self) -> String {
        if let Some(scope) = self.maybe("scope") {
            return if scope.is_empty() { "/".to_string() } else { form::decode(scope, false) };
        }
        let path = match self.path.rsplit_once('/') {
            Some((resource, _)) if self.method == Method::POST => resource,
            _ => &self.path,
        };
        form::decode(path, false)
    }

    /// The group that the path names.
    pub(crate) fn group<'a>(&self, document: &'a Document) -> Result<&'a Group, Refusal> {
        let name = self.name("group");
        document.group(name).ok_or_else(|| {
            Refusal::new(404, "ResourceGroupNotFound", format!("Resource group '{name}' could not be found."))
        })
    }

    /// The registry that the path names.
    pub(crate) fn registry<'a>(&self, document: &'a Document) -> Result<&'a Registry, Refusal> {
        let group = &self.group(document)?.name;
        let name = self.name("registry");
        document.registry_in(group, name).ok_or_else(|| Refusal::no_resource("registries", name, group))
    }

    /// As [`Self::registry`], to change it.
    pub(crate) fn registry_mut<'a>(&self, document: &'a mut Document) -> Result<&'a mut Registry, Refusal> {
        let group = self.group(document)?.name.clone();
        let name = self.name("registry");
        document.registry_in_mut(&group, name).ok_or_else(|| Refusal::no_resource("registries", name, &group))
    }

    /// The `api-version` that was asked for.
    pub(crate) fn version(&self) -> &str {
        self.query.get("api-version").unwrap_or_default()
    }
}
