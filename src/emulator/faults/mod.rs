//! What goes wrong, by a file: `docs/faults.md` describes it.
//!
//! A [`Faults`] is asked from four places: [`Faults::layer`] lies around the router of every endpoint, [`Faults::route`]
//! chooses the region that a global endpoint sends a request to, [`Faults::link`] tells replication how changes travel, and
//! [`Faults::router`] lets tests and people change all of it while the emulator runs. A listener gives every response
//! through [`HangUp::check`], so that connections can close without an answer.

mod body;
mod control;
mod decide;
mod document;
mod error;
mod layer;
mod outage;
mod refusal;
#[cfg(all(test, feature = "reqwest"))]
mod tests;
mod text;
mod watch;

pub(crate) use document::{How, Kind, Link};
pub use error::FaultsError;
pub(crate) use layer::{CallerOf, FaultsLayer, HangUp, down};
pub(super) use refusal::{seconds, too_many_requests};

use super::options::RegionName;
use crate::{Limits, json};
use alloc::{
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use decide::Asked;
use document::{Document, Effect};
use outage::{Switches, Window};
use tokio::{sync::watch as signal, time::Instant};

/// Where a request arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) kind: Kind,
    /// The registry's name, where the endpoint is a registry's.
    pub(crate) registry: Option<String>,
    /// The region, where the endpoint is a region's.
    pub(crate) region: Option<RegionName>,
}

/// Where a global endpoint sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) region: RegionName,
    /// The region is down, and routing has not followed yet.
    pub(crate) down: Option<How>,
}

/// What goes wrong; clones share it. The default is nothing.
#[derive(Clone, Default)]
pub(crate) struct Faults(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: signal::Sender<State>,
    /// Requests that were routed.
    routed: AtomicUsize,
}

struct State {
    document: Document,
    /// Requests that each rule has matched.
    counts: Vec<AtomicU64>,
    /// When the document was read.
    since: Instant,
    switches: Switches,
    /// Why the file as it is now was not taken.
    trouble: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        let document = Document::default();
        Self { document, counts: Vec::new(), since: Instant::now(), switches: Switches::default(), trouble: None }
    }
}

impl Faults {
    /// Takes another document; counts and times begin anew. Switched outages stay.
    ///
    /// # Errors
    /// If it is none; the one before stays.
    pub(crate) fn replace(&self, bytes: &[u8]) -> Result<(), FaultsError> {
        let document: Document = parsed(bytes)?;
        self.0.state.send_modify(|state| {
            state.counts = document.rules.iter().map(|_| AtomicU64::new(0)).collect();
            state.document = document;
            state.since = Instant::now();
            state.trouble = None;
        });
        Ok(())
    }

    /// The layer that lies around an endpoint's router, outside of everything that looks at `Authorization`. Outages of the
    /// endpoint's region are its affair as well.
    pub(crate) fn layer(&self, endpoint: Endpoint, caller: CallerOf) -> FaultsLayer {
        FaultsLayer { faults: self.clone(), endpoint: Arc::new(endpoint), caller }
    }

    /// Chooses one of a registry's regions, which come in the order of preference, for a request to its global endpoint.
    /// Nothing if routing avoids all of them.
    pub(crate) fn route(&self, regions: &[RegionName]) -> Option<Route> {
        let state = self.0.state.borrow();
        let now = Instant::now();
        let failover = state.document.routing.failover.0;
        let open: Vec<_> = regions.iter().filter(|r| !outage::avoided(state.windows(r), now, failover)).collect();
        let turn = if state.document.routing.spread { self.0.routed.fetch_add(1, Ordering::Relaxed) } else { 0 };
        let region = *open.get(turn.checked_rem(open.len())?)?;
        Some(Route { region: region.clone(), down: outage::down(state.windows(region), now) })
    }

    /// How a region is down, if it is.
    pub(crate) fn down(&self, region: &str) -> Option<How> {
        outage::down(self.0.state.borrow().windows(region), Instant::now())
    }

    /// Switches a region off.
    pub(crate) fn switch_off(&self, region: &str, how: How) {
        self.0.state.send_modify(|state| state.switches.off(region, how, Instant::now()));
    }

    /// Switches a region on again. Outages that the file plans are not ended by it.
    pub(crate) fn switch_on(&self, region: &str) {
        self.0.state.send_modify(|state| state.switches.on(region, Instant::now()));
    }

    /// How changes travel between two regions, where the document says something of it.
    pub(crate) fn link(&self, from: &str, to: &str) -> Option<Link> {
        let fits = |end: &Option<RegionName>, region| end.as_deref().is_none_or(|end| end == region);
        self.0.state.borrow().document.links.iter().find(|link| fits(&link.from, from) && fits(&link.to, to)).cloned()
    }

    /// Tells when something may be different: another document, or a switch. Planned outages begin and end without it.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.0.state.subscribe())
    }

    fn decide(&self, asked: &Asked<'_>) -> Option<Effect> {
        let state = self.0.state.borrow();
        let count =
            |place| state.counts.get(place).map_or(0, |count: &AtomicU64| count.fetch_add(1, Ordering::Relaxed) + 1);
        decide::decide(&state.document.rules, asked, state.document.seed, state.since.elapsed(), count).cloned()
    }

    /// True if no rule could fire.
    fn is_idle(&self) -> bool {
        self.0.state.borrow().document.rules.is_empty()
    }

    fn asks_for_callers(&self) -> bool {
        self.0.state.borrow().document.rules.iter().any(|rule| !rule.asked.callers.is_empty())
    }
}

/// See [`Faults::changes`].
pub(crate) struct Changes(signal::Receiver<State>);

impl Changes {
    /// Ends when there was a change since the last that was waited for; never, once there are no faults any more.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            core::future::pending::<()>().await;
        }
    }
}

impl State {
    /// When a region is down.
    fn windows(&self, region: &str) -> impl Iterator<Item = Window> {
        let planned = self.document.outages.iter().filter(move |outage| outage.region == region);
        planned.map(|outage| Window::planned(outage, self.since)).chain(self.switches.of(region))
    }
}

fn parsed<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, FaultsError> {
    let value = json::parse(bytes, &Limits::DEFAULT).map_err(FaultsError::Json)?;
    if !value.is_object() {
        // A structure would take an array for its fields in their order.
        return Err(FaultsError::Value { path: ".".into(), reason: "an object is expected".into() });
    }
    serde_path_to_error::deserialize(value)
        .map_err(|e| FaultsError::Value { path: e.path().to_string(), reason: e.inner().to_string() })
}
