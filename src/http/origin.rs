//! Origin: scheme + lower-case ASCII host (no trailing dot) + effective port. What credentials are bound to.

use crate::ReferenceError;
use alloc::{
    format,
    string::{String, ToString},
};
use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// `http` or `https`; nothing else is ever contacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Plain text: loopback and hosts named by the user only.
    Http,
    /// TLS.
    Https,
}

impl Scheme {
    /// As in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// Port used when none is written.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Scheme, host and port of an address.
///
/// ```
/// let a: portolan::http::Url = "HTTPS://Registry.Example.:443/v2/".parse()?;
/// let b: portolan::http::Url = "https://registry.example/x".parse()?;
/// assert_eq!(a.origin(), b.origin());
/// assert_eq!(a.origin().to_string(), "https://registry.example");
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl Origin {
    /// Checks and normalises the parts. IPv6 hosts are written in brackets.
    ///
    /// # Errors
    /// If `host` is no host name or address, or one that URL parsers read in different ways (`0x7f.1`).
    pub fn new(scheme: Scheme, host: &str, port: Option<u16>) -> Result<Self, ReferenceError> {
        Ok(Self::from_checked(scheme, normal_host(host)?, port))
    }

    /// Joins a host that came out of an `Origin` with another scheme or port.
    pub(crate) fn from_checked(scheme: Scheme, host: String, port: Option<u16>) -> Self {
        Self { scheme, host, port: port.unwrap_or_else(|| scheme.default_port()) }
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Lower-case host; IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Effective port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host` or `host:port`, the port left out where it is the scheme's own.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == self.scheme.default_port() { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The address, where the host is written as one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        let inner = self.host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(&self.host);
        inner.parse().ok()
    }

    /// True for loopback addresses and the name `localhost` (RFC 6761, with its subdomains).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.ip() {
            Some(ip) => canonical(ip).is_loopback(),
            None => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    /// True if the host is written as, or by its name must be, an address that only the local network can mean.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.ip().map_or_else(|| self.is_loopback(), is_internal_ip)
    }
}

/// Loopback, private, link-local (cloud metadata among them), shared, unspecified, multicast and reserved addresses.
pub(crate) fn is_internal_ip(ip: IpAddr) -> bool {
    match canonical(ip) {
        IpAddr::V4(v4) => is_internal_v4(v4),
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                // NAT64 and 6to4 carry an IPv4 address that a gateway would dial.
                || embedded_v4(v6).is_some_and(is_internal_v4)
        }
    }
}

fn is_internal_v4(v4: Ipv4Addr) -> bool {
    let [a, b, ..] = v4.octets();
    v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
}

fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, hi, lo] | [0x2002, hi, lo, ..] | [0, 0, 0, 0, 0, 0, hi, lo] => {
            Some(Ipv4Addr::from((u32::from(hi) << 16) | u32::from(lo)))
        }
        _ => None,
    }
}

fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

fn normal_host(host: &str) -> Result<String, ReferenceError> {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(ReferenceError::Host("unclosed bracket"))?;
        let v6: Ipv6Addr = inner.parse().map_err(|_| ReferenceError::Host("not an IPv6 address"))?;
        return Ok(format!("[{v6}]"));
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    check_name(&host)?;
    if !ends_in_a_number(&host) {
        return Ok(host);
    }
    // WHATWG parsers read 2130706433, 0x7f.1 and 127.1 as addresses; only the plain form means one thing to everybody.
    let v4: Ipv4Addr = host.parse().map_err(|_| ReferenceError::Host("not a plain IPv4 address"))?;
    Ok(v4.to_string())
}

fn check_name(host: &str) -> Result<(), ReferenceError> {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    if host.is_empty() || host.len() > 253 || !host.split('.').all(label) {
        return Err(ReferenceError::Host("labels are 1 to 63 letters, digits, '-' or '_'"));
    }
    Ok(())
}

fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let hex = last.strip_prefix("0x").is_some_and(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
    hex || last.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https(host: &str) -> Result<Origin, ReferenceError> {
        Origin::new(Scheme::Https, host, None)
    }

    #[test]
    fn ambiguous_addresses_are_refused() {
        for host in ["0x7f.1", "127.1", "2130706433", "0177.0.0.1", "1.2.3.4.5", "[::1", "a..b", "-a", "a b", ""] {
            assert!(https(host).is_err(), "{host}");
        }
    }

    #[test]
    fn internal_addresses_are_known() {
        for host in [
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "localhost",
            "a.localhost",
            "localhost.",
        ] {
            assert!(https(host).unwrap().is_internal(), "{host}");
        }
        for host in ["registry.example", "1.1.1.1", "[2606:4700::1111]", "localhost.example.com", "172.32.0.1"] {
            assert!(!https(host).unwrap().is_internal(), "{host}");
        }
    }
}
