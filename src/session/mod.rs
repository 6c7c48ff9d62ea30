//! What the exchanges with one registry share.

mod traffic;

use crate::{
    Endpoint, Limits,
    auth::{Auth, Credential, RealmPolicy},
    http::ResponseHead,
    op::{Context, Support},
    text::shown,
};
use alloc::{string::String, vec::Vec};
pub(crate) use traffic::Slot;
use traffic::Traffic;

/// Different warnings kept of one registry.
const MAX_WARNINGS: usize = 16;

/// How to talk to one registry.
///
/// ```
/// let config = portolan::RegistryConfig::new("https://registry.example".parse()?);
/// assert!(config.credential.is_none());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegistryConfig {
    /// Where.
    pub endpoint: Endpoint,
    /// As whom; nothing for anonymous.
    pub credential: Option<Credential>,
    /// Which token realms may have the credential.
    pub realms: RealmPolicy,
    /// Send the credential over plain http even to a host that is not internal by its name.
    pub plain_credentials: bool,
    /// The bounds.
    pub limits: Limits,
}

impl RegistryConfig {
    /// Anonymous, with default policy and limits.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            credential: None,
            realms: RealmPolicy::default(),
            plain_credentials: false,
            limits: Limits::DEFAULT,
        }
    }
}

/// Shared state of the exchanges with one registry: its challenge, tokens, back-off and request slots, and what it is
/// known to support. A driver keeps one per registry and identity, behind a lock.
///
/// ```
/// let config = portolan::RegistryConfig::new("https://registry.example".parse()?);
/// let session = portolan::Session::new(config);
/// assert_eq!(session.endpoint().origin().host(), "registry.example");
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
pub struct Session {
    endpoint: Endpoint,
    pub(crate) limits: Limits,
    pub(crate) auth: Auth,
    pub(crate) traffic: Traffic,
    referrers: Support,
    warnings: Vec<String>,
    last_id: u64,
}

impl Session {
    /// A session that knows nothing yet.
    #[must_use]
    pub fn new(config: RegistryConfig) -> Self {
        let origin = config.endpoint.origin().clone();
        Self {
            endpoint: config.endpoint,
            limits: config.limits,
            auth: Auth::new(origin, config.credential, config.realms, config.plain_credentials),
            traffic: Traffic::default(),
            referrers: Support::Unknown,
            warnings: Vec::new(),
            last_id: 0,
        }
    }

    /// A session with ARM in place of a registry: its bearer tokens are Entra's own.
    #[cfg(feature = "azure")]
    #[must_use]
    pub fn arm(config: crate::azure::ArmConfig) -> Self {
        let crate::azure::ArmConfig { cloud, credential, limits } = config;
        let credential = Some(Credential::Entra(alloc::boxed::Box::new(credential)));
        let mut session = Self::new(RegistryConfig { credential, limits, ..RegistryConfig::new(cloud.arm) });
        session.auth.set_direct();
        session
    }

    /// A session for tokens by hand, with Entra's authority ([`Cloud::authority`](crate::azure::Cloud)) or with a registry: as
    /// nobody, and no challenge leads anywhere.
    ///
    /// ```
    /// let authority = portolan::azure::Cloud::public().authority.origin().clone();
    /// let session = portolan::Session::anonymous(authority.into(), portolan::Limits::DEFAULT);
    /// assert!(!session.has_credential());
    /// ```
    #[cfg(feature = "azure")]
    #[must_use]
    pub fn anonymous(endpoint: Endpoint, limits: Limits) -> Self {
        let mut session = Self::new(RegistryConfig { limits, ..RegistryConfig::new(endpoint) });
        session.auth.set_direct();
        session
    }

    /// The registry.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The bounds.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// True if requests may carry a credential.
    #[must_use]
    pub fn has_credential(&self) -> bool {
        self.auth.has_credential()
    }

    pub(crate) fn context(&mut self) -> Context<'_> {
        Context {
            endpoint: &self.endpoint,
            limits: &self.limits,
            credential: self.auth.has_credential(),
            referrers: &mut self.referrers,
        }
    }

    /// What the registry has warned of (`Warning: 299`), once each; safe to show.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Keeps new warnings (H12). OCI distribution-spec v1.1, "Warnings".
    pub(crate) fn note_warnings(&mut self, head: &ResponseHead) {
        for value in head.headers.all("warning") {
            let text =
                value.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).map_or(value, |(text, _)| text);
            let text = shown(text, self.limits.error_text);
            if self.warnings.len() < MAX_WARNINGS && !self.warnings.contains(&text) {
                self.warnings.push(text);
            }
        }
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Takes back whatever an exchange held.
    pub(crate) fn release(&mut self, id: u64) {
        self.auth.cache.abandon(id);
        self.traffic.leave(id);
    }
}

impl core::fmt::Debug for Session {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
