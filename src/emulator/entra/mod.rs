//! The stand-in for `login.microsoftonline.com`: discovery, tokens, device codes, managed identities; and as much of
//! Microsoft Graph as it takes to make service principals.

mod answer;
mod claims;
mod device;
mod discovery;
mod graph;
mod identity;
mod token;

pub(crate) use claims::{for_acr, for_arm, object_for_acr, of_arm, of_refresh};
pub(crate) use identity::managed;

use super::cloud::Cloud;
use alloc::sync::Arc;
use axum::{
    Router,
    routing::{get, post},
};
use device::Devices;

/// What the handlers have.
#[derive(Clone)]
pub(crate) struct Entra {
    cloud: Arc<Cloud>,
    devices: Arc<Devices>,
}

/// The whole of it.
pub(crate) fn router(cloud: Arc<Cloud>) -> Router {
    let entra = Entra { cloud, devices: Arc::default() };
    Router::new()
        .route("/common/discovery/instance", get(discovery::instance))
        .route("/common/userrealm/{user}", get(discovery::realm))
        .route("/{tenant}/.well-known/openid-configuration", get(discovery::v1))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::v2))
        .route("/{tenant}/discovery/keys", get(discovery::keys))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
        .route("/{tenant}/oauth2/token", post(token::answer))
        .route("/{tenant}/oauth2/v2.0/token", post(token::answer))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device::begin))
        .route("/devicelogin", get(device::page).post(device::approve))
        .route("/metadata/identity/oauth2/token", get(identity::token))
        .nest("/v1.0", graph::router())
        .with_state(entra)
}
