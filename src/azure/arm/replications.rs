//! Replications: a registry's copies in other regions, Premium only.

use super::{REGISTRY_API, Resource, deletion, listed, object, versioned};
use crate::{
    Error,
    azure::{Call, List, RegistryId, RegistryName, names, read},
    http::Method,
};
use alloc::{format, string::String};
use core::ops::Deref;
use serde_json::{Value, json};

/// A replication. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// What all resources have.
    pub resource: Resource,
    /// How it is: `Provisioning`, `Syncing`, `Ready` or any other word; absent for a while after its creation.
    pub display_status: Option<String>,
    /// The same in a sentence; untrusted text.
    pub message: Option<String>,
    /// When that was.
    pub timestamp: Option<String>,
    /// True if the registry's global endpoint leads here. Content comes either way.
    pub region_endpoint_enabled: bool,
    /// What was once asked for; regions that have zones use them.
    pub zone_redundancy: Option<String>,
}

impl Replication {
    /// Reads ARM's document.
    ///
    /// # Errors
    /// If it has no id and name.
    pub fn read(raw: Value) -> Result<Self, Error> {
        Ok(Self {
            display_status: read::string(&raw, "properties.status.displayStatus"),
            message: read::string(&raw, "properties.status.message"),
            timestamp: read::string(&raw, "properties.status.timestamp"),
            region_endpoint_enabled: read::flag(&raw, "properties.regionEndpointEnabled").unwrap_or(true),
            zone_redundancy: read::string(&raw, "properties.zoneRedundancy"),
            resource: Resource::read(raw)?,
        })
    }

    /// True once its content is whole, as far as its status tells.
    #[must_use]
    pub fn is_synced(&self) -> bool {
        self.resource.is_ready() && self.display_status.as_deref() == Some("Ready")
    }
}

impl Deref for Replication {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

fn path(id: &RegistryId, name: &RegistryName) -> String {
    versioned(&format!("{}/replications/{name}", id.path()), REGISTRY_API)
}

/// The name that `az` gives a replication: its region's, lower case, without spaces.
///
/// # Errors
/// If the region's name makes none.
pub fn name(location: &str) -> Result<RegistryName, crate::ReferenceError> {
    names::region(location).parse()
}

/// Creates a replication and waits until ARM is done; its content may come after that.
///
/// ```
/// use portolan::azure::arm::replications;
/// let id = "00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?;
/// let op = replications::create(&id, &replications::name("Japan East")?, "japaneast", true);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn create(id: &RegistryId, name: &RegistryName, location: &str, region_endpoint: bool) -> Call<Replication> {
    let properties = if region_endpoint { Value::Null } else { json!({ "regionEndpointEnabled": false }) };
    let body = object([("location", Value::from(location)), ("properties", properties)]);
    Call::arm(Method::Put, path(id, name), Replication::read).with(&body).until_there()
}

/// Shows a replication.
#[must_use]
pub fn show(id: &RegistryId, name: &RegistryName) -> Call<Replication> {
    Call::arm(Method::Get, path(id, name), Replication::read)
}

/// Lists the replications of a registry, its home region among them.
#[must_use]
pub fn list(id: &RegistryId) -> List<Replication> {
    let path = versioned(&format!("{}/replications", id.path()), REGISTRY_API);
    listed(path, Replication::read)
}

/// Says whether the global endpoint may lead to a replication.
#[must_use]
pub fn set_region_endpoint(id: &RegistryId, name: &RegistryName, enabled: bool) -> Call<Replication> {
    let body = json!({ "properties": { "regionEndpointEnabled": enabled } });
    Call::arm(Method::Patch, path(id, name), Replication::read).with(&body).until_there()
}

/// Deletes a replication. False if there was none.
#[must_use]
pub fn delete(id: &RegistryId, name: &RegistryName) -> Call<bool> {
    deletion(path(id, name))
}
