//! What ARM says.

use crate::emulator::random;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    /// With a body.
    pub(crate) fn new(status: u16, body: Value) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }

    /// 200.
    pub(crate) fn ok(body: Value) -> Self {
        Self::new(200, body)
    }

    /// A list, whole.
    pub(crate) fn list(values: Vec<Value>) -> Self {
        Self::ok(json!({ "value": values }))
    }

    /// Without a body.
    pub(crate) const fn empty(status: u16) -> Self {
        Self { status, body: None, headers: Vec::new() }
    }

    /// With another header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        if let Some(body) = self.body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
            *response.body_mut() = Body::from(body.to_string());
        }
        response
    }
}

/// What every answer of ARM has.
pub(super) fn adorn(headers: &mut HeaderMap) {
    let id = random::uuid().unwrap_or_default();
    let routing = format!("LOCALHOST:{id}");
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("expires", "-1"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
        ("x-ms-ratelimit-remaining-subscription-reads", "11999"),
        ("x-ms-request-id", &id),
        ("x-ms-correlation-request-id", &id),
        ("x-ms-routing-request-id", &routing),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
