//! What Entra says.

use crate::emulator::{clock::Instant, random};
use alloc::{format, string::String};
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::io;

/// An error of the token endpoint (RFC 6749 section 5.2), with Entra's numbers.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: &'static str,
    code: u32,
    text: String,
}

impl Refusal {
    /// 400.
    pub(super) fn new(error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, code, text: text.into() }
    }

    /// 401.
    pub(super) fn client(code: u32, text: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::new("invalid_client", code, text) }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { status, ..Self::new("server_error", 90_000, format!("the emulator failed: {error}")) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let id = random::uuid().unwrap_or_default();
        let time = Instant::now().rfc3339();
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{}: {} Trace ID: {id} Correlation ID: {id} Timestamp: {time}", self.code, self.text),
            "error_codes": [self.code], "timestamp": time, "trace_id": id, "correlation_id": id,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.code),
        });
        (self.status, fresh(body)).into_response()
    }
}

/// A document that nobody keeps.
pub(super) fn fresh(body: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")], Json(body)).into_response()
}

/// A document that any page may read.
pub(super) fn public(body: Value) -> Response {
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(body)).into_response()
}
