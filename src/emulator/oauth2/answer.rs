//! What the token service says.

use crate::emulator::random;
use alloc::format;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::io;

/// Why there is no token.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody that we know.
    Unauthorized,
    /// Somebody without rights here.
    NoRights,
    /// Network rules keep the caller out.
    Network,
    /// A grant that we do not know, or one that lacks a field.
    Unsupported(&'static str),
    /// Of ours.
    Failed(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::Unauthorized => {
                let id = random::uuid().unwrap_or_default();
                let message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
                (StatusCode::UNAUTHORIZED, "UNAUTHORIZED", format!("{message} CorrelationId: {id}"))
            }
            Self::NoRights => (StatusCode::FORBIDDEN, "DENIED", "retrieving permissions failed".into()),
            Self::Network => {
                let message = "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
                (StatusCode::FORBIDDEN, "DENIED", message.into())
            }
            Self::Unsupported(what) => (StatusCode::BAD_REQUEST, "UNSUPPORTED", what.into()),
            Self::Failed(error) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN", format!("the emulator failed: {error}"))
            }
        };
        (status, fresh(json!({ "errors": [{ "code": code, "message": message }] }))).into_response()
    }
}

/// A token, and nothing else.
pub(super) fn token(name: &str, token: &str) -> Response {
    fresh(json!({ name: token }))
}

fn fresh(body: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
