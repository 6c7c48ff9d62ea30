//! Headers that every answer carries.

use super::config::{Entry, Mode};
use alloc::string::String;
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

/// What relayed bytes may do in a browser: nothing.
pub(super) const SANDBOX: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
);

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// The page's policy (U04). Registries that the browser calls itself are the only other origins it may reach.
pub(super) fn content_security_policy(entries: &[Entry]) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut connect = String::from("'self'");
    for entry in entries.iter().filter(|entry| entry.mode == Mode::Direct) {
        for origin in entry.origins() {
            connect.push(' ');
            connect.push_str(&origin);
        }
    }
    let policy = alloc::format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src {connect}; img-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    HeaderValue::from_str(&policy)
}

/// Adds what is missing; relayed answers have brought a stricter policy.
pub(super) fn harden(mut response: Response, policy: &HeaderValue) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}
