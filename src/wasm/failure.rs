//! What a failed `fetch` means. Node says why in `cause.code`; a browser says nothing on purpose.
//!
//! Messages may quote addresses, and addresses may be signed: only codes and messages without addresses are passed on.

use super::page::{Page, get};
use crate::{
    TransportError,
    http::{Scheme, Url},
    text::shown,
};
use alloc::{
    format,
    string::{String, ToString},
};
use wasm_bindgen::JsValue;

/// A request that got no answer.
pub(super) fn of_request(error: &JsValue, url: &Url) -> TransportError {
    if let Some(known) = known(error) {
        return known;
    }
    match Page::current() {
        Some(page) if page.offline => TransportError::Connect("the browser is offline".to_string()),
        Some(page) if !page.owns(url.origin()) => TransportError::Blocked(blocked(&page, url)),
        _ => TransportError::Connect(words(error)),
    }
}

/// A body that broke off. Its head was readable, so no policy of the browser's is behind it.
pub(super) fn of_body(error: &JsValue) -> TransportError {
    known(error).unwrap_or_else(|| TransportError::Interrupted(words(error)))
}

fn blocked(page: &Page, url: &Url) -> String {
    let origin = url.origin();
    if page.origin.starts_with("https:") && origin.scheme() == Scheme::Http && !origin.is_loopback() {
        return format!("a page from https may not call {origin}");
    }
    format!(
        "no answer that {} may read from {origin}: it sends no CORS headers for this page, or it does not answer at \
         all; diagnose() tells which, and a portolan server can relay it",
        page.origin
    )
}

/// What the error's own code or name says.
fn known(error: &JsValue) -> Option<TransportError> {
    let name = get(error, "name").as_string().unwrap_or_default();
    let cause = get(error, "cause");
    let code = [&cause, error].into_iter().find_map(|e| get(e, "code").as_string());
    match (name.as_str(), code) {
        ("AbortError", _) => Some(TransportError::Aborted),
        ("TimeoutError", _) => Some(TransportError::Timeout("fetch")),
        (_, code) => code.map(|code| of_code(shown(&code, 100))),
    }
}

/// Node's system, TLS and undici codes. What none of these rules knows broke a connection.
fn of_code(code: String) -> TransportError {
    match code.as_str() {
        "UND_ERR_CONNECT_TIMEOUT" | "ETIMEDOUT" => TransportError::Timeout("connect"),
        "UND_ERR_HEADERS_TIMEOUT" => TransportError::Timeout("headers"),
        "UND_ERR_BODY_TIMEOUT" => TransportError::Stalled("no byte for too long"),
        "UND_ERR_ABORTED" | "ABORT_ERR" => TransportError::Aborted,
        "ENOTFOUND" => TransportError::Name(code),
        "ECONNREFUSED" | "EADDRNOTAVAIL" | "EACCES" | "EPERM" => TransportError::Connect(code),
        _ if code.starts_with("EAI_") => TransportError::Name(code),
        _ if code.starts_with("EHOST") || code.starts_with("ENET") => TransportError::Connect(code),
        _ if is_tls(&code) => TransportError::Tls(code),
        _ => TransportError::Interrupted(code),
    }
}

fn is_tls(code: &str) -> bool {
    code.as_bytes().windows(4).any(|four| four == b"CERT")
        || ["ERR_TLS_", "ERR_SSL_", "UNABLE_TO_"].iter().any(|prefix| code.starts_with(prefix))
        || matches!(code, "EPROTO" | "HOSTNAME_MISMATCH" | "INVALID_CA" | "INVALID_PURPOSE" | "PATH_LENGTH_EXCEEDED")
}

fn quotes_address(message: &str) -> bool {
    message.as_bytes().windows(3).any(|three| three == b"://")
}

/// The deepest message that quotes no address.
fn words(error: &JsValue) -> String {
    let cause = get(error, "cause");
    [&cause, error]
        .into_iter()
        .filter_map(|e| get(e, "message").as_string())
        .find(|message| !message.is_empty() && !quotes_address(message))
        .map_or_else(|| "fetch failed".to_string(), |message| shown(&message, 200))
}
