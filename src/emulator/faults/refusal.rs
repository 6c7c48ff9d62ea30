//! Answers that are made up, in the words of the endpoint that they seem to come from.

use super::document::{Answer, How, Kind, Throttle};
use alloc::{format, string::ToString as _, vec::Vec};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use core::time::Duration;
use serde_json::{Value, json};
use std::time::SystemTime;

/// An answer as the file has it.
pub(super) fn answer(answer: &Answer) -> Response {
    let (kind, body) = match &answer.body {
        Value::Null => (None, Vec::new()),
        Value::String(text) => (Some("text/plain; charset=utf-8"), text.clone().into_bytes()),
        value => (Some("application/json; charset=utf-8"), value.to_string().into_bytes()),
    };
    let mut response = response(answer.status.0, kind, body);
    set(response.headers_mut(), &answer.headers.0);
    response
}

/// 429.
pub(super) fn throttled(kind: Kind, throttle: &Throttle) -> Response {
    let mut response = match throttle.plain {
        true => response(StatusCode::TOO_MANY_REQUESTS, Some("text/plain"), b"too many requests\n".to_vec()),
        false => too_many_requests(kind),
    };
    if let Some(pause) = throttle.retry_after {
        let value = if throttle.date { date(pause.0) } else { seconds(pause.0) };
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// 429 as an endpoint says it, without `Retry-After`.
pub(in crate::emulator) fn too_many_requests(kind: Kind) -> Response {
    refused(kind, StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", "too many requests")
}

/// How a region that is down answers; `None` where it does not.
pub(in crate::emulator) fn outage(kind: Kind, how: How) -> Option<Response> {
    (how == How::Unavailable)
        .then(|| refused(kind, StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "the region is not available"))
}

/// `Retry-After` in whole seconds, rounded up.
pub(in crate::emulator) fn seconds(pause: Duration) -> HeaderValue {
    let part = u64::from(pause.subsec_nanos() > 0);
    HeaderValue::from(pause.as_secs().saturating_add(part))
}

fn date(pause: Duration) -> HeaderValue {
    let then = SystemTime::now().checked_add(pause).unwrap_or_else(SystemTime::now);
    HeaderValue::try_from(httpdate::fmt_http_date(then)).unwrap_or(HeaderValue::from_static("0"))
}

fn refused(kind: Kind, status: StatusCode, code: &str, message: &str) -> Response {
    let value = match kind {
        Kind::Login | Kind::Region | Kind::Data => {
            json!({"errors": [{"code": code, "message": message, "detail": null}]})
        }
        Kind::Arm => json!({"error": {"code": code, "message": message}}),
        Kind::Authority => json!({"error": "temporarily_unavailable", "error_description": message}),
        Kind::Storage => {
            let text = format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>ServerBusy</Code><Message>{message}</Message></Error>"
            );
            return response(status, Some("application/xml"), text.into_bytes());
        }
    };
    response(status, Some("application/json; charset=utf-8"), value.to_string().into_bytes())
}

fn response(status: StatusCode, kind: Option<&'static str>, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    response
}

/// Fields in place of those of the same name.
pub(super) fn set(headers: &mut HeaderMap, fields: &[(HeaderName, HeaderValue)]) {
    for (name, value) in fields {
        headers.insert(name, value.clone());
    }
}
