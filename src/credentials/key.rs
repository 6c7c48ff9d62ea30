//! Registries as configuration files name them: `https://index.docker.io/v1/`, `host:5000`, `host/namespace`.

use crate::RegistryHost;
use alloc::{borrow::ToOwned as _, string::String};

/// Under which Docker keeps the Hub's credential.
const HUB_SERVER: &str = "https://index.docker.io/v1/";

/// A key of `auths`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key<'a> {
    pub(super) host: String,
    /// A namespace or repository; empty for the whole host.
    pub(super) path: &'a str,
    /// Written without `https://`, and so rather by hand or by a newer program.
    pub(super) plain: bool,
}

impl<'a> Key<'a> {
    /// A key with a scheme is an address, whose path says nothing; one without may name a namespace.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let address = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = address.unwrap_or(text);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let path = if address.is_some() { "" } else { path.trim_matches('/') };
        Some(Self { host: canonical_host(host)?, path, plain: address.is_none() })
    }

    /// True if the credential is meant for `repository` of `host`.
    pub(super) fn covers(&self, host: &str, repository: Option<&str>) -> bool {
        let below = |name: &str| name.strip_prefix(self.path).is_some_and(|r| r.is_empty() || r.starts_with('/'));
        self.host == host && (self.path.is_empty() || repository.is_some_and(below))
    }
}

/// Host and port of the API, the port of https left out: one name for all of a registry's.
pub(super) fn canonical_host(text: &str) -> Option<String> {
    text.parse().ok().map(api_host)
}

fn api_host(host: RegistryHost) -> String {
    host.origin(false).authority()
}

/// What a helper knows the host as.
pub(super) fn server(host: &str) -> String {
    if host == api_host(RegistryHost::docker_hub()) { HUB_SERVER.to_owned() } else { host.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_one_spelling() {
        for (text, host) in [
            ("R.Example", "r.example"),
            ("r.example:443", "r.example"),
            ("r.example:5000", "r.example:5000"),
            ("docker.io", "registry-1.docker.io"),
            ("index.docker.io", "registry-1.docker.io"),
            ("registry-1.docker.io", "registry-1.docker.io"),
            ("[::1]:5000", "[::1]:5000"),
        ] {
            assert_eq!(canonical_host(text).as_deref(), Some(host), "{text}");
        }
        for text in ["", "a b", "u@r.example", "r.example?x", "r.example#x", "r.example/x", "a..b", "r.example:x"] {
            assert_eq!(canonical_host(text), None, "{text}");
        }
    }

    #[test]
    fn keys_are_hosts_or_namespaces() {
        for (text, host, path) in [
            ("https://index.docker.io/v1/", "registry-1.docker.io", ""),
            ("https://r.example/v2/", "r.example", ""),
            ("http://r.example:5000", "r.example:5000", ""),
            ("r.example", "r.example", ""),
            ("r.example/", "r.example", ""),
            ("r.example/team/app", "r.example", "team/app"),
        ] {
            let key = Key::parse(text).unwrap();
            assert_eq!((&*key.host, key.path), (host, path), "{text}");
        }
    }

    #[test]
    fn a_namespace_covers_what_is_below_it() {
        let key = Key::parse("r.example/team").unwrap();
        assert!(key.covers("r.example", Some("team")));
        assert!(key.covers("r.example", Some("team/app")));
        assert!(!key.covers("r.example", Some("teammate/app")));
        assert!(!key.covers("r.example", None));
        assert!(!key.covers("s.example", Some("team")));
    }
}
