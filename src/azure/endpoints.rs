//! Host names of a registry: `<name>.azurecr.io`, `<name>.<region>.geo.azurecr.io`, `<name>.<region>.data.azurecr.io`.
//!
//! Names with a hash (`<name>-<hash>.azurecr.io`) are names like others. Docs: "Azure Container Registry endpoint reference".

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
};

/// Suffixes of the clouds.
const SUFFIXES: [&str; 4] = ["azurecr.io", "azurecr.cn", "azurecr.us", "azurecr.de"];

/// What a host of a registry is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The login server, which leads to the best replica.
    Global,
    /// One replica's login server.
    Regional(String),
    /// One replica's blobs; signed addresses, no login.
    Data(String),
}

/// A host of a registry, taken apart.
///
/// ```
/// use portolan::azure::endpoints::{AcrHost, Role};
/// let host = AcrHost::parse("MyRegistry.japaneast.geo.azurecr.io").unwrap();
/// assert_eq!((host.registry(), host.role()), ("myregistry", &Role::Regional("japaneast".into())));
/// assert_eq!(host.global().to_string(), "myregistry.azurecr.io");
/// assert_eq!(host.data("westus").to_string(), "myregistry.westus.data.azurecr.io");
/// assert!(AcrHost::parse("registry.example").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcrHost {
    registry: String,
    role: Role,
    suffix: &'static str,
}

impl AcrHost {
    /// Takes a host name apart; nothing if it is none of ACR's.
    #[must_use]
    pub fn parse(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let (labels, suffix) =
            SUFFIXES.iter().find_map(|suffix| Some((host.strip_suffix(suffix)?.strip_suffix('.')?, *suffix)))?;
        let mut labels = labels.split('.');
        let registry = labels.next().filter(|name| !name.is_empty())?.to_owned();
        let role = match (labels.next(), labels.next(), labels.next()) {
            (None, ..) => Role::Global,
            (Some(region), Some("geo"), None) => Role::Regional(region.to_owned()),
            (Some(region), Some("data"), None) => Role::Data(region.to_owned()),
            _ => return None,
        };
        Some(Self { registry, role, suffix })
    }

    /// The registry's name, lower case, with its hash if it has one.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// What this host is for.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// The login server.
    #[must_use]
    pub fn global(&self) -> Self {
        self.with(Role::Global)
    }

    /// The login server of one region.
    #[must_use]
    pub fn regional(&self, region: &str) -> Self {
        self.with(Role::Regional(region.to_ascii_lowercase()))
    }

    /// The data endpoint of one region.
    #[must_use]
    pub fn data(&self, region: &str) -> Self {
        self.with(Role::Data(region.to_ascii_lowercase()))
    }

    fn with(&self, role: Role) -> Self {
        Self { registry: self.registry.clone(), role, suffix: self.suffix }
    }

    /// True if both are login servers of one registry: tokens of one are good at the other.
    #[must_use]
    pub fn shares_tokens_with(&self, other: &Self) -> bool {
        let login = |host: &Self| !matches!(host.role, Role::Data(_));
        login(self) && login(other) && (&self.registry, self.suffix) == (&other.registry, other.suffix)
    }
}

impl core::fmt::Display for AcrHost {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let text = match &self.role {
            Role::Global => format!("{}.{}", self.registry, self.suffix),
            Role::Regional(region) => format!("{}.{region}.geo.{}", self.registry, self.suffix),
            Role::Data(region) => format!("{}.{region}.data.{}", self.registry, self.suffix),
        };
        f.pad(&text)
    }
}

impl From<AcrHost> for String {
    fn from(host: AcrHost) -> Self {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a01_only_login_servers_of_one_registry_share_tokens() {
        let share =
            |a: &str, b: &str| AcrHost::parse(a).zip(AcrHost::parse(b)).is_some_and(|(a, b)| a.shares_tokens_with(&b));
        assert!(share("r.japaneast.geo.azurecr.io", "r.azurecr.io"));
        assert!(share("R.azurecr.io", "r.westus.geo.azurecr.io"));
        assert!(!share("r.azurecr.io", "s.azurecr.io"));
        assert!(!share("r.azurecr.io", "r.azurecr.cn"));
        assert!(!share("r.westus.data.azurecr.io", "r.azurecr.io"));
        assert!(!share("r.azurecr.io.evil.example", "r.azurecr.io"));
        assert!(!share("evil-azurecr.io", "evil-azurecr.io"));
        assert!(!share("a.b.c.geo.azurecr.io", "a.azurecr.io"));
    }
}
