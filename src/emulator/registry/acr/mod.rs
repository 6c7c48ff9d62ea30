//! `/acr/v1`: what ACR knows of repositories, tags and manifests beside the distribution API.

pub(super) mod manifests;
pub(super) mod repository;
pub(super) mod tags;

use super::{call::Call, refusal::Refusal};
use crate::emulator::store::change::{Attributes, AttributesPatch};
use alloc::string::ToString as _;
use axum::body::{Body, to_bytes};
use serde_json::{Value, json};

/// Bytes of a PATCH that are read.
const BODY: usize = 64 << 10;

/// The attributes that a PATCH changes: a flat object.
async fn patch(body: Body) -> Result<AttributesPatch, Refusal> {
    let body = to_bytes(body, BODY).await.map_err(|_| Refusal::body_invalid("request body is too large"))?;
    serde_json::from_slice(&body).map_err(|error| Refusal::body_invalid(error.to_string()))
}

/// A document with the registry's and the repository's name before the rest.
fn document(call: &Call, name: &str, key: &str, value: Value) -> Value {
    json!({ "registry": call.site().login_server(), "imageName": name, key: value })
}

fn attributes(attributes: Attributes) -> Value {
    json!(attributes)
}
