//! Names to addresses: the address that was checked is the address that is dialled.

use crate::{
    TransportError,
    http::{Origin, is_internal_ip},
};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;

/// Which addresses a name may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Addresses {
    /// Whatever the system says.
    Any,
    /// No internal one: a public registry named the host (R07).
    Public,
}

impl Resolve for Addresses {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses = *self;
        Box::pin(async move {
            let found = lookup(name.as_str()).await?;
            let addrs: Addrs = Box::new(addresses.check(name.as_str(), found)?.into_iter());
            Ok(addrs)
        })
    }
}

impl Addresses {
    /// One internal address among public ones is refused too: nobody honest mixes them, and rebinding does.
    fn check(self, host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ResolveError> {
        if self == Self::Public && found.iter().any(|a| is_internal_ip(a.ip())) {
            return Err(ResolveError::Refused(refusal(host)));
        }
        Ok(found)
    }
}

/// True if `origin` lies on the local network, by its name or by where the name leads. What does not resolve is public:
/// the stricter rule.
pub(super) async fn is_internal(origin: &Origin) -> bool {
    if origin.is_internal() || origin.ip().is_some() {
        return origin.is_internal();
    }
    lookup(origin.host()).await.is_ok_and(|found| found.iter().all(|a| is_internal_ip(a.ip())))
}

/// For requests that a proxy will carry: refuses a name that resolves to an internal address here. A name that only the
/// proxy can resolve is the proxy's to judge.
pub(super) async fn refuse_internal(host: &str) -> Result<(), TransportError> {
    match lookup(host).await.and_then(|found| Addresses::Public.check(host, found)) {
        Err(ResolveError::Refused(text)) => Err(TransportError::Address(text)),
        Ok(_) | Err(ResolveError::Unknown(_)) => Ok(()),
    }
}

pub(super) fn refusal(host: &str) -> String {
    format!("{host} is or leads to an internal address, and a public registry named it")
}

/// Addresses with port 0, for the connector to fill in.
async fn lookup(host: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    if host == "localhost" || host.ends_with(".localhost") {
        // RFC 6761 section 6.3. Plain http is allowed to these names because they cannot leave this machine.
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        return Ok(loopback.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect());
    }
    let found: Vec<_> =
        tokio::net::lookup_host((host, 0)).await.map_err(|e| ResolveError::unknown(host, &e))?.collect();
    if found.is_empty() {
        return Err(ResolveError::Unknown(format!("{host} has no address")));
    }
    Ok(found)
}

/// Why a name gave no address to dial; found again in reqwest's error by its type.
#[derive(Debug)]
pub(super) enum ResolveError {
    Refused(String),
    Unknown(String),
}

impl ResolveError {
    fn unknown(host: &str, error: &io::Error) -> Self {
        Self::Unknown(format!("{host}: {error}"))
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(text) | Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl core::error::Error for ResolveError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString as _, vec};

    #[test]
    fn r07_one_internal_address_spoils_the_name() {
        let public: SocketAddr = "1.1.1.1:0".parse().unwrap();
        let internal: SocketAddr = "10.0.0.1:0".parse().unwrap();
        assert_eq!(Addresses::Public.check("h", vec![public]).unwrap(), [public]);
        let error = Addresses::Public.check("h", vec![public, internal]).unwrap_err();
        assert!(error.to_string().contains("internal address"), "{error}");
        assert_eq!(Addresses::Any.check("h", vec![public, internal]).unwrap().len(), 2);
    }

    #[tokio::test]
    async fn localhost_never_leaves_the_machine() {
        for name in ["localhost", "eastus.localhost"] {
            assert!(lookup(name).await.unwrap().iter().all(|a| a.ip().is_loopback()), "{name}");
        }
        assert!(matches!(refuse_internal("localhost").await, Err(TransportError::Address(_))));
    }
}
