//! Which hosts may be spoken to without TLS.

use crate::{
    TransportError,
    http::{Origin, Scheme},
};
use alloc::{string::String, vec::Vec};

/// Loopback, and the hosts that were named: `host` or `host:port`.
#[derive(Debug, Default)]
pub(super) struct PlainHttp(Vec<String>);

impl PlainHttp {
    pub(super) fn allow(&mut self, host: String) {
        self.0.push(host.to_ascii_lowercase());
    }

    pub(super) fn check(&self, origin: &Origin) -> Result<(), TransportError> {
        if origin.scheme() == Scheme::Https || origin.is_loopback() || self.0.iter().any(|host| names(host, origin)) {
            return Ok(());
        }
        Err(TransportError::Insecure(origin.authority()))
    }
}

fn names(allowed: &str, origin: &Origin) -> bool {
    let rest = allowed.strip_prefix(origin.host());
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(|p| p.parse() == Ok(origin.port())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, http::Url};

    #[test]
    fn n02_only_loopback_and_named_hosts_go_without_tls() {
        let mut policy = PlainHttp::default();
        policy.allow("Registry.Internal:5000".into());
        policy.allow("any-port.internal".into());
        policy.allow("[fd00::1]:80".into());
        let check = |text: &str| policy.check(text.parse::<Url>().unwrap().origin());
        for fine in [
            "http://127.0.0.1:5000/",
            "http://[::1]/",
            "http://localhost/",
            "http://eastus.localhost/",
            "http://registry.internal:5000/",
            "http://any-port.internal:1/",
            "http://any-port.internal/",
            "http://[fd00::1]/",
            "https://localhost.example.com/",
        ] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        for refused in [
            "http://localhost.example.com/",
            "http://registry.internal/",
            "http://registry.internal:50001/",
            "http://any-port.internal.example/",
            "http://10.0.0.1/",
            "http://[fd00::1]:8080/",
        ] {
            let error = crate::Error::from(check(refused).unwrap_err());
            assert_eq!(error.kind(), Kind::Insecure, "{refused}");
        }
    }
}
