//! What storage answers. A file per operation.

mod block;
mod block_list;
mod get;
mod put;
mod receive;

use super::{
    BlobName, Permission, Storage,
    error::{self, StorageError},
    signature::Link,
};
use crate::emulator::{clock::Instant, random};
use alloc::sync::Arc;
use axum::{
    Router,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
    routing::any,
};

/// What a request is about, after its link was checked.
struct Asked {
    storage: Arc<Storage>,
    name: BlobName,
    link: Link,
    headers: HeaderMap,
}

pub(super) fn router(storage: Arc<Storage>) -> Router {
    Router::new()
        .route(&alloc::format!("/{}/{{*name}}", super::ACCOUNT), any(answer))
        .fallback(async || error::NOT_FOUND)
        .with_state(storage)
}

async fn answer(
    State(storage): State<Arc<Storage>>,
    Path(name): Path<alloc::string::String>,
    Query(link): Query<Link>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let version = parts.headers.get("x-ms-version").cloned();
    let checked = check(storage, &name, link, &parts.method, parts.headers);
    let answer = match checked {
        Ok(asked) => act(&parts.method, asked, body).await,
        Err(error) => Err(error),
    };
    finished(answer.unwrap_or_else(|error| error.into_response()), version)
}

/// Checks the name and the link.
fn check(
    storage: Arc<Storage>,
    name: &str,
    link: Link,
    method: &Method,
    headers: HeaderMap,
) -> Result<Asked, StorageError> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(error::WITH_AUTHORIZATION);
    }
    let name = BlobName::new(name).ok_or(error::FORGED)?;
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let wanted = if reads { Permission::Read } else { Permission::Write };
    storage.signer.check(&name, &link, wanted, Instant::now())?;
    Ok(Asked { storage, name, link, headers })
}

async fn act(method: &Method, asked: Asked, body: Body) -> Result<Response, StorageError> {
    match (method, asked.link.comp.as_deref()) {
        (&Method::GET, None) => get::get(&asked).await,
        (&Method::HEAD, None) => get::head(&asked).await,
        (&Method::PUT, None) => put::put(asked, body).await,
        (&Method::PUT, Some("block")) => block::put(asked, body).await,
        (&Method::PUT, Some("blocklist")) => block_list::put(asked, body).await,
        _ => Err(error::UNSUPPORTED),
    }
}

/// Adds what every answer of storage has.
fn finished(mut answer: Response, version: Option<HeaderValue>) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"));
    headers.insert("x-ms-version", version.unwrap_or(HeaderValue::from_static("2021-08-06")));
    if !headers.contains_key("x-ms-request-id")
        && let Some(id) = random::uuid().ok().and_then(|id| HeaderValue::from_str(&id).ok())
    {
        headers.insert("x-ms-request-id", id);
    }
    answer
}
