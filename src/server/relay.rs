//! A request to a registry, passed through.

use super::{
    answer,
    path::Target,
    refusal::{self, Refusal},
    upstream::Upstream,
};
use crate::{
    Error, RepositoryName,
    azure::acr,
    client::{Registry, ReqwestTransport},
    http::{self, ResponseHead, Url},
    op::Relay,
};
use alloc::{format, string::String};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;

/// Longest `Accept` passed on, bytes: a client lists a dozen media types.
const MAX_ACCEPT: usize = 1_024;

/// Answers `request`, whose path below the registry's `/v2/` is `path`.
pub(super) async fn relay(upstream: &Upstream, path: &str, request: &Parts) -> Response {
    match pass(upstream, path, request).await {
        Ok(response) => response,
        Err(Failure::Refused(refusal)) => refusal.into_response(),
        Err(Failure::Upstream(error)) => refusal::upstream(&error),
    }
}

/// Why there is no answer to pass on.
pub(super) enum Failure {
    Refused(Refusal),
    Upstream(Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Upstream(error)
    }
}

async fn pass(upstream: &Upstream, path: &str, request: &Parts) -> Result<Response, Failure> {
    let target = Target::parse(path, request.uri.query())?;
    let (method, head_only) = match request.method {
        Method::HEAD => (http::Method::Head, true),
        _ => (http::Method::Get, false),
    };
    let mut op = Relay::new(method, target.address(), target.repository.clone());
    if let Some(accept) = accept(&request.headers)? {
        op = op.with("Accept", accept);
    }
    if let Some(range) = range(&request.headers) {
        op = op.with("Range", range);
    }
    let permit = upstream.enter().await?;
    let registry = upstream.registry().await?;
    let (head, body) =
        if head_only { (registry.run(op).await?, Body::empty()) } else { open(registry, op, permit).await? };
    let base = format!("/api/registries/{}/v2/", upstream.entry.id);
    let asked = upstream.entry.endpoint.url(&target.address());
    Ok(respond(&head, body, &target, &base, &asked))
}

/// ACR's own document at `address`, which has been read and checked.
pub(super) async fn acr_document(
    upstream: &Upstream,
    repository: RepositoryName,
    address: String,
    request: &Parts,
) -> Result<Response, Failure> {
    let method = if request.method == Method::HEAD { http::Method::Head } else { http::Method::Get };
    let path = address.split('?').next().unwrap_or(&address);
    let target = Target::document(path.trim_start_matches('/'));
    let op =
        Relay::new(method, address.clone(), None).needing(acr::reading(&repository)).with("Accept", "application/json");
    let permit = upstream.enter().await?;
    let registry = upstream.registry().await?;
    let (head, body) = if method == http::Method::Head {
        (registry.run(op).await?, Body::empty())
    } else {
        open(registry, op, permit).await?
    };
    let base = format!("/api/registries/{}/azure/", upstream.entry.id);
    let asked = upstream.entry.endpoint.url(&address);
    Ok(respond(&head, body, &target, &base, &asked))
}

fn respond(head: &ResponseHead, body: Body, target: &Target, base: &str, asked: &Url) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(head.status).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = answer::headers(head, target, base, asked);
    response
}

/// The body is pulled by the browser's reading alone; dropping it gives up the upstream's connection, and `held`.
async fn open<H: Send + 'static>(
    registry: &Registry<ReqwestTransport>,
    op: Relay,
    held: H,
) -> Result<(ResponseHead, Body), Error> {
    let stream = registry.open(op).await?;
    let head = stream.head().clone();
    let chunks = stream::unfold((stream, held), |(mut stream, held)| async {
        stream.next().await.map(|chunk| (chunk, (stream, held)))
    });
    Ok((head, Body::from_stream(chunks)))
}

fn accept(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut out = String::new();
    for value in headers.get_all(header::ACCEPT) {
        let text = value.to_str().map_err(|_| Refusal::bad_request("Accept is malformed"))?;
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(text);
    }
    if out.len() > MAX_ACCEPT {
        return Err(Refusal::bad_request("Accept is too long"));
    }
    Ok((!out.is_empty()).then_some(out))
}

/// One range of bytes; others are ignored, as RFC 9110 section 14.2 allows.
fn range(headers: &HeaderMap) -> Option<String> {
    let text = one(headers, header::RANGE)?;
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (number(first) && (last.is_empty() || number(last))).then(|| text.into())
}

fn one(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).into_iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_plain_range_passes() {
        let range =
            |text: &'static str| range(&HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(text))]));
        for fine in ["bytes=0-", "bytes=5-9", "bytes=214748364800-"] {
            assert_eq!(range(fine).as_deref(), Some(fine));
        }
        for other in ["bytes=-5", "bytes=0-1,5-6", "bytes=a-", "items=0-1", "bytes=99999999999999999999-", "bytes=1"] {
            assert_eq!(range(other), None, "{other}");
        }
    }
}
