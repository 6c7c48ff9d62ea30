//! Managed identities, as the metadata service of a virtual machine hands out their tokens.

use super::{Entra, answer::fresh, claims};
use crate::emulator::{
    clock::Instant,
    form::Fields,
    state::{Directory, Kind, Principal},
};
use alloc::string::ToString as _;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

pub(super) async fn token(State(entra): State<Entra>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = Fields::parse(&query.unwrap_or_default());
    let marked =
        headers.get("metadata").and_then(|value| value.to_str().ok()).is_some_and(|v| v.eq_ignore_ascii_case("true"));
    if !marked {
        return refused("bad_request_102", "Required metadata header not specified");
    }
    let Some(resource) = query.filled("resource") else {
        return refused("invalid_request", "Required query variable 'resource' is missing");
    };
    let identity = entra.cloud.state.read(|document| managed(&document.directory, &query).cloned());
    let Some(identity) = identity else {
        return refused("invalid_request", "Identity not found");
    };
    let client = identity.app_id.clone().unwrap_or_default();
    let Ok(access) = claims::access(&entra.cloud, &identity, &client, resource) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let now = Instant::now().seconds();
    // Numbers are texts here.
    fresh(json!({
        "access_token": access, "client_id": client, "resource": resource, "token_type": "Bearer",
        "expires_in": claims::LIFE.to_string(), "ext_expires_in": claims::LIFE.to_string(),
        "expires_on": now.saturating_add(claims::LIFE).to_string(), "not_before": now.to_string(),
    }))
}

/// The managed identity that a query is about.
pub(crate) fn managed<'a>(directory: &'a Directory, query: &Fields) -> Option<&'a Principal> {
    let mut identities = directory.principals.iter().filter(|principal| principal.kind == Kind::ManagedIdentity);
    identities.find(|principal| wanted(principal, query))
}

/// The first one, unless the query says which.
fn wanted(principal: &Principal, query: &Fields) -> bool {
    let is = |name: &str, value: Option<&str>| {
        query.filled(name).is_none_or(|wanted| value.is_some_and(|value| value.eq_ignore_ascii_case(wanted)))
    };
    let resource = query.filled("msi_res_id").or_else(|| query.filled("mi_res_id"));
    is("client_id", principal.app_id.as_deref())
        && is("object_id", Some(&principal.object_id))
        && resource
            .is_none_or(|id| id.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(&principal.name)))
}

fn refused(error: &str, text: &str) -> Response {
    let body = json!({ "error": error, "error_description": text });
    (StatusCode::BAD_REQUEST, fresh(body)).into_response()
}
