//! One request, as handlers see it.

use super::{refusal::Refusal, route::decode};
use crate::{
    RepositoryName,
    emulator::{
        access::{Action, Caller, Denial, Need},
        site::{CameBy, Chosen, Endpoint, Region, Site},
        store::Store,
    },
    http::Scheme,
};
use alloc::{format, string::String, sync::Arc, vec::Vec};
use axum::http::{Method, header, request::Parts};

/// One address of a registry.
pub(super) struct Door {
    pub(super) site: Arc<Site>,
    pub(super) endpoint: Endpoint,
}

/// One request, and the region that answers it.
pub(super) struct Call {
    site: Arc<Site>,
    region: Arc<Region>,
    login_server: String,
    parts: Parts,
}

impl Call {
    /// Finds the region.
    pub(super) fn new(door: &Door, parts: Parts) -> Result<Self, Refusal> {
        let chosen = parts.extensions.get::<Chosen>().and_then(|chosen| door.site.region(&chosen.0));
        let region = chosen.or_else(|| door.site.serving(&door.endpoint)).ok_or_else(Refusal::unavailable)?;
        let login_server = match door.endpoint {
            Endpoint::Region(_) => region.login_server.clone(),
            _ => door.site.login_server().into(),
        };
        Ok(Self { site: Arc::clone(&door.site), region, login_server, parts })
    }

    /// The path as it came.
    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    pub(super) fn method(&self) -> &Method {
        &self.parts.method
    }

    pub(super) fn site(&self) -> &Site {
        &self.site
    }

    pub(super) fn region(&self) -> &Region {
        &self.region
    }

    pub(super) fn store(&self) -> &Store {
        &self.region.store
    }

    /// `http` or `https`.
    pub(super) fn scheme(&self) -> &'static str {
        match self.parts.extensions.get::<CameBy>() {
            Some(CameBy(Scheme::Https)) => "https",
            _ => "http",
        }
    }

    pub(super) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The first value of a query key, if it is not empty.
    pub(super) fn query(&self, key: &str) -> Option<String> {
        self.queries(key).into_iter().next().filter(|value| !value.is_empty())
    }

    /// All values of a query key.
    pub(super) fn queries(&self, key: &str) -> Vec<String> {
        let pairs = self.parts.uri.query().unwrap_or_default().split('&');
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(name, _)| *name == key).filter_map(|(_, value)| decode(value)).collect()
    }

    /// Checks that the caller may do all of `needs`.
    pub(super) fn require(&self, needs: &[Need<'_>]) -> Result<Caller, Refusal> {
        self.ask(needs).map_err(|denial| self.denied(denial, needs))
    }

    /// Checks that the caller may do all of `actions` in a repository.
    pub(super) fn require_in(&self, name: &RepositoryName, actions: &[Action]) -> Result<Caller, Refusal> {
        self.require(&[Need::Repository(name.as_str(), actions)])
    }

    /// Checks that the caller may look at a repository's lists: who may pull from it may, and who may read its metadata.
    pub(super) fn require_lists(&self, name: &RepositoryName) -> Result<Caller, Refusal> {
        let pull = [Need::Repository(name.as_str(), &[Action::Pull])];
        let read = [Need::Repository(name.as_str(), &[Action::MetadataRead])];
        self.ask(&read).or_else(|_| self.ask(&pull)).map_err(|denial| self.denied(denial, &pull))
    }

    /// What the gate says.
    pub(super) fn ask(&self, needs: &[Need<'_>]) -> Result<Caller, Denial> {
        let authorization = self.header(header::AUTHORIZATION);
        self.site.gate().authorize(self.site.name(), authorization, needs)
    }

    fn denied(&self, denial: Denial, needs: &[Need<'_>]) -> Refusal {
        let realm = format!("{}://{}/oauth2/token", self.scheme(), self.login_server);
        Refusal::denied(denial, needs, &realm, self.site.login_server())
    }
}
