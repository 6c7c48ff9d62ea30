//! Container groups: `Microsoft.ContainerInstance`, 2023-05-01.

use super::{Resource, deletion, object, versioned};
use crate::{
    Error, Secret,
    azure::{Call, GroupId, ResourceName, read},
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

const API: &str = "2023-05-01";

/// A container group. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct ContainerGroup {
    /// What all resources have.
    pub resource: Resource,
    /// Its address, where it has one.
    pub ip: Option<String>,
    /// Its name in the DNS, where it has one.
    pub fqdn: Option<String>,
    /// Ports that are open.
    pub ports: Vec<u64>,
    /// Images of its containers.
    pub images: Vec<String>,
    /// `Running`, `Stopped` and so on: an open set.
    pub state: Option<String>,
}

/// A container group of one container.
///
/// ```
/// use portolan::azure::arm::container_groups::NewContainer;
/// let container = NewContainer::of("registry.example/acrtasks:v1", "eastus");
/// assert_eq!(container.ports, [80]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewContainer {
    /// Image, with its registry.
    pub image: String,
    /// Where.
    pub location: String,
    /// User name and password of the image's registry.
    pub registry_login: Option<(String, Secret)>,
    /// TCP ports that are open to everybody; none for no address.
    pub ports: Vec<u16>,
    /// The first label of its name in the DNS.
    pub dns_label: Option<String>,
    /// Processors.
    pub cpu: u32,
    /// Memory, in tenths of a GB.
    pub memory_tenths: u32,
    /// Command in place of the image's.
    pub command: Vec<String>,
    /// Environment; values are kept from whoever asks.
    pub environment: BTreeMap<String, Secret>,
    /// `Always`, `OnFailure` or `Never`.
    pub restart_policy: String,
}

impl NewContainer {
    /// One processor, 1.5 GB, port 80.
    #[must_use]
    pub fn of(image: impl Into<String>, location: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            location: location.into(),
            registry_login: None,
            ports: Vec::from([80]),
            dns_label: None,
            cpu: 1,
            memory_tenths: 15,
            command: Vec::new(),
            environment: BTreeMap::new(),
            restart_policy: "Always".to_string(),
        }
    }

    /// With a login for the image's registry.
    #[must_use]
    pub fn login(mut self, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.registry_login = Some((username.into(), password.into()));
        self
    }

    fn body(&self, name: &ResourceName) -> Value {
        let ports: Vec<Value> = self.ports.iter().map(|port| json!({ "port": port, "protocol": "TCP" })).collect();
        let environment =
            self.environment.iter().map(|(name, value)| json!({ "name": name, "secureValue": value.expose() }));
        let memory =
            serde_json::Number::from_f64(f64::from(self.memory_tenths) / 10.0).map_or(Value::Null, Value::Number);
        let container = object([
            ("image", Value::from(self.image.as_str())),
            ("ports", ports.clone().into()),
            ("resources", json!({ "requests": { "cpu": self.cpu, "memoryInGB": memory } })),
            ("environmentVariables", environment.collect::<Vec<_>>().into()),
            ("command", if self.command.is_empty() { Value::Null } else { self.command.as_slice().into() }),
        ]);
        let address = object([
            ("type", Value::from("Public")),
            ("ports", ports.into()),
            ("dnsNameLabel", Value::from(self.dns_label.as_deref())),
        ]);
        let server = self.image.split('/').next().unwrap_or_default();
        let login = self.registry_login.as_ref().map_or(
            Value::Null,
            |(username, password)| json!([{ "server": server, "username": username, "password": password.expose() }]),
        );
        let properties = object([
            ("containers", json!([{ "name": name.as_str(), "properties": container }])),
            ("osType", Value::from("Linux")),
            ("restartPolicy", Value::from(self.restart_policy.as_str())),
            ("imageRegistryCredentials", login),
            ("ipAddress", if self.ports.is_empty() { Value::Null } else { address }),
        ]);
        json!({ "location": self.location, "properties": properties })
    }
}

impl ContainerGroup {
    /// Reads ARM's document.
    ///
    /// # Errors
    /// If it has no id and name.
    pub fn read(raw: Value) -> Result<Self, Error> {
        let containers = read::list(&raw, "properties.containers").iter();
        Ok(Self {
            ip: read::string(&raw, "properties.ipAddress.ip"),
            fqdn: read::string(&raw, "properties.ipAddress.fqdn"),
            ports: read::list(&raw, "properties.ipAddress.ports")
                .iter()
                .filter_map(|p| read::number(p, "port"))
                .collect(),
            images: containers.filter_map(|c| read::string(c, "properties.image")).collect(),
            state: read::string(&raw, "properties.instanceView.state"),
            resource: Resource::read(raw)?,
        })
    }
}

impl Deref for ContainerGroup {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

fn path(group: &GroupId, name: &ResourceName) -> String {
    versioned(&format!("{}/providers/Microsoft.ContainerInstance/containerGroups/{name}", group.path()), API)
}

/// Creates a group of one container and waits until it is there.
///
/// ```
/// use portolan::azure::arm::container_groups::{self, NewContainer};
/// let group = "00000000-0000-0000-0000-000000000001/g".parse()?;
/// let op = container_groups::create(&group, &"acr-tasks".parse()?, &NewContainer::of("r.example/app:v1", "eastus"));
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn create(group: &GroupId, name: &ResourceName, container: &NewContainer) -> Call<ContainerGroup> {
    Call::arm(Method::Put, path(group, name), ContainerGroup::read).with(&container.body(name)).until_there()
}

/// Shows a container group.
#[must_use]
pub fn show(group: &GroupId, name: &ResourceName) -> Call<ContainerGroup> {
    Call::arm(Method::Get, path(group, name), ContainerGroup::read)
}

/// Deletes a container group. False if there was none.
#[must_use]
pub fn delete(group: &GroupId, name: &ResourceName) -> Call<bool> {
    deletion(path(group, name))
}
