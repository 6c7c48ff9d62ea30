//! The https API of a registry: the distribution API (OCI distribution-spec v1.1.1) and ACR's own, `/acr/v1`.
//!
//! Each endpoint is a file; [`Route`] says which one a path means, [`Call`] is what a handler is given.

mod acr;
mod answer;
mod base;
mod blob;
mod call;
mod catalog;
mod data;
mod manifest;
mod paging;
mod range;
mod redirect;
mod referrers;
mod refusal;
mod route;
mod tags;
mod upload;
mod uploads;

use super::site::{Endpoint, Site};
use alloc::sync::Arc;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use call::{Call, Door};
use refusal::Refusal;
use route::{NoRoute, Route};

/// What answers at one of a registry's addresses. The paths are `/v2`, `/acr/v1` and `/oras` (all paths at a data
/// endpoint), so that others, `/oauth2` among them, can stand beside it.
pub(crate) fn router(site: Arc<Site>, endpoint: Endpoint) -> Router {
    let is_data = matches!(endpoint, Endpoint::Data(_));
    let door = Arc::new(Door { site, endpoint });
    if is_data {
        return Router::new().fallback(data::serve).with_state(door);
    }
    let mut router = Router::new();
    for path in ["/v2", "/v2/", "/v2/{*rest}", "/acr/v1/{*rest}", "/oras/artifacts/v1/{*rest}"] {
        router = router.route(path, any(serve));
    }
    router.with_state(door)
}

async fn serve(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answered = match Call::new(&door, parts) {
        Ok(call) => answer_call(&call, body).await,
        Err(refusal) => Err(refusal),
    };
    answer::dress(answered.unwrap_or_else(Refusal::into_response))
}

async fn answer_call(call: &Call, body: Body) -> Result<Response, Refusal> {
    let route = Route::parse(call.path()).map_err(|why| match why {
        NoRoute::Unknown => Refusal::not_found(),
        NoRoute::Name => Refusal::name_invalid(),
        NoRoute::Digest => Refusal::digest_invalid(),
        NoRoute::Reference => Refusal::tag_invalid(),
    })?;
    match route {
        Route::Base => base::answer(call),
        Route::Catalog => catalog::answer(call),
        Route::TagList(name) => tags::answer(call, &name),
        Route::Manifest(name, target) => manifest::answer(call, body, &name, &target).await,
        Route::Blob(name, digest) => blob::answer(call, &name, &digest).await,
        Route::Uploads(name) => uploads::answer(call, body, &name).await,
        Route::Upload(name, id) => upload::answer(call, body, &name, &id).await,
        Route::Referrers(name, digest) => referrers::answer(call, &name, &digest),
        Route::OrasReferrers(name, digest) => referrers::answer_oras(call, &name, &digest),
        Route::Repository(name) => acr::repository::answer(call, body, &name).await,
        Route::AcrTags(name) => acr::tags::list(call, &name),
        Route::AcrTag(name, tag) => acr::tags::answer(call, body, &name, &tag).await,
        Route::AcrManifests(name) => acr::manifests::list(call, &name),
        Route::AcrManifest(name, digest) => acr::manifests::answer(call, body, &name, &digest).await,
    }
}

#[cfg(test)]
mod tests;
