//! What the server itself says no with, in the registries' own error format.

use super::headers::SANDBOX;
use crate::{ApiError, AuthError, Cause, Error, Stage, TransportError, text::shown};
use alloc::{
    borrow::Cow,
    string::{String, ToString as _},
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// A refusal of this server, as `{"errors":[{"code","message","detail"}]}`.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
}

impl Refusal {
    pub(super) const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message) }
    }

    pub(super) const fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PORTAL_BAD_REQUEST", message)
    }

    pub(super) const fn forbidden(code: &'static str, message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(super) fn unknown_registry(id: &str) -> Self {
        let message = String::from("no registry is configured under the id ") + &shown(id, 100);
        Self { status: StatusCode::NOT_FOUND, code: "PORTAL_UNKNOWN_REGISTRY", message: message.into() }
    }

    pub(super) const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "PORTAL_NOT_FOUND", "there is nothing here");
    pub(super) const BUSY: Self =
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "PORTAL_BUSY", "too many requests to this registry are under way");

    #[cfg(test)]
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "errors": [{ "code": self.code, "message": self.message }] });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.status {
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// What the upstream, or the way to it, said. Its status stays, since clients act on it; a challenge never leaves this
/// server, or the browser would ask its user for a password in the registry's name.
pub(super) fn upstream(error: &Error) -> Response {
    let (status, errors) = match error.cause() {
        Cause::Registry(api) => (api.status, diagnostics(api)),
        Cause::Auth(AuthError::Unauthorized { .. }) => (401, own(error, "UNAUTHORIZED")),
        // Nothing that trying again could change.
        Cause::Auth(_) => (403, own(error, "PORTAL_UPSTREAM_AUTH")),
        Cause::Transport(TransportError::Timeout(_) | TransportError::Stalled(_)) => {
            (504, own(error, "PORTAL_UPSTREAM_TIMEOUT"))
        }
        Cause::Transport(_) => (502, own(error, "PORTAL_UPSTREAM_UNREACHABLE")),
        _ => (502, own(error, "PORTAL_UPSTREAM_FAILED")),
    };
    let status = StatusCode::from_u16(status).ok().filter(|s| s.is_client_error() || s.is_server_error());
    let mut response = (status.unwrap_or(StatusCode::BAD_GATEWAY), Json(json!({ "errors": errors }))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    if let Some(after) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, after.as_secs().into());
    }
    response
}

fn own(error: &Error, code: &str) -> Value {
    let detail = json!({
        "kind": error.kind().as_str(),
        "stage": error.stage().map(Stage::as_str),
        "host": error.host(),
    });
    json!([{ "code": code, "message": error.to_string(), "detail": detail }])
}

fn diagnostics(api: &ApiError) -> Value {
    if api.errors.is_empty() {
        return json!([{ "code": "UNKNOWN", "message": api.text }]);
    }
    let list = api.errors.iter().map(|e| {
        // Detail was made text to be shown; where it still is JSON it leaves as that.
        let detail = serde_json::from_str(&e.detail).unwrap_or_else(|_| Value::String(e.detail.clone()));
        json!({ "code": e.code.as_str(), "message": e.message, "detail": detail })
    });
    list.collect()
}
