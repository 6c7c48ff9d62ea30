//! What lies around the routers of a registry: faults, throttling, routing.

use crate::emulator::{
    cloud::Cloud,
    faults::{CallerOf, Endpoint as Place, Faults, Kind, down},
    site::{Chosen, Endpoint, Site},
    state::{Document, Sku},
    throttle::{SkuOf, Throttle},
};
use alloc::{string::ToString as _, sync::Arc};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};

/// What goes wrong, and how often one may call.
#[derive(Clone)]
pub(super) struct Around {
    pub(super) faults: Faults,
    pub(super) throttle: Throttle,
}

impl Around {
    /// One of a registry's endpoints.
    pub(super) fn registry(&self, cloud: &Arc<Cloud>, site: &Arc<Site>, endpoint: &Endpoint, router: Router) -> Router {
        let (kind, region) = match endpoint {
            Endpoint::Global => (Kind::Login, None),
            Endpoint::Region(region) => (Kind::Region, Some(region.clone())),
            Endpoint::Data(region) => (Kind::Data, Some(region.clone())),
        };
        let place = Place { kind, registry: Some(site.name().to_string()), region };
        let caller = caller_of(cloud, site.name());
        let router = match endpoint {
            Endpoint::Data(_) => router,
            _ => self.throttle.layer(place.clone(), Arc::clone(&caller), sku_of(cloud, site.name())).around(router),
        };
        let router = match endpoint {
            Endpoint::Global => self.routed(site, &place, router),
            _ => router,
        };
        self.faults.layer(place, caller).around(router)
    }

    /// A stand-in.
    pub(super) fn stand_in(&self, cloud: &Arc<Cloud>, kind: Kind, router: Router) -> Router {
        self.faults.layer(Place { kind, registry: None, region: None }, caller_at(kind, cloud)).around(router)
    }

    fn routed(&self, site: &Arc<Site>, place: &Place, router: Router) -> Router {
        let routing = Routing { faults: self.faults.clone(), site: Arc::clone(site), place: Arc::new(place.clone()) };
        router.layer(from_fn_with_state(routing, route))
    }
}

#[derive(Clone)]
struct Routing {
    faults: Faults,
    site: Arc<Site>,
    place: Arc<Place>,
}

/// Chooses the region that answers at the login server.
async fn route(State(routing): State<Routing>, mut request: Request, next: Next) -> Response {
    let Some(route) = routing.faults.route(&routing.site.routable()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    if let Some(how) = route.down {
        return down(&routing.place, how);
    }
    request.extensions_mut().insert(Chosen(route.region));
    next.run(request).await
}

fn caller_of(cloud: &Arc<Cloud>, registry: &str) -> CallerOf {
    let (cloud, registry) = (Arc::clone(cloud), registry.to_string());
    Arc::new(move |said| cloud.caller_at_registry(&registry, said))
}

/// Storage knows nobody: a link is good for whoever has it.
fn caller_at(kind: Kind, cloud: &Arc<Cloud>) -> CallerOf {
    let cloud = Arc::clone(cloud);
    match kind {
        Kind::Arm => Arc::new(move |said| cloud.caller_at_arm(said)),
        Kind::Authority => Arc::new(move |said| cloud.caller_at_authority(said)),
        _ => Arc::new(|_| None),
    }
}

fn sku_of(cloud: &Arc<Cloud>, registry: &str) -> SkuOf {
    let (cloud, registry) = (Arc::clone(cloud), registry.to_string());
    let sku = move |document: &Document| document.registry(&registry).map(|own| own.sku);
    Arc::new(move || cloud.state.read(&sku).unwrap_or(Sku::Premium))
}
