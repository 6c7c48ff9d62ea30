//! The token service of a registry: `/oauth2/exchange` and `/oauth2/token`.

mod answer;
mod claims;
mod exchange;
mod token;
mod who;

pub(crate) use who::{NULL_GUID, Who};

use super::cloud::Cloud;
use alloc::{string::String, sync::Arc};
use axum::{
    Router,
    routing::{get, post},
};

/// What the handlers have.
#[derive(Clone)]
pub(crate) struct TokenService {
    cloud: Arc<Cloud>,
    registry: Arc<str>,
}

/// The routes for the registry of that name; the same on all its endpoints.
pub(crate) fn router(cloud: Arc<Cloud>, registry: String) -> Router {
    Router::new()
        .route("/oauth2/exchange", post(exchange::answer))
        .route("/oauth2/token", get(token::of_query).post(token::of_form))
        .with_state(TokenService { cloud, registry: registry.into() })
}
