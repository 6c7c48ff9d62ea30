//! Repository-scoped tokens, and the scope maps that say what they may do.

use super::{REGISTRY_API, Resource, credentials::Login, deletion, listed, versioned};
use crate::{
    Error,
    azure::{Call, List, RegistryId, ResourceName, read},
    http::Method,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Deref;
use serde_json::{Value, json};

/// What a token may do. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeMap {
    /// What all resources have.
    pub resource: Resource,
    /// `repositories/team/app/content/read` and so on.
    pub actions: Vec<String>,
}

/// A token. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopedToken {
    /// What all resources have.
    pub resource: Resource,
    /// Id of its scope map.
    pub scope_map: String,
    /// True if it can be used.
    pub enabled: bool,
}

impl Deref for ScopeMap {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

impl Deref for ScopedToken {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

fn read_map(raw: Value) -> Result<ScopeMap, Error> {
    Ok(ScopeMap { actions: read::texts(&raw, "properties.actions"), resource: Resource::read(raw)? })
}

fn read_token(raw: Value) -> Result<ScopedToken, Error> {
    Ok(ScopedToken {
        scope_map: read::string(&raw, "properties.scopeMapId").unwrap_or_default(),
        enabled: read::text(&raw, "properties.status").is_none_or(|status| !status.eq_ignore_ascii_case("disabled")),
        resource: Resource::read(raw)?,
    })
}

fn path(id: &RegistryId, kind: &str, name: &ResourceName) -> String {
    versioned(&format!("{}/{kind}/{name}", id.path()), REGISTRY_API)
}

/// Creates or replaces a scope map.
///
/// ```
/// use portolan::azure::arm::scoped_tokens;
/// let id = "00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?;
/// let op = scoped_tokens::create_map(&id, &"readers".parse()?, &["repositories/acrtasks/content/read"]);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn create_map(id: &RegistryId, name: &ResourceName, actions: &[&str]) -> Call<ScopeMap> {
    let body = json!({ "properties": { "actions": actions } });
    Call::arm(Method::Put, path(id, "scopeMaps", name), read_map).with(&body).until_there()
}

/// Creates or replaces a token that may do what a scope map of the registry says. It has no password yet.
#[must_use]
pub fn create(id: &RegistryId, name: &ResourceName, map: &ResourceName) -> Call<ScopedToken> {
    let map = format!("{}/scopeMaps/{map}", id.path());
    let body = json!({ "properties": { "scopeMapId": map, "status": "enabled" } });
    Call::arm(Method::Put, path(id, "tokens", name), read_token).with(&body).until_there()
}

/// Makes passwords for a token. They are shown this once.
#[must_use]
pub fn generate(id: &RegistryId, name: &ResourceName) -> Call<Login> {
    let action = versioned(&format!("{}/generateCredentials", id.path()), REGISTRY_API);
    let token = format!("{}/tokens/{name}", id.path()).to_string();
    Call::arm(Method::Post, action, Login::read).with(&json!({ "tokenId": token })).until_over()
}

/// Lists the tokens of a registry.
#[must_use]
pub fn list(id: &RegistryId) -> List<ScopedToken> {
    listed(versioned(&format!("{}/tokens", id.path()), REGISTRY_API), read_token)
}

/// Lists the scope maps of a registry, built-in ones among them.
#[must_use]
pub fn list_maps(id: &RegistryId) -> List<ScopeMap> {
    listed(versioned(&format!("{}/scopeMaps", id.path()), REGISTRY_API), read_map)
}

/// Deletes a token. False if there was none.
#[must_use]
pub fn delete(id: &RegistryId, name: &ResourceName) -> Call<bool> {
    deletion(path(id, "tokens", name))
}

/// Deletes a scope map. False if there was none.
#[must_use]
pub fn delete_map(id: &RegistryId, name: &ResourceName) -> Call<bool> {
    deletion(path(id, "scopeMaps", name))
}
