//! A configured registry, as the relay reaches it.

use super::{azure::Azure, config::Entry, refusal::Refusal};
use crate::{
    Endpoint, Error, Limits, RegistryConfig,
    auth::Credential,
    client::{Registry, ReqwestTransport},
    credentials::CredentialStore,
};
use alloc::{boxed::Box, string::String, sync::Arc};
use core::time::Duration;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

/// Bounds for relayed requests. The tab runs the same core and retries by itself: here one attempt must end before the
/// tab's own patience (30 s to the headers) does, and a `Retry-After` is the tab's to wait for.
const LIMITS: Limits = Limits {
    attempts: 1,
    connect: Duration::from_secs(10),
    headers: Duration::from_secs(25),
    retry_after: Duration::ZERO,
    ..Limits::DEFAULT
};

pub(super) struct Upstream {
    pub(super) entry: Entry,
    pub(super) azure: Option<Azure>,
    shared: Arc<Shared>,
    connected: OnceCell<Connected>,
    permits: Arc<Semaphore>,
    /// Requests under way at a time, and how long others wait for their turn.
    relayed: u32,
    queue: Duration,
}

/// What all registries are reached with: connections are pooled by origin.
pub(super) struct Shared {
    pub(super) transport: ReqwestTransport,
    pub(super) credentials: CredentialStore,
}

struct Connected {
    registry: Registry<ReqwestTransport>,
    credential: Option<Credential>,
    signed_in_as: Option<String>,
}

impl Upstream {
    pub(super) fn new(entry: Entry, shared: Arc<Shared>, relayed: usize, queue: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(relayed));
        let relayed = u32::try_from(relayed).unwrap_or(u32::MAX);
        let azure = entry.azure.clone().map(|settings| Azure::new(settings, &shared.transport));
        Self { entry, azure, shared, connected: OnceCell::new(), permits, relayed, queue }
    }

    /// A place among the requests under way, given back when it is dropped.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let permit = tokio::time::timeout(self.queue, Arc::clone(&self.permits).acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or(Refusal::BUSY)
    }

    pub(super) async fn registry(&self) -> Result<&Registry<ReqwestTransport>, Error> {
        self.connected().await.map(|connected| &connected.registry)
    }

    /// The user name that this server presents; nothing for anonymous.
    pub(super) async fn signed_in_as(&self) -> Result<Option<&str>, Error> {
        self.connected().await.map(|connected| connected.signed_in_as.as_deref())
    }

    async fn connected(&self) -> Result<&Connected, Error> {
        self.connected.get_or_try_init(|| self.connect()).await
    }

    /// Credentials are looked up at the first use, since a helper may take its time; a failure is not kept.
    async fn connect(&self) -> Result<Connected, Error> {
        let host = self.entry.endpoint.origin().authority();
        let mut config = RegistryConfig::new(self.entry.endpoint.clone());
        // One queue is enough: what has its permit finds a slot.
        config.limits = Limits { parallel: self.relayed, ..LIMITS };
        for realm in &self.entry.trusted_realms {
            config.realms = config.realms.trust(self.entry.endpoint.origin().clone(), realm.clone());
        }
        let known = self.shared.credentials.lookup(&host, None).await?;
        let credential = known.or_else(|| self.azure.as_ref().map(identity));
        config.credential.clone_from(&credential);
        let signed_in_as = credential.as_ref().map(user_name);
        Ok(Connected { registry: Registry::new(self.shared.transport.clone(), config), credential, signed_in_as })
    }

    /// The same registry at another of its endpoints: who we are there is who we are here.
    pub(super) async fn session(
        &self,
        endpoint: Endpoint,
        limits: Limits,
    ) -> Result<Registry<ReqwestTransport>, Error> {
        let mut config = RegistryConfig::new(endpoint);
        config.limits = Limits { parallel: self.relayed, ..limits };
        config.credential.clone_from(&self.connected().await?.credential);
        Ok(Registry::new(self.shared.transport.clone(), config))
    }
}

/// Where no other credential is known, the identity in Azure opens the registry too.
fn identity(azure: &Azure) -> Credential {
    Credential::Entra(Box::new(azure.settings.identity.clone().for_registries()))
}

/// The name that a credential is known by. Names that only mark a token say nothing to a person.
fn user_name(credential: &Credential) -> String {
    match credential {
        Credential::Basic { username, .. } => username.clone(),
        Credential::IdentityToken { username, .. }
            if username.chars().any(char::is_alphabetic) && username != "<token>" =>
        {
            username.clone()
        }
        Credential::Entra(_) => "the server’s identity in Azure".into(),
        _ => "a token".into(),
    }
}
