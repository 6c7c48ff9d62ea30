//! Which token services may see a registry's credential.
//!
//! A registry, or whoever answers in its name, chooses the realm. Clients that follow it blindly hand over passwords
//! (CVE-2020-15157), and can be made to call addresses inside their network.

use crate::{
    AuthError, ReferenceError,
    http::{Origin, Scheme, Url},
};
use alloc::vec::Vec;

/// Registries whose token service has another host, both over https on the default port.
const WELL_KNOWN: [(&str, &str); 5] = [
    ("registry-1.docker.io", "auth.docker.io"),
    ("index.docker.io", "auth.docker.io"),
    ("registry.gitlab.com", "gitlab.com"),
    ("registry.digitalocean.com", "api.digitalocean.com"),
    ("registry.cn-hangzhou.aliyuncs.com", "dockerauth.cn-hangzhou.aliyuncs.com"),
];

/// What a token service may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The registry's credential.
    Credential,
    /// Nothing: it may be asked for an anonymous token.
    Anonymous,
}

/// Which realms are trusted with a registry's credential. The registry's own origin always is.
///
/// ```
/// use portolan::auth::{RealmPolicy, Trust};
/// let registry = "https://registry.gitlab.com/".parse::<portolan::http::Url>()?;
/// let realm = RealmPolicy::resolve(registry.origin(), "https://gitlab.com/jwt/auth")?;
/// assert_eq!(RealmPolicy::default().decide(registry.origin(), &realm)?, Trust::Credential);
/// assert_eq!(RealmPolicy::same_origin().decide(registry.origin(), &realm)?, Trust::Anonymous);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealmPolicy {
    well_known: bool,
    pairs: Vec<(Origin, Origin)>,
}

impl Default for RealmPolicy {
    fn default() -> Self {
        Self::well_known()
    }
}

impl RealmPolicy {
    /// Trusts, besides the registry's own origin, the token services that public registries are known to use: those
    /// of Docker Hub, GitLab, DigitalOcean and Alibaba Cloud (Hangzhou). The other large ones answer on their own host.
    #[must_use]
    pub fn well_known() -> Self {
        Self { well_known: true, pairs: Vec::new() }
    }

    /// Trusts the registry's own origin alone.
    #[must_use]
    pub fn same_origin() -> Self {
        Self { well_known: false, pairs: Vec::new() }
    }

    /// Trusts `realm` with the credential of `registry`, and lets it be an internal address.
    #[must_use]
    pub fn trust(mut self, registry: Origin, realm: Origin) -> Self {
        self.pairs.push((registry, realm));
        self
    }

    /// The address that a challenge's realm means: absolute, or relative to the registry's `/v2/`.
    ///
    /// # Errors
    /// [`AuthError::RealmRefused`] for user information, fragments, other schemes and what is no address.
    pub fn resolve(registry: &Origin, realm: &str) -> Result<Url, AuthError> {
        Url::from_parts(registry.clone(), "/v2/").join(realm).map_err(|error| match error {
            ReferenceError::Url(reason) | ReferenceError::Host(reason) => AuthError::RealmRefused(reason),
            _ => AuthError::RealmRefused("not an address"),
        })
    }

    /// Decides what the token service at `realm` may be given.
    ///
    /// # Errors
    /// [`AuthError::RealmRefused`] if it may not be contacted at all: over http unless the registry itself is, and is
    /// the same host; or at an internal address, unless that is the registry's own host or configured.
    pub fn decide(&self, registry: &Origin, realm: &Url) -> Result<Trust, AuthError> {
        let realm = realm.origin();
        if registry == realm {
            return Ok(Trust::Credential);
        }
        if (registry.scheme(), realm.scheme()) == (Scheme::Https, Scheme::Http) {
            return Err(AuthError::RealmRefused("plain http for a registry with https"));
        }
        if self.pairs.iter().any(|(r, s)| r == registry && s == realm) {
            return Ok(Trust::Credential);
        }
        if registry.host() != realm.host() {
            if realm.is_internal() {
                return Err(AuthError::RealmRefused("an internal address"));
            }
            if realm.scheme() == Scheme::Http {
                return Err(AuthError::RealmRefused("plain http on another host"));
            }
        }
        let known = self.well_known && (is_well_known(registry, realm) || is_one_acr(registry, realm));
        Ok(if known { Trust::Credential } else { Trust::Anonymous })
    }
}

fn is_well_known(registry: &Origin, realm: &Origin) -> bool {
    let plain = |origin: &Origin| origin.scheme() == Scheme::Https && origin.port() == 443;
    plain(registry) && plain(realm) && WELL_KNOWN.contains(&(registry.host(), realm.host()))
}

/// The login servers of one registry of ACR, global and regional, take each other's tokens.
#[cfg(feature = "azure")]
fn is_one_acr(registry: &Origin, realm: &Origin) -> bool {
    use crate::azure::endpoints::AcrHost;
    let host = |origin: &Origin| {
        let plain = origin.scheme() == Scheme::Https && origin.port() == 443;
        AcrHost::parse(origin.host()).filter(|_| plain)
    };
    host(registry).zip(host(realm)).is_some_and(|(registry, realm)| registry.shares_tokens_with(&realm))
}

