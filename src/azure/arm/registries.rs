//! Registries: `Microsoft.ContainerRegistry/registries`.

use super::{REGISTRY_API, Resource, deletion, listed, object, tags_value, versioned};
use crate::{
    Error,
    azure::{Call, GroupId, List, RegistryId, RegistryName, SubscriptionId, read},
    http::Method,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::ops::Deref;
use serde_json::{Value, json};

/// The service tier: an open set.
///
/// ```
/// use portolan::azure::arm::registries::Sku;
/// assert_eq!(Sku::Premium.as_str(), "Premium");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sku {
    /// The smallest.
    Basic,
    /// With anonymous pull.
    Standard,
    /// With replications, private links and more.
    Premium,
    /// Another one.
    Other(String),
}

impl Sku {
    /// As ARM writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Basic => "Basic",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Sku {
    fn from(name: &str) -> Self {
        let known = [Self::Basic, Self::Standard, Self::Premium];
        known
            .into_iter()
            .find(|sku| sku.as_str().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_string()))
    }
}

/// A registry. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct Registry {
    /// What all resources have.
    pub resource: Resource,
    /// Its tier.
    pub sku: Sku,
    /// Host name of its distribution API, lower case.
    pub login_server: String,
    /// When it was created.
    pub creation_date: String,
    /// True if the admin account is on.
    pub admin_user_enabled: bool,
    /// True if anybody may pull.
    pub anonymous_pull_enabled: bool,
    /// True if blobs come from [data endpoints](Self::data_endpoint_host_names) of the registry's own name.
    pub data_endpoint_enabled: bool,
    /// Hosts of these, one for each region.
    pub data_endpoint_host_names: Vec<String>,
    /// Hosts of its regional endpoints, where ARM tells.
    pub regional_endpoint_host_names: Vec<String>,
    /// Whether it can be reached from everywhere.
    pub public_network_access: Option<String>,
}

impl Registry {
    /// Reads ARM's document.
    ///
    /// # Errors
    /// If it has no id and name.
    pub fn read(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path).unwrap_or_default();
        let flag = |path| read::flag(&raw, path).unwrap_or_default();
        Ok(Self {
            sku: Sku::from(read::text(&raw, "sku.name").unwrap_or_default()),
            login_server: text("properties.loginServer").to_ascii_lowercase(),
            creation_date: text("properties.creationDate"),
            admin_user_enabled: flag("properties.adminUserEnabled"),
            anonymous_pull_enabled: flag("properties.anonymousPullEnabled"),
            data_endpoint_enabled: flag("properties.dataEndpointEnabled"),
            data_endpoint_host_names: read::texts(&raw, "properties.dataEndpointHostNames"),
            regional_endpoint_host_names: read::texts(&raw, "properties.regionalEndpointHostNames"),
            public_network_access: read::string(&raw, "properties.publicNetworkAccess"),
            resource: Resource::read(raw)?,
        })
    }
}

impl Deref for Registry {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

/// What a registry is created with, or what is to change of it. Absent fields stay as they are.
///
/// ```
/// use portolan::azure::arm::registries::Settings;
/// let settings = Settings { admin_user_enabled: Some(true), ..Settings::default() };
/// assert!(settings.sku.is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The tier; needed for a new registry.
    pub sku: Option<Sku>,
    /// Labels; all of them are replaced.
    pub tags: Option<BTreeMap<String, String>>,
    /// The admin account.
    pub admin_user_enabled: Option<bool>,
    /// Pulls by anybody; not for Basic.
    pub anonymous_pull_enabled: Option<bool>,
    /// Data endpoints of the registry's own name; Premium.
    pub data_endpoint_enabled: Option<bool>,
    /// Further properties, by ARM's names.
    pub more: BTreeMap<String, Value>,
}

impl Settings {
    fn body(&self, location: Option<&str>) -> Value {
        let mut properties = object([
            ("adminUserEnabled", Value::from(self.admin_user_enabled)),
            ("anonymousPullEnabled", Value::from(self.anonymous_pull_enabled)),
            ("dataEndpointEnabled", Value::from(self.data_endpoint_enabled)),
        ]);
        if let Some(properties) = properties.as_object_mut() {
            properties.extend(self.more.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        let empty = properties.as_object().is_none_or(serde_json::Map::is_empty);
        object([
            ("location", Value::from(location)),
            ("sku", self.sku.as_ref().map_or(Value::Null, |sku| json!({ "name": sku.as_str() }))),
            ("tags", self.tags.as_ref().map_or(Value::Null, tags_value)),
            ("properties", if empty && location.is_none() { Value::Null } else { properties }),
        ])
    }
}

/// Whether a name can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCheck {
    /// It is free.
    pub available: bool,
    /// `Invalid` or `AlreadyExists`, where it is not.
    pub reason: Option<String>,
    /// In ARM's words; untrusted text.
    pub message: Option<String>,
}

/// Asks whether a registry's name is free: names are unique across Azure.
#[must_use]
pub fn check_name(subscription: &SubscriptionId, name: &RegistryName) -> Call<NameCheck> {
    let path = format!("/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability");
    let body = json!({ "name": name.as_str(), "type": "Microsoft.ContainerRegistry/registries" });
    let read = |raw: Value| {
        Ok(NameCheck {
            available: read::flag(&raw, "nameAvailable").unwrap_or_default(),
            reason: read::string(&raw, "reason"),
            message: read::string(&raw, "message"),
        })
    };
    Call::arm(Method::Post, versioned(&path, REGISTRY_API), read).with(&body).reading()
}

/// Creates a registry and waits until it is there.
///
/// ```
/// use portolan::azure::arm::registries::{self, Settings, Sku};
/// let id = "00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?;
/// let op = registries::create(&id, "eastus", &Settings { sku: Some(Sku::Premium), ..Settings::default() });
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn create(id: &RegistryId, location: &str, settings: &Settings) -> Call<Registry> {
    let path = versioned(&id.path(), REGISTRY_API);
    Call::arm(Method::Put, path, Registry::read).with(&settings.body(Some(location))).until_there()
}

/// Changes a registry.
#[must_use]
pub fn update(id: &RegistryId, settings: &Settings) -> Call<Registry> {
    let path = versioned(&id.path(), REGISTRY_API);
    Call::arm(Method::Patch, path, Registry::read).with(&settings.body(None)).until_there()
}

/// Shows a registry.
#[must_use]
pub fn show(id: &RegistryId) -> Call<Registry> {
    Call::arm(Method::Get, versioned(&id.path(), REGISTRY_API), Registry::read)
}

/// Lists the registries of a group.
#[must_use]
pub fn list(group: &GroupId) -> List<Registry> {
    let path = format!("{}/providers/Microsoft.ContainerRegistry/registries", group.path());
    listed(versioned(&path, REGISTRY_API), Registry::read)
}

/// Lists the registries of a subscription.
#[must_use]
pub fn list_all(subscription: &SubscriptionId) -> List<Registry> {
    let path = format!("/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/registries");
    listed(versioned(&path, REGISTRY_API), Registry::read)
}

/// Deletes a registry with all that is in it. False if there was none.
#[must_use]
pub fn delete(id: &RegistryId) -> Call<bool> {
    deletion(versioned(&id.path(), REGISTRY_API))
}
