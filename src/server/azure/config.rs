//! That a registry is in Azure, as the configuration says it.

use super::super::config::ConfigError;
use crate::{
    Endpoint, RepositoryName, Secret,
    azure::{
        Cloud, RegistryId,
        entra::{Entra, ManagedIdentity},
    },
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
};
use serde::Deserialize;
use std::path::PathBuf;

/// A registry in Azure: where Azure's management API knows it, and as whom the server asks there.
///
/// ```
/// let azure: portolan::server::AzureConfig = serde_json::from_str(
///     r#"{ "resourceId": "/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerRegistry/registries/harbour",
///          "identity": { "from": "managedIdentity" } }"#,
/// )?;
/// assert!(azure.regions.is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureConfig {
    /// Its resource id, or `SUBSCRIPTION/GROUP/NAME`.
    pub resource_id: String,
    /// The cloud that it is in.
    #[serde(default)]
    pub cloud: CloudConfig,
    /// As whom the server asks, there and, where no other credential is known, at the registry.
    #[serde(default)]
    pub identity: IdentityConfig,
    /// Addresses of the regions' own endpoints, where they are not those of Azure.
    #[serde(default)]
    pub regions: BTreeMap<String, String>,
    /// A repository whose newest tag the portal follows through the regions.
    #[serde(default)]
    pub watch: Option<String>,
}

/// A cloud of Azure, by its name or its addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum CloudConfig {
    /// Azure.
    #[default]
    Public,
    /// Azure in China.
    China,
    /// Azure Government.
    UsGovernment,
    /// Another: Azure Stack, an emulator.
    #[serde(rename_all = "camelCase")]
    Custom {
        /// Address of the management API.
        arm: String,
        /// Address of the token service, without tenant.
        authority: String,
        /// What tokens are asked for.
        #[serde(default = "public_audience")]
        audience: String,
    },
}

fn public_audience() -> String {
    "https://management.azure.com".into()
}

