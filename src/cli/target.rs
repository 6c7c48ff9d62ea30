//! What an argument names: a registry, and something in it.

use portolan::{
    Endpoint, Reference, ReferenceError, RegistryHost,
    http::{Origin, Scheme},
};

/// A registry as an argument wrote it.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    /// As references name it.
    pub(super) host: RegistryHost,
    pub(super) endpoint: Endpoint,
}

impl Place {
    /// Reads `host[:port]`, or an address whose path stays a prefix of the API's.
    pub(super) fn parse(text: &str, plain_http: bool) -> Result<Self, ReferenceError> {
        if !text.contains("://") {
            return Ok(Self::at(text.trim_end_matches('/').parse()?, plain_http));
        }
        let endpoint: Endpoint = text.parse()?;
        let origin = endpoint.origin();
        if plain_http && origin.scheme() == Scheme::Https {
            return Err(ReferenceError::Url("https and --plain-http do not go together"));
        }
        Ok(Self { host: origin.authority().parse()?, endpoint })
    }

    fn at(host: RegistryHost, plain_http: bool) -> Self {
        let endpoint = Endpoint::new(host.origin(plain_http));
        Self { host, endpoint }
    }

    pub(super) fn origin(&self) -> &Origin {
        self.endpoint.origin()
    }
}

/// Reads a reference, with or without a scheme before it.
pub(super) fn reference(text: &str, plain_http: bool) -> Result<(Place, Reference), ReferenceError> {
    let (plain, rest) = match text.split_once("://") {
        None => (plain_http, text),
        Some(("http", rest)) => (true, rest),
        Some(("https", _)) if plain_http => {
            return Err(ReferenceError::Url("https and --plain-http do not go together"));
        }
        Some(("https" | "docker", rest)) => (plain_http, rest),
        Some(_) => return Err(ReferenceError::Url("scheme is neither http nor https")),
    };
    let reference: Reference = rest.parse()?;
    Ok((Place::at(reference.host().clone(), plain), reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str, plain: bool) -> String {
        Place::parse(text, plain).map_or_else(|e| e.to_string(), |place| place.endpoint.url("/v2/").to_string())
    }

    #[test]
    fn registries() {
        assert_eq!(origin("registry.example", false), "https://registry.example/v2/");
        assert_eq!(origin("localhost:5000", false), "https://localhost:5000/v2/");
        assert_eq!(origin("localhost:5000/", true), "http://localhost:5000/v2/");
        assert_eq!(origin("http://127.0.0.1:5000", false), "http://127.0.0.1:5000/v2/");
        assert_eq!(origin("https://nexus.example/repository/x/", false), "https://nexus.example/repository/x/v2/");
        assert_eq!(origin("docker.io", false), "https://registry-1.docker.io/v2/");
        for bad in ["", "a b", "ftp://x", "https://u:p@x/", "x/y", "-x"] {
            assert!(Place::parse(bad, false).is_err(), "{bad}");
        }
        assert!(Place::parse("https://x", true).is_err());
    }

    #[test]
    fn references() {
        let read = |text: &str, plain| {
            reference(text, plain).map(|(place, reference)| (place.origin().to_string(), reference.to_string()))
        };
        let plain = ("http://localhost:5000".to_string(), "localhost:5000/a/b:1".to_string());
        assert_eq!(read("localhost:5000/a/b:1", true).as_ref(), Ok(&plain));
        assert_eq!(read("http://localhost:5000/a/b:1", false).as_ref(), Ok(&plain));
        let hub = ("https://registry-1.docker.io".to_string(), "docker.io/library/alpine:latest".to_string());
        assert_eq!(read("alpine", false), Ok(hub));
        for bad in ["ftp://x.example/a", "x.example/A", "x.example/a:%", "https://u@x.example/a"] {
            assert!(reference(bad, false).is_err(), "{bad}");
        }
    }
}
