//! Where everything is, for programs that drive an emulator.

use crate::emulator::{
    Options, RegionName,
    cloud::Cloud,
    files,
    state::{Definition, Directory, Document, Kind, Principal},
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
    vec::Vec,
};
use serde::Serialize;
use std::{
    io,
    path::{Path, PathBuf},
};

/// What `--info FILE` writes. It has secrets that open the emulator, and nothing else.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Info {
    /// Address of ARM, `https://127.0.0.1:port`.
    pub arm: String,
    /// Address of the authority, without a tenant.
    pub authority: String,
    /// Address of blob storage.
    pub storage: String,
    /// Where managed identities get their tokens, without a query.
    pub identity_endpoint: String,
    /// The registry's login server, `host:port`.
    pub login_server: String,
    /// Each region's own endpoint, `host:port`.
    pub regions: BTreeMap<RegionName, String>,
    /// Which of them is the home region.
    pub home_region: RegionName,
    /// Path of the file that clients must trust, PEM.
    pub ca_certificate: PathBuf,
    /// Tenant.
    pub tenant: String,
    /// Subscription.
    pub subscription: String,
    /// Resource group of the registry.
    pub resource_group: String,
    /// The registry's name.
    pub registry: String,
    /// Service principals, one for each role.
    pub service_principals: Vec<Identity>,
    /// Managed identities.
    pub managed_identities: Vec<Identity>,
    /// People.
    pub users: Vec<User>,
}

/// A service principal or a managed identity.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Identity {
    /// Name in the directory.
    pub name: String,
    /// Client id.
    pub client_id: String,
    /// Client secret; a managed identity has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Object id.
    pub object_id: String,
    /// Its first role.
    pub role: String,
}

/// A user.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct User {
    /// `userPrincipalName`.
    pub name: String,
    /// Password.
    pub password: String,
    /// Object id.
    pub object_id: String,
    /// The first role.
    pub role: String,
}

impl Info {
    pub(super) fn of(document: &Document, cloud: &Cloud, certificate: &Path, options: &Options) -> Self {
        let registry = document.registry(&options.registry).or_else(|| document.registries.first());
        let regions = registry.map(|registry| registry.regions.as_slice()).unwrap_or_default();
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        Self {
            arm: cloud.arm(),
            authority: cloud.authority(),
            storage: alloc::format!("https://{}", cloud.addresses.storage),
            identity_endpoint: alloc::format!("http://{}/metadata/identity/oauth2/token", cloud.addresses.authority),
            login_server: text(registry.map(|registry| &registry.login_server)),
            regions: regions.iter().map(|region| (region.location.clone(), region.address.clone())).collect(),
            home_region: text(registry.map(|registry| &registry.location)),
            ca_certificate: certificate.to_path_buf(),
            tenant: document.tenant.clone(),
            subscription: document.subscription.id.clone(),
            resource_group: text(registry.map(|registry| &registry.group)),
            registry: text(registry.map(|registry| &registry.name)),
            service_principals: identities(document, Kind::ServicePrincipal),
            managed_identities: identities(document, Kind::ManagedIdentity),
            users: document.directory.principals.iter().filter_map(|principal| user(document, principal)).collect(),
        }
    }

    /// Writes it to `file`, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        files::replace_secret(file, &text)
    }
}

fn identities(document: &Document, kind: Kind) -> Vec<Identity> {
    let of_kind = document.directory.principals.iter().filter(|principal| principal.kind == kind);
    of_kind.map(|principal| identity(document, principal)).collect()
}

fn identity(document: &Document, principal: &Principal) -> Identity {
    let client_id = principal.app_id.clone().unwrap_or_default();
    Identity {
        name: principal.name.clone(),
        client_secret: secret(&document.directory, &client_id),
        client_id,
        object_id: principal.object_id.clone(),
        role: role(document, principal),
    }
}

fn secret(directory: &Directory, app_id: &str) -> Option<String> {
    Some(directory.application(app_id)?.passwords.first()?.value.clone())
}

fn user(document: &Document, principal: &Principal) -> Option<User> {
    let (name, password) = principal.user.clone()?;
    Some(User { name, password, object_id: principal.object_id.clone(), role: role(document, principal) })
}

fn role(document: &Document, principal: &Principal) -> String {
    let assignment = document.assignments.iter().find(|assignment| assignment.principal == principal.object_id);
    let role = assignment.and_then(|assignment| Definition::find(&assignment.role));
    role.map(|role| role.name.to_string()).unwrap_or_default()
}
