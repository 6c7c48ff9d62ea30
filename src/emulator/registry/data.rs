//! The data endpoint: blobs by signed address, and errors as Azure's storage writes them.

use super::{
    answer::Headers as _,
    call::{Call, Door},
    range, redirect,
};
use crate::emulator::{clock::Instant, random};
use alloc::{format, string::String, sync::Arc};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::Response,
};

type Fault = (StatusCode, &'static str, &'static str);

const UNSUPPORTED: Fault =
    (StatusCode::METHOD_NOT_ALLOWED, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.");
const INFO: Fault = (
    StatusCode::BAD_REQUEST,
    "InvalidAuthenticationInfo",
    "Authentication information is not given in the correct format. Check the value of Authorization header.",
);
const FAILED: Fault = (
    StatusCode::FORBIDDEN,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
);
const NOT_FOUND: Fault = (StatusCode::NOT_FOUND, "BlobNotFound", "The specified blob does not exist.");
const RANGE: Fault = (
    StatusCode::RANGE_NOT_SATISFIABLE,
    "InvalidRange",
    "The range specified is invalid for the current size of the resource.",
);
const BUSY: Fault = (StatusCode::SERVICE_UNAVAILABLE, "ServerBusy", "The server is busy.");

/// Answers at a data endpoint.
pub(super) async fn serve(State(door): State<Arc<Door>>, request: Request) -> Response {
    let id = random::uuid().unwrap_or_default();
    let response = match Call::new(&door, request.into_parts().0) {
        Ok(call) => get(&call).unwrap_or_else(|fault| xml(fault, &id)),
        Err(_) => xml(BUSY, &id),
    };
    response
        .with("server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0")
        .with("x-ms-version", "2018-03-28")
        .with("x-ms-request-id", &id)
}

fn get(call: &Call) -> Result<Response, Fault> {
    if !matches!(*call.method(), Method::GET | Method::HEAD) {
        return Err(UNSUPPORTED);
    }
    // Whoever sends the registry's credentials on would send them to a stranger.
    if call.header(header::AUTHORIZATION).is_some() {
        return Err(INFO);
    }
    let digest = redirect::digest(call.path()).ok_or(NOT_FOUND)?;
    let (end, signature) = (call.query("se").unwrap_or_default(), call.query("sig").unwrap_or_default());
    if !redirect::is_good(call.site(), &call.region().name, &digest, &end, &signature) {
        return Err(FAILED);
    }
    let size = call.store().content_size(&digest).ok_or(NOT_FOUND)?;
    if *call.method() == Method::HEAD {
        return Ok(range::whole_head(size, &digest).with("x-ms-blob-type", "BlockBlob"));
    }
    let wanted = range::Wanted::of(|name| call.header(name), size, &digest);
    if wanted == range::Wanted::Nothing {
        return Err(RANGE);
    }
    let response = range::respond(call.store(), &digest, size, wanted).map_err(|_| NOT_FOUND)?;
    Ok(response.with("x-ms-blob-type", "BlockBlob"))
}

fn xml((status, code, message): Fault, id: &str) -> Response {
    let time = Instant::now().rfc3339();
    let body: String = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:{id}\nTime:{time}</Message></Error>"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.with("content-type", "application/xml").with("x-ms-error-code", code)
}
