//! How the registry says yes.

use crate::emulator::random;
use alloc::{format, string::String};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use serde::Serialize;

/// Headers of a response.
pub(super) trait Headers: Sized {
    /// Sets one; a value that no header can have is left out.
    fn set(&mut self, name: &str, value: &str);

    /// Sets one.
    fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }
}

impl Headers for Response {
    fn set(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            self.headers_mut().insert(name, value);
        }
    }
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status != StatusCode::NO_CONTENT {
        response.set("content-length", "0");
    }
    response
}

/// An answer with a JSON document.
pub(super) fn json(status: StatusCode, document: &impl Serialize) -> Response {
    let body = serde_json::to_vec(document).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.with("content-type", "application/json; charset=utf-8")
}

/// `Range` of an upload that has so many bytes. Docker's registry says `0-0` of an empty one, and so does ACR.
pub(super) fn range(position: u64) -> String {
    format!("0-{}", position.saturating_sub(1))
}

/// Adds what ACR adds to every answer.
pub(super) fn dress(mut response: Response) -> Response {
    const EXPOSED: [&str; 4] = ["Docker-Content-Digest", "WWW-Authenticate", "Link", "X-Ms-Correlation-Request-Id"];
    let correlation = random::uuid().unwrap_or_default();
    response.set("docker-distribution-api-version", "registry/2.0");
    response.set("x-ms-correlation-request-id", &correlation);
    response.set("x-content-type-options", "nosniff");
    response.set("server", "AzureContainerRegistry");
    let headers = response.headers_mut();
    // ACR says for how long. A browser that believed it for `localhost` would refuse everything else there.
    for _ in 0..2 {
        headers.append("strict-transport-security", HeaderValue::from_static("max-age=0"));
    }
    for name in EXPOSED {
        headers.append("access-control-expose-headers", HeaderValue::from_static(name));
    }
    response
}