/// Where an identity comes from. Secrets are never in the configuration itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "from", rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum IdentityConfig {
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`.
    #[default]
    Environment,
    /// The machine's.
    #[serde(rename_all = "camelCase")]
    ManagedIdentity {
        /// Which of them, where it has several.
        #[serde(default)]
        client_id: Option<String>,
    },
    /// A service principal.
    #[serde(rename_all = "camelCase")]
    ServicePrincipal {
        /// Its tenant.
        tenant: String,
        /// Its application.
        client_id: String,
        /// File with its secret; white space around it is not part of it.
        secret_file: PathBuf,
    },
}

/// The same, checked.
#[derive(Clone, Debug)]
pub(in crate::server) struct Settings {
    pub(super) id: RegistryId,
    pub(super) cloud: Cloud,
    pub(in crate::server) identity: Entra,
    pub(super) regions: BTreeMap<String, Endpoint>,
    pub(in crate::server) watch: Option<RepositoryName>,
}

impl AzureConfig {
    /// With the identity of the environment, in Azure itself.
    #[must_use]
    pub fn new(resource_id: impl Into<String>) -> Self {
        Self {
            resource_id: resource_id.into(),
            cloud: CloudConfig::default(),
            identity: IdentityConfig::default(),
            regions: BTreeMap::new(),
            watch: None,
        }
    }

    /// True if the machine's metadata service will be asked.
    pub(in crate::server) fn asks_the_machine(&self) -> bool {
        matches!(self.identity, IdentityConfig::ManagedIdentity { .. })
    }

    pub(in crate::server) fn settings(&self) -> Result<Settings, ConfigError> {
        let cloud = self.cloud.cloud()?;
        let regions = self.regions.iter().map(|(name, url)| Ok((name.to_ascii_lowercase(), endpoint(url)?)));
        Ok(Settings {
            id: registry_id(&self.resource_id)?,
            identity: self.identity.entra(&cloud)?,
            cloud,
            regions: regions.collect::<Result<_, ConfigError>>()?,
            watch: self.watch.as_deref().map(repository).transpose()?,
        })
    }
}

impl CloudConfig {
    fn cloud(&self) -> Result<Cloud, ConfigError> {
        Ok(match self {
            Self::Public => Cloud::public(),
            Self::China => Cloud::china(),
            Self::UsGovernment => Cloud::us_government(),
            Self::Custom { arm, authority, audience } => Cloud::custom(arm, authority, audience, "azurecr.io")
                .map_err(|e| ConfigError(format!("the cloud's addresses: {e}")))?,
        })
    }
}

impl IdentityConfig {
    fn entra(&self, cloud: &Cloud) -> Result<Entra, ConfigError> {
        let principal = |tenant: &str, client_id: &str, secret: Secret| {
            Entra::client_secret(cloud, tenant, client_id, secret).map_err(|e| ConfigError(e.to_string()))
        };
        match self {
            Self::Environment => principal(
                &variable("AZURE_TENANT_ID")?,
                &variable("AZURE_CLIENT_ID")?,
                variable("AZURE_CLIENT_SECRET")?.into(),
            ),
            Self::ManagedIdentity { client_id } => {
                let which = client_id.clone().map_or(ManagedIdentity::System, ManagedIdentity::Client);
                Ok(Entra::managed_identity(cloud, which))
            }
            Self::ServicePrincipal { tenant, client_id, secret_file } => {
                let text = std::fs::read_to_string(secret_file)
                    .map_err(|e| ConfigError(format!("{}: {e}", secret_file.display())))?;
                principal(tenant, client_id, text.trim().into())
            }
        }
    }
}

fn variable(name: &str) -> Result<String, ConfigError> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.ok_or_else(|| ConfigError(format!("{name} is not set, and no other identity in Azure is configured")))
}

/// `/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerRegistry/registries/N`, whatever its case, or `S/G/N`.
fn registry_id(text: &str) -> Result<RegistryId, ConfigError> {
    let bad = || ConfigError(format!("{text:?} is no resource id of a registry"));
    let parts: alloc::vec::Vec<&str> = text.trim_matches('/').split('/').collect();
    let short = match parts.as_slice() {
        [subscriptions, subscription, groups, group, providers, provider, kind, name]
            if [
                (subscriptions, "subscriptions"),
                (groups, "resourceGroups"),
                (providers, "providers"),
                (provider, "Microsoft.ContainerRegistry"),
                (kind, "registries"),
            ]
            .iter()
            .all(|(part, word)| part.eq_ignore_ascii_case(word)) =>
        {
            [*subscription, *group, *name].join("/")
        }
        [_, _, _] => parts.join("/"),
        _ => return Err(bad()),
    };
    short.parse().map_err(|_| bad())
}

fn endpoint(url: &str) -> Result<Endpoint, ConfigError> {
    url.parse().map_err(|e| ConfigError(format!("{url:?} is no address of a region: {e}")))
}

fn repository(name: &str) -> Result<RepositoryName, ConfigError> {
    name.parse().map_err(|e| ConfigError(format!("{name:?}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerRegistry/registries/harbour";

    #[test]
    fn registries_are_known_by_id_or_by_parts() {
        assert_eq!(registry_id(ID).unwrap(), registry_id("s/g/harbour").unwrap());
        for bad in ["", "harbour", "s/g", "s/g/no-dash", &ID.replace("registries", "vaults"), &format!("{ID}/tags/x")] {
            assert!(registry_id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_come_from_files_and_stay_out_of_sight() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let text = format!(
            r#"{{ "resourceId": "{ID}", "cloud": {{ "custom": {{ "arm": "https://127.0.0.1:1", "authority": "https://127.0.0.1:2" }} }},
                "identity": {{ "from": "servicePrincipal", "tenant": "t", "clientId": "c", "secretFile": {:?} }},
                "regions": {{ "EastUS": "https://127.0.0.1:3" }}, "watch": "lab/beacon" }}"#,
            file.path()
        );
        let config: AzureConfig = serde_json::from_str(&text).unwrap();
        let settings = config.settings().unwrap();
        assert!(settings.regions.contains_key("eastus"));
        assert!(!format!("{settings:?} {config:?}").contains("hunter2"));
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        let config = |text: &str| serde_json::from_str::<AzureConfig>(text).map_err(|e| ConfigError(e.to_string()));
        assert!(config(r#"{ "resourceId": "s/g/n", "secret": "x" }"#).is_err());
        assert!(
            config(r#"{ "resourceId": "s/g/n", "identity": { "from": "servicePrincipal", "secret": "x" } }"#).is_err()
        );
        let managed = r#"{ "resourceId": "s/g/harbour", "identity": { "from": "managedIdentity" }"#;
        assert!(config(&format!("{managed} }}")).unwrap().settings().is_ok());
        assert!(config(&format!(r#"{managed}, "watch": "UPPER" }}"#)).unwrap().settings().is_err());
        assert!(config(&format!(r#"{managed}, "regions": {{ "eastus": "ftp://x" }} }}"#)).unwrap().settings().is_err());
    }
}
