//! What the parts of the management side share.

use super::{
    builds::Builds,
    clock::Instant,
    containers::Containers,
    imports::Imports,
    state::{Document, Principal, Registry, State},
    storage::Storage,
    token::Keys,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString as _},
    sync::Arc,
};
use core::{future::Future, net::SocketAddr, pin::Pin, time::Duration};
use std::{io, sync::OnceLock};
use tokio::sync::{Mutex, MutexGuard};

/// A future of a trait object.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the management side asks of the side that has the content.
pub(crate) trait Content: Send + Sync + 'static {
    /// Opens the login server of a registry, at the port of `kept` where that is free; regions come after it.
    fn open<'a>(&'a self, registry: &'a str, kept: &'a str) -> Later<'a, io::Result<String>>;

    /// Opens a region of a registry, at the ports of `kept` where they are free, and says where it is reached. The
    /// first one is the home region.
    fn open_region<'a>(&'a self, registry: &'a str, region: &'a str, kept: &'a Kept) -> Later<'a, io::Result<Kept>>;

    /// Lets the login server route to a region, or not.
    fn route(&self, registry: &str, region: &str, routed: bool);

    /// Closes a region, or all of a registry with its login server, and forgets their content.
    fn remove<'a>(&'a self, registry: &'a str, region: Option<&'a str>) -> Later<'a, io::Result<()>>;

    /// Whether a region has all that the others have.
    fn caught_up(&self, registry: &str, region: &str) -> bool;

    /// Whether a region is down.
    fn is_down(&self, region: &str) -> bool;

    /// Bytes that a registry's quota counts.
    fn size(&self, registry: &str) -> u64;
}

/// Where a region is reached: `host:port` of its endpoint and of its data endpoint. Empty where it was nowhere yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its endpoint.
    pub(crate) address: String,
    /// Its data endpoint.
    pub(crate) data: String,
}

/// Where the stand-ins are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// `management.azure.com`.
    pub(crate) arm: SocketAddr,
    /// `login.microsoftonline.com`, and Microsoft Graph.
    pub(crate) authority: SocketAddr,
    /// Blob storage.
    pub(crate) storage: SocketAddr,
}

/// All that the management side is.
pub(crate) struct Cloud {
    /// What there is.
    pub(crate) state: State,
    /// What tokens are signed with.
    pub(crate) keys: Keys,
    /// Where we are.
    pub(crate) addresses: Addresses,
    /// Blobs of build contexts and logs.
    pub(crate) storage: Arc<Storage>,
    /// Time until a change is seen in another region: a new one is not ready before that.
    lag: Duration,
    /// The content; set once at start, since it asks us who may do what.
    content: OnceLock<Arc<dyn Content>>,
    /// What builds and runs; set once at start, since it needs the content.
    workshop: OnceLock<Workshop>,
    /// Whoever changes which registries and regions there are.
    changing: Mutex<()>,
}

/// Quick builds, container groups and imports.
pub(crate) struct Workshop {
    /// Quick builds.
    pub(crate) builds: Arc<Builds>,
    /// Container groups.
    pub(crate) containers: Arc<Containers>,
    /// Imports.
    pub(crate) imports: Arc<Imports>,
}

impl Workshop {
    /// Ends and forgets what is done for a registry that is no more.
    pub(crate) fn forget(&self, registry: &str) -> io::Result<()> {
        self.imports.forget(registry);
        self.builds.forget(registry)
    }

    /// Ends what is under way, and waits for it.
    pub(crate) async fn end(&self) {
        self.imports.end();
        self.builds.end().await;
        self.containers.end().await;
    }
}

impl Cloud {
    /// Puts the parts together.
    pub(crate) fn new(state: State, keys: Keys, addresses: Addresses, storage: Arc<Storage>, lag: Duration) -> Self {
        let (content, workshop) = (OnceLock::new(), OnceLock::new());
        Self { state, keys, addresses, storage, lag, content, workshop, changing: Mutex::default() }
    }

    /// Joins the side that has the content; the first call counts.
    pub(crate) fn join(&self, content: Arc<dyn Content>) {
        let _ = self.content.set(content);
    }

    /// Joins what builds and runs; the first call counts.
    pub(crate) fn furnish(&self, workshop: Workshop) {
        let _ = self.workshop.set(workshop);
    }

    /// What builds and runs.
    pub(crate) fn workshop(&self) -> io::Result<&Workshop> {
        self.workshop.get().ok_or_else(|| io::Error::other("the emulator is not ready yet"))
    }

    /// The side that has the content.
    pub(crate) fn content(&self) -> io::Result<&Arc<dyn Content>> {
        self.content.get().ok_or_else(|| io::Error::other("the emulator is not ready yet"))
    }

    /// Waits until nobody else changes which registries and regions there are: what is up and what is on disk follow the
    /// document one change at a time, or a name that goes and comes again would lose what it got meanwhile.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// `https://host:port` of ARM.
    pub(crate) fn arm(&self) -> String {
        format!("https://{}", self.addresses.arm)
    }

    /// `https://host:port` of the authority.
    pub(crate) fn authority(&self) -> String {
        format!("https://{}", self.addresses.authority)
    }

    /// The claims of a token that we signed, if its time is now.
    pub(crate) fn verify(&self, token: &str) -> Option<serde_json::Value> {
        self.keys.verify(token, Instant::now().seconds())
    }

    /// `displayStatus` of regions follows what the content side says.
    pub(crate) fn settle(&self) {
        let Ok(content) = self.content() else { return };
        let now = Instant::now();
        self.state.note(|document| {
            document.registries.iter_mut().for_each(|registry| settle(registry, &**content, now, self.lag));
        });
    }
}

fn settle(registry: &mut Registry, content: &dyn Content, now: Instant, lag: Duration) {
    let made = registry.regions.iter_mut().enumerate().filter(|(_, region)| region.ready <= now);
    for (at, region) in made {
        let first = if at == 0 { region.ready } else { region.ready.after(lag) };
        let caught_up = first <= now && content.caught_up(&registry.name, &region.location);
        let status = if caught_up { "Ready" } else { "Syncing" };
        if region.status.as_deref() != Some(status) {
            (region.status, region.since) = (Some(status.to_string()), now);
        }
    }
}

/// A caller of ARM or Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Object id.
    pub(crate) object_id: String,
    /// As resources are signed.
    pub(crate) signature: String,
    /// `User`, `Application` or `ManagedIdentity`.
    pub(crate) kind: &'static str,
}

impl Identity {
    /// Of a principal.
    pub(crate) fn of(principal: &Principal) -> Self {
        Self {
            object_id: principal.object_id.clone(),
            signature: principal.signature().to_string(),
            kind: principal.kind.created_by_type(),
        }
    }

    /// The principal that a token's claims name, if it is still there.
    pub(crate) fn of_claims(document: &Document, claims: &serde_json::Value) -> Option<Self> {
        document.directory.principal(claims.get("oid")?.as_str()?).map(Self::of)
    }
}
