//! What lies around the routers: faults, and inside of them throttling.

use crate::emulator::{
    access::{Denial, Gate as _},
    cloud::Cloud,
    faults::{CallerOf, Endpoint, Faults, Kind, RegionsOf},
    site::{self, Site},
    state::{Document, Sku},
    throttle::{SkuOf, Throttle},
};
use alloc::{
    string::{String, ToString as _},
    sync::Arc,
};
use axum::{
    Router,
    http::{HeaderMap, header},
};

/// Faults and throttling of one emulator.
pub(super) struct Around {
    pub(super) cloud: Arc<Cloud>,
    pub(super) faults: Faults,
    pub(super) throttle: Throttle,
}

impl Around {
    /// Around what answers at one of a registry's addresses.
    pub(super) fn registry(&self, site: &Arc<Site>, endpoint: &site::Endpoint, router: Router) -> Router {
        let endpoint = seen(site, endpoint);
        let caller = self.caller_of(site.name());
        let router = match endpoint.kind {
            // Bytes are no calls.
            Kind::Data => router,
            _ => self.throttle.layer(endpoint.clone(), Arc::clone(&caller), self.sku_of(site.name())).around(router),
        };
        let global = endpoint.kind == Kind::Login;
        let faults = self.faults.layer(endpoint, caller);
        let faults = if global { faults.routing(routed(site)) } else { faults };
        faults.around(router)
    }

    /// Around what is no registry's.
    pub(super) fn other(&self, kind: Kind, router: Router) -> Router {
        let cloud = Arc::clone(&self.cloud);
        let caller = move |headers: &HeaderMap| {
            let token = authorization(headers)?.split_once(' ')?.1;
            Some(cloud.verify(token.trim())?.get("oid")?.as_str()?.to_string())
        };
        self.faults.layer(Endpoint { kind, registry: None, region: None }, Arc::new(caller)).around(router)
    }

    fn caller_of(&self, registry: &str) -> CallerOf {
        let (cloud, registry) = (Arc::clone(&self.cloud), registry.to_string());
        Arc::new(move |headers: &HeaderMap| match cloud.authorize(&registry, authorization(headers), &[]) {
            Ok(caller) => Some(caller.name),
            Err(Denial::Nothing) => Some("anonymous".to_string()),
            Err(_) => None,
        })
    }

    fn sku_of(&self, registry: &str) -> SkuOf {
        let (cloud, registry) = (Arc::clone(&self.cloud), registry.to_string());
        let sku = move |document: &Document| document.registry(&registry).map(|own| own.sku);
        Arc::new(move || cloud.state.read(&sku).unwrap_or(Sku::Basic))
    }
}

/// An address as faults and throttling see it.
fn seen(site: &Site, endpoint: &site::Endpoint) -> Endpoint {
    let (kind, region) = match endpoint {
        site::Endpoint::Global => (Kind::Login, None),
        site::Endpoint::Region(region) => (Kind::Region, Some(region.clone())),
        site::Endpoint::Data(region) => (Kind::Data, Some(region.clone())),
    };
    Endpoint { kind, registry: Some(site.name().to_string()), region }
}

fn routed(site: &Arc<Site>) -> RegionsOf {
    let site = Arc::clone(site);
    Arc::new(move || site.regions().iter().filter(|r| r.is_routed()).map(|r| r.name.clone()).collect())
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}
