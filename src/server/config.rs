//! What the server is told to serve.

use super::azure::{AzureConfig, Settings};
use crate::{Endpoint, RegistryHost, http::Origin, http::Scheme};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::str::FromStr;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Longest id, bytes.
const MAX_ID: usize = 64;

/// How the portal is served. As JSON (camelCase) this is the file that `portolan serve --config` reads.
///
/// ```
/// let config: portolan::server::Config = serde_json::from_str(
///     r#"{ "registries": [{ "name": "Harbour", "url": "https://registry.example" }], "publicHosts": ["portal.example"] }"#,
/// )?;
/// assert_eq!(config.registries[0].name, "Harbour");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Config {
    /// Directory with the built portal.
    pub assets: Option<PathBuf>,
    /// Files with certificates (PEM) to trust beside the platform's.
    pub ca_files: Vec<PathBuf>,
    /// `host` or `host:port` that may be spoken to without TLS, beside loopback.
    pub plain_http_hosts: Vec<String>,
    /// `host` or `host:port` under which browsers reach the server, beside the address it listens at.
    pub public_hosts: Vec<String>,
    /// The registries, in the order in which they are shown.
    pub registries: Vec<RegistryConfig>,
}

/// One registry of the portal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegistryConfig {
    /// Its id in addresses: letters, digits, `.`, `_`, `-`. Made from the name where it is not given.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name for people.
    pub name: String,
    /// `http` or `https` address; a path is kept as a prefix of `/v2/`.
    pub url: String,
    /// How the browser reaches it.
    #[serde(default)]
    pub mode: Mode,
    /// Direct mode: origins that the browser must reach beside the registry's own, such as its token service and
    /// blob storage.
    #[serde(default)]
    pub also_connect: Vec<String>,
    /// Addresses of token services on other origins that may be given the registry's credential.
    #[serde(default)]
    pub trusted_realms: Vec<String>,
    /// Of a registry in Azure: how Azure's management API is asked about it. Only where the server relays.
    #[serde(default)]
    pub azure: Option<AzureConfig>,
}

/// How the browser reaches a registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By itself; the registry must allow that with CORS headers.
    Direct,
    /// Through this server.
    #[default]
    Relay,
}

/// A configuration that cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub(super) String);

impl RegistryConfig {
    /// A registry in a mode.
    #[must_use]
    pub fn new(name: impl Into<String>, url: impl Into<String>, mode: Mode) -> Self {
        Self {
            id: None,
            name: name.into(),
            url: url.into(),
            mode,
            also_connect: Vec::new(),
            trusted_realms: Vec::new(),
            azure: None,
        }
    }
}

/// `NAME=URL`, or `URL` alone, whose host then is the name.
impl FromStr for RegistryConfig {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        // An address may hold `=` itself, but not before `://`.
        let (name, url) = match text.split_once('=') {
            Some((name, url)) if !name.contains('/') => (name.trim().to_string(), url),
            _ => (endpoint(text)?.origin().authority(), text),
        };
        endpoint(url)?;
        Ok(Self::new(name, url, Mode::Relay))
    }
}

/// A registry that has been checked.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) endpoint: Endpoint,
    pub(super) mode: Mode,
    also_connect: Vec<Origin>,
    pub(super) trusted_realms: Vec<Origin>,
    pub(super) azure: Option<Settings>,
}

impl Entry {
    fn new(config: &RegistryConfig) -> Result<Self, ConfigError> {
        let id = config.id.clone().unwrap_or_else(|| slug(&config.name));
        check_id(&id)?;
        if config.azure.is_some() && config.mode == Mode::Direct {
            return Err(ConfigError(format!("{:?}: a registry in Azure is relayed", config.name)));
        }
        let origin = |text: &String| Ok(endpoint(text)?.origin().clone());
        Ok(Self {
            id,
            name: config.name.clone(),
            url: config.url.trim_end_matches('/').into(),
            endpoint: endpoint(&config.url)?,
            mode: config.mode,
            also_connect: config.also_connect.iter().map(origin).collect::<Result<_, _>>()?,
            trusted_realms: config.trusted_realms.iter().map(origin).collect::<Result<_, _>>()?,
            azure: config.azure.as_ref().map(AzureConfig::settings).transpose()?,
        })
    }

