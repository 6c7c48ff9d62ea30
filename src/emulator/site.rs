//! One registry as its clients see it: a name, regions with a store each, and addresses.

use super::{access::Gate, options::RegionName, random, store::Store};
use crate::http::Scheme;
use alloc::{string::String, sync::Arc, vec::Vec};
use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use ring::hmac;
use std::{
    io,
    sync::{PoisonError, RwLock},
};

/// How often a store is tidied.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long a blob that no manifest needs stays after it was last pushed or asked about.
const GRACE: Duration = Duration::from_secs(3600);

/// How a request came: the listener puts it into the request's extensions; plain http without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CameBy(pub(crate) Scheme);

/// The region that a request to the login server is for: routing puts it into the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen(pub(crate) RegionName);

/// Which of a registry's addresses a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// The login server: routes to one region.
    Global,
    /// The login server of a region.
    Region(RegionName),
    /// Where a region's redirects lead to.
    Data(RegionName),
}

/// One registry.
pub(crate) struct Site {
    name: String,
    login_server: String,
    gate: Arc<dyn Gate>,
    regions: RwLock<Vec<Arc<Region>>>,
    /// Signs redirects, and lasts as long as the process: longer than any of them would.
    key: hmac::Key,
}

/// One region of a registry.
pub(crate) struct Region {
    /// Its name.
    pub(crate) name: RegionName,
    /// What it holds.
    pub(crate) store: Store,
    /// Host and port of its login server.
    pub(crate) login_server: String,
    /// Host and port that its redirects lead to.
    pub(crate) data_endpoint: String,
    routed: AtomicBool,
}

impl Region {
    /// A region that the global endpoint may route to.
    pub(crate) fn new(store: Store, login_server: String, data_endpoint: String) -> Self {
        Self { name: store.region().into(), store, login_server, data_endpoint, routed: AtomicBool::new(true) }
    }

    /// Lets the global endpoint route here, or not (`regionEndpointEnabled`).
    pub(crate) fn set_routed(&self, routed: bool) {
        self.routed.store(routed, Ordering::Relaxed);
    }

    fn takes_global(&self) -> bool {
        self.routed.load(Ordering::Relaxed)
    }
}

impl Site {
    /// A registry without regions. `login_server` is the global one's host and port.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(crate) fn new(name: String, login_server: String, gate: Arc<dyn Gate>) -> io::Result<Self> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &random::bytes::<32>()?);
        Ok(Self { name, login_server, gate, regions: RwLock::default(), key })
    }

    /// The registry's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Host and port of the global login server.
    pub(crate) fn login_server(&self) -> &str {
        &self.login_server
    }

    /// Who may do what.
    pub(crate) fn gate(&self) -> &dyn Gate {
        &*self.gate
    }

    /// Signs redirects.
    pub(crate) const fn key(&self) -> &hmac::Key {
        &self.key
    }

    /// Adds a region; the first one is the registry's home.
    pub(crate) fn add(&self, region: Arc<Region>) {
        self.regions.write().unwrap_or_else(PoisonError::into_inner).push(region);
    }

    /// Removes a region. Requests under way end as they would have.
    pub(crate) fn remove(&self, name: &str) {
        self.regions.write().unwrap_or_else(PoisonError::into_inner).retain(|region| region.name != name);
    }

    /// All regions, home first.
    pub(crate) fn regions(&self) -> Vec<Arc<Region>> {
        self.regions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The region of this name.
    pub(crate) fn region(&self, name: &str) -> Option<Arc<Region>> {
        self.regions().into_iter().find(|region| region.name == name)
    }

    /// Names of the regions that the login server may route to, home first.
    pub(crate) fn routable(&self) -> Vec<RegionName> {
        self.regions().iter().filter(|region| region.takes_global()).map(|region| region.name.clone()).collect()
    }

    /// The region that answers at `endpoint`: at the global one the home region, else the next that
    /// may.
    pub(crate) fn serving(&self, endpoint: &Endpoint) -> Option<Arc<Region>> {
        match endpoint {
            Endpoint::Global => self.regions().into_iter().find(|region| region.takes_global()),
            Endpoint::Region(name) | Endpoint::Data(name) => self.region(name),
        }
    }

    /// Gives space back, now and then, for ever: to be spawned once for each registry.
    pub(crate) async fn tidy(self: Arc<Self>) {
        loop {
            tokio::time::sleep(TIDY_EVERY).await;
            for region in self.regions() {
                // A store that can't is one that can't write either, and says so to those who push.
                let _ = region.store.reclaim(GRACE).await;
            }
        }
    }
}
