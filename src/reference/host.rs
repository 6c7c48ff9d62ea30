//! The host (and port) of a registry.

use crate::{
    ReferenceError,
    checked::checked_str,
    http::{Origin, Scheme},
};
use alloc::{
    format,
    string::{String, ToString},
};
use core::str::FromStr;

/// Docker Hub's name in references.
pub(super) const DOCKER_HUB: &str = "docker.io";
/// Where Docker Hub's API is.
const DOCKER_HUB_API: &str = "registry-1.docker.io";
/// Docker Hub's name in old references and configuration files.
const DOCKER_HUB_INDEX: &str = "index.docker.io";

/// A registry as references name it: `host` or `host:port`, IPv6 addresses in brackets.
///
/// In lower case and without a trailing dot. Docker Hub is `docker.io`, under whichever of its names it was written.
/// Only `localhost`, its subdomains and loopback addresses are local: a name that merely looks so is not.
///
/// ```
/// use portolan::RegistryHost;
/// let host: RegistryHost = "Registry.Example:5000".parse()?;
/// assert_eq!(host.as_str(), "registry.example:5000");
/// assert_eq!(host.origin(false).to_string(), "https://registry.example:5000");
/// assert!(!"localhost.example.com".parse::<RegistryHost>()?.is_loopback());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryHost {
    text: String,
    /// Checked against the rules of [`Origin`]; for Docker Hub, where its API is.
    host: String,
    port: Option<u16>,
}

impl RegistryHost {
    /// Docker Hub.
    #[must_use]
    pub fn docker_hub() -> Self {
        Self { text: DOCKER_HUB.into(), host: DOCKER_HUB_API.into(), port: None }
    }

    /// True for Docker Hub, which has names and rules of its own.
    #[must_use]
    pub fn is_docker_hub(&self) -> bool {
        self.text == DOCKER_HUB
    }

    /// The port, where one is written.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Where the registry's API is: over https, or over plain http if the caller allows it.
    #[must_use]
    pub fn origin(&self, plain_http: bool) -> Origin {
        let scheme = if plain_http { Scheme::Http } else { Scheme::Https };
        Origin::from_checked(scheme, self.host.clone(), self.port)
    }

    /// True for loopback addresses, `localhost` and its subdomains.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.origin(false).is_loopback()
    }

    /// True if a reference that begins with this host could be read as a repository on Docker Hub: a bare word.
    #[must_use]
    pub(super) fn is_bare_word(&self) -> bool {
        !self.text.contains(['.', ':']) && self.text != "localhost"
    }
}

checked_str!(RegistryHost, text);

impl FromStr for RegistryHost {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = split_port(text)?;
        let host = Origin::new(Scheme::Https, host, port)?.host().to_string();
        if port.is_none_or(|port| port == 443) && (host == DOCKER_HUB || host == DOCKER_HUB_INDEX) {
            return Ok(Self::docker_hub());
        }
        let text = port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        Ok(Self { text, host, port })
    }
}

fn split_port(text: &str) -> Result<(&str, Option<u16>), ReferenceError> {
    // Colons inside brackets belong to the address.
    let after_address = text.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = text.get(after_address..).and_then(|rest| rest.find(':')) else {
        return Ok((text, None));
    };
    let (host, port) = text.split_at(after_address + colon);
    let digits = port.trim_start_matches(':');
    // `u16::from_str` takes a sign as well.
    let plain = port.len() == digits.len() + 1 && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse() {
        Ok(port) if plain && port > 0 => Ok((host, Some(port))),
        _ => Err(ReferenceError::Host("the port is a number from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> RegistryHost {
        text.parse().unwrap()
    }

    #[test]
    fn n01_addresses_are_no_hosts() {
        for text in [
            "",
            ":",
            ":80",
            "a:",
            "a:0",
            "a:+80",
            "a:65536",
            "a::80",
            "a:80:80",
            "https://a",
            "a/b",
            "u@a",
            "a b",
            "a%20",
            "a?x",
            "a#x",
            "a\\b",
            "a\r\n",
            "..",
            "[::1",
            "::1",
            "[::1]x",
            "[::1]]",
            "[[::1]]",
            "127.1",
            "0x7f.1",
            "a:８０",
        ] {
            assert!(text.parse::<RegistryHost>().is_err(), "{text}");
        }
    }

    #[test]
    fn n02_look_alikes_are_not_local() {
        for text in [
            "localhost.example.com",
            "localhost.",
            "xlocalhost",
            "127.0.0.1.nip.io",
            "local",
            "my-localhost",
            "10.0.0.1",
        ] {
            assert_eq!(host(text).is_loopback(), text == "localhost.", "{text}");
        }
        for text in [
            "localhost",
            "LOCALHOST:5000",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]:5000",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(host(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn docker_hub_has_one_name() {
        for text in ["docker.io", "Index.Docker.io", "docker.io.", "docker.io:443"] {
            assert_eq!(host(text), RegistryHost::docker_hub());
        }
        assert_eq!(host("docker.io").origin(false).to_string(), "https://registry-1.docker.io");
        assert_ne!(host("docker.io:5000"), RegistryHost::docker_hub());
    }

    #[test]
    fn ipv6_stays_in_brackets() {
        let v6 = host("[2001:DB8::0:1]:5000");
        assert_eq!(v6.as_str(), "[2001:db8::1]:5000");
        assert_eq!(v6.origin(true).to_string(), "http://[2001:db8::1]:5000");
    }
}