    /// Origins that the page must be allowed to reach in direct mode.
    pub(super) fn origins(&self) -> Vec<String> {
        let mut origins = vec![self.endpoint.origin().to_string()];
        origins.extend(self.also_connect.iter().chain(&self.trusted_realms).map(ToString::to_string));
        origins
    }

    pub(super) fn plain_http(&self) -> bool {
        self.endpoint.origin().scheme() == Scheme::Http
    }

    /// The host as references name it.
    pub(super) fn host(&self) -> String {
        let authority = self.endpoint.origin().authority();
        let hub = RegistryHost::docker_hub();
        if *self.endpoint.origin() == hub.origin(false) { hub.as_str().into() } else { authority }
    }
}

impl Config {
    /// Checks the registries.
    pub(super) fn entries(&self) -> Result<Vec<Entry>, ConfigError> {
        let mut entries: Vec<Entry> = Vec::new();
        for registry in &self.registries {
            let entry = Entry::new(registry)?;
            if entries.iter().any(|e| e.id == entry.id) {
                return Err(ConfigError(format!(
                    "two registries have the id {:?}; give one another name or id",
                    entry.id
                )));
            }
            entries.push(entry);
        }
        Ok(entries)
    }
}

fn endpoint(url: &str) -> Result<Endpoint, ConfigError> {
    url.parse().map_err(|e| ConfigError(format!("{url:?} is no address of a registry or token service: {e}")))
}

fn check_id(id: &str) -> Result<(), ConfigError> {
    let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(fine) || id.bytes().all(|b| b == b'.') {
        return Err(ConfigError(format!("{id:?} is no registry id: 1 to {MAX_ID} letters, digits, '.', '_' or '-'")));
    }
    Ok(())
}

fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' | '.' | '_' => out.push(c),
            _ if !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let out = out.trim_matches('-');
    out.get(..MAX_ID).unwrap_or(out).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Result<Entry, ConfigError> {
        Entry::new(&text.parse()?)
    }

    #[test]
    fn registries_read_as_name_and_address() {
        let hub = entry("Docker Hub=https://registry-1.docker.io/").unwrap();
        assert_eq!(
            (hub.id.as_str(), hub.name.as_str(), hub.host().as_str()),
            ("docker-hub", "Docker Hub", "docker.io")
        );
        let local = entry("http://localhost:5000").unwrap();
        assert_eq!((local.id.as_str(), local.name.as_str()), ("localhost-5000", "localhost:5000"));
        assert!(local.plain_http());
        let nexus = entry("n=https://nexus.example/repository/docker?x=1");
        assert!(nexus.is_err(), "a query has no place here");
        for bad in ["", "x", "x=", "x=ftp://a/", "x=https://u:p@a/", "=https://a/", "../=https://a/", "…=https://a/"]
        {
            assert!(entry(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut config = Config::default();
        config.registries.push("a b=https://x/".parse().unwrap());
        config.registries.push("A-B=https://y/".parse().unwrap());
        assert!(config.entries().unwrap_err().to_string().contains("a-b"));
        config.registries[1].id = Some("other".into());
        assert_eq!(config.entries().unwrap().len(), 2);
    }

    #[test]
    fn unknown_fields_are_an_error() {
        assert!(serde_json::from_str::<Config>(r#"{"registry":[]}"#).is_err());
        let config: Config =
            serde_json::from_str(r#"{"registries":[{"name":"n","url":"https://x","mode":"direct"}]}"#).unwrap();
        assert_eq!(config.registries[0].mode, Mode::Direct);
    }

    #[test]
    fn trusted_realms_are_origins_that_a_direct_page_may_reach() {
        let text = r#"{"registries":[{"name":"n","url":"https://x","mode":"direct","trustedRealms":["https://auth.x/token"]}]}"#;
        let mut config: Config = serde_json::from_str(text).unwrap();
        let entries = config.entries().unwrap();
        assert_eq!(entries[0].trusted_realms[0].to_string(), "https://auth.x");
        assert_eq!(entries[0].origins(), ["https://x", "https://auth.x"]);
        config.registries[0].trusted_realms = vec!["nowhere".into()];
        assert!(config.entries().is_err());
    }
}
