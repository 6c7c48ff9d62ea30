//! Where a cloud's services are.

use super::entra::{Entra, METADATA_HOST};
use crate::{
    Endpoint, Limits, ReferenceError,
    http::{Origin, Scheme, Url},
};
use alloc::string::{String, ToString};

/// The addresses of one cloud, and the names under which tokens for its services are asked for.
///
/// ```
/// use portolan::azure::Cloud;
/// assert_eq!(Cloud::public().login_server("myregistry"), "myregistry.azurecr.io");
/// let local = Cloud::custom("https://127.0.0.1:8443", "https://127.0.0.1:8444", "https://management.azure.com", "azurecr.io")?;
/// assert_eq!(local.arm.origin().port(), 8443);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cloud {
    /// ARM.
    pub arm: Endpoint,
    /// Entra's token service, without tenant.
    pub authority: Url,
    /// What tokens for ARM are asked for; `/.default` is added to it.
    pub audience: String,
    /// What tokens for registries are asked for. Registries may refuse those for ARM.
    pub registry_audience: String,
    /// What follows a registry's name in its host name, without the dot.
    pub registry_suffix: String,
    /// Where a machine asks for tokens of its own identity: a link-local address in plain http.
    pub identity_endpoint: Url,
}

impl Cloud {
    /// Azure.
    #[must_use]
    pub fn public() -> Self {
        let registries = "https://containerregistry.azure.net";
        Self::known("management.azure.com", "login.microsoftonline.com", registries, "azurecr.io")
    }

    /// Azure in China, operated by 21Vianet.
    #[must_use]
    pub fn china() -> Self {
        let arm = "management.chinacloudapi.cn";
        Self::known(arm, "login.chinacloudapi.cn", "https://management.chinacloudapi.cn", "azurecr.cn")
    }

    /// Azure Government (US).
    #[must_use]
    pub fn us_government() -> Self {
        let arm = "management.usgovcloudapi.net";
        Self::known(arm, "login.microsoftonline.us", "https://management.usgovcloudapi.net", "azurecr.us")
    }

    /// Azure in Germany, where it still runs.
    #[must_use]
    pub fn germany() -> Self {
        let arm = "management.microsoftazure.de";
        Self::known(arm, "login.microsoftonline.de", "https://management.microsoftazure.de", "azurecr.de")
    }

    /// Another cloud: Azure Stack, an emulator. `audience` serves ARM and registries.
    ///
    /// # Errors
    /// If an address is none.
    pub fn custom(arm: &str, authority: &str, audience: &str, registry_suffix: &str) -> Result<Self, ReferenceError> {
        Ok(Self {
            arm: arm.parse()?,
            authority: authority.parse()?,
            audience: audience.to_string(),
            registry_audience: audience.to_string(),
            registry_suffix: registry_suffix.to_string(),
            identity_endpoint: metadata_service(),
        })
    }

    fn known(arm: &str, authority: &str, registry_audience: &str, suffix: &str) -> Self {
        let https = |host: &str| Origin::from_checked(Scheme::Https, host.to_string(), None);
        Self {
            arm: Endpoint::new(https(arm)),
            authority: Url::from_parts(https(authority), "/"),
            audience: ["https://", arm].concat(),
            registry_audience: registry_audience.to_string(),
            registry_suffix: suffix.to_string(),
            identity_endpoint: metadata_service(),
        }
    }

    /// The host that a registry of this name has unless it was created with a hash in it; ARM knows
    /// ([`Registry::login_server`](super::arm::registries::Registry)).
    #[must_use]
    pub fn login_server(&self, registry: &str) -> String {
        [&registry.to_ascii_lowercase(), ".", &self.registry_suffix].concat()
    }
}

fn metadata_service() -> Url {
    let origin = Origin::from_checked(Scheme::Http, METADATA_HOST.to_string(), None);
    Url::from_parts(origin, "/metadata/identity/oauth2/token")
}

/// How to talk to ARM: [`Session::arm`](crate::Session::arm).
///
/// ```
/// use portolan::azure::{ArmConfig, Cloud, entra::Entra};
/// let cloud = Cloud::public();
/// let identity = Entra::client_secret(&cloud, "contoso.example", "app", "secret")?;
/// assert_eq!(ArmConfig::new(cloud, identity).limits, portolan::Limits::DEFAULT);
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ArmConfig {
    /// Where.
    pub cloud: Cloud,
    /// As whom.
    pub credential: Entra,
    /// The bounds.
    pub limits: Limits,
}

impl ArmConfig {
    /// With default limits.
    #[must_use]
    pub fn new(cloud: Cloud, credential: Entra) -> Self {
        Self { cloud, credential, limits: Limits::DEFAULT }
    }
}