#[cfg(not(feature = "azure"))]
fn is_one_acr(_: &Origin, _: &Origin) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse::<Url>().unwrap().origin().clone()
    }

    fn decide(policy: &RealmPolicy, registry: &str, realm: &str) -> Result<Trust, AuthError> {
        let registry = origin(registry);
        let realm = RealmPolicy::resolve(&registry, realm)?;
        policy.decide(&registry, &realm)
    }

    fn by_default(registry: &str, realm: &str) -> Result<Trust, AuthError> {
        decide(&RealmPolicy::default(), registry, realm)
    }

    #[test]
    fn realms_that_get_the_credential() {
        for (registry, realm) in [
            ("https://r.example", "https://r.example/token"),
            ("https://r.example", "https://R.example.:443/token?x=1"),
            ("https://r.example", "/token"),
            ("https://r.example", "token"),
            ("https://r.example", "//r.example/token"),
            ("https://r.example:5000", "https://r.example:5000/auth"),
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000/auth"),
            ("https://10.0.0.1", "https://10.0.0.1/auth"),
            ("https://registry-1.docker.io", "https://auth.docker.io/token"),
            ("https://index.docker.io", "https://auth.docker.io/token"),
            ("https://registry.gitlab.com", "https://gitlab.com/jwt/auth"),
        ] {
            assert_eq!(by_default(registry, realm), Ok(Trust::Credential), "{registry} {realm}");
        }
    }

    #[test]
    fn a01_other_realms_are_asked_anonymously() {
        for (registry, realm) in [
            ("https://r.example", "https://evil.example/token"),
            ("https://r.example", "https://r.example.evil.example/token"),
            ("https://r.example", "https://auth.r.example/token"),
            ("https://r.example", "https://r.example:8443/token"),
            ("http://r.example", "https://r.example/token"),
            ("https://r.example", "https://auth.docker.io/token"),
            ("https://registry-1.docker.io:444", "https://auth.docker.io/token"),
            ("https://registry-1.docker.io", "https://auth.docker.io:444/token"),
            ("https://registry-1.docker.io", "https://gitlab.com/token"),
            ("https://evil.docker.io", "https://auth.docker.io/token"),
            ("http://127.0.0.1:5000", "http://127.0.0.1:5001/auth"),
        ] {
            assert_eq!(by_default(registry, realm), Ok(Trust::Anonymous), "{registry} {realm}");
        }
        let strict = RealmPolicy::same_origin();
        let docker = decide(&strict, "https://registry-1.docker.io", "https://auth.docker.io/token");
        assert_eq!(docker, Ok(Trust::Anonymous));
    }

    #[test]
    fn a02_http_realms_are_refused() {
        let pair = RealmPolicy::default().trust(origin("https://r.example"), origin("http://s.example"));
        for (registry, realm) in [
            ("https://r.example", "http://r.example/token"),
            ("https://r.example", "http://r.example:443/token"),
            ("https://r.example", "http://s.example/token"),
            ("http://r.example", "http://s.example/token"),
            ("http://registry-1.docker.io", "http://auth.docker.io/token"),
        ] {
            assert!(matches!(decide(&pair, registry, realm), Err(AuthError::RealmRefused(_))), "{registry} {realm}");
        }
    }

    #[test]
    fn a03_internal_realms_are_refused() {
        for registry in ["https://r.example", "https://127.0.0.2", "http://10.0.0.2:5000"] {
            for host in [
                "127.0.0.1",
                "127.0.0.1:5000",
                "localhost",
                "x.localhost.",
                "10.0.0.1",
                "169.254.169.254",
                "[::1]",
                "[fd00:ec2::254]",
                "[::ffff:169.254.169.254]",
                "0.0.0.0",
                "100.100.100.200",
            ] {
                let realm = ["https://", host, "/latest/meta-data"].concat();
                assert!(matches!(by_default(registry, &realm), Err(AuthError::RealmRefused(_))), "{registry} {realm}");
            }
        }
        // The registry's own host, on another port, may be asked.
        assert_eq!(by_default("https://10.0.0.1:5000", "https://10.0.0.1/token"), Ok(Trust::Anonymous));
    }

    #[test]
    fn a03_configured_pairs_are_trusted() {
        let policy = RealmPolicy::same_origin()
            .trust(origin("https://r.example"), origin("https://10.0.0.1:8443"))
            .trust(origin("http://127.0.0.1:5000"), origin("http://127.0.0.1:5001"));
        assert_eq!(decide(&policy, "https://r.example", "https://10.0.0.1:8443/t"), Ok(Trust::Credential));
        assert_eq!(decide(&policy, "http://127.0.0.1:5000", "http://127.0.0.1:5001/t"), Ok(Trust::Credential));
        assert!(decide(&policy, "https://r.example", "https://10.0.0.1/t").is_err());
        assert!(decide(&policy, "https://s.example", "https://10.0.0.1:8443/t").is_err());
    }

    #[test]
    fn a04_realms_that_are_no_address() {
        for realm in [
            "https://user@r.example/",
            "https://user:pass@r.example/",
            "https://r.example/#x",
            "ftp://r.example/",
            "file:///etc/passwd",
            "https:///token",
            "https://",
            "https://0x7f.1/",
            "https://r.example/\r\nX: 1",
            "https:\\\\r.example",
            "javascript:0",
        ] {
            assert!(matches!(by_default("https://r.example", realm), Err(AuthError::RealmRefused(_))), "{realm}");
        }
    }
}
