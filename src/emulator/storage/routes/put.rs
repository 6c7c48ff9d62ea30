//! Put Blob.

use super::{Asked, receive::Received};
use crate::emulator::storage::{
    About,
    error::{self, StorageError},
};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use std::time::SystemTime;

/// Largest blob put at once: 5,000 MiB, as storage has it.
const LIMIT: u64 = 5_000 << 20;

pub(super) async fn put(asked: Asked, body: Body) -> Result<Response, StorageError> {
    let kind = text(&asked.headers, "x-ms-blob-type").ok_or(error::NO_TYPE)?;
    if kind != "BlockBlob" {
        return Err(error::OTHER_TYPE);
    }
    refuse_existing(&asked)?;
    let received = Received::write(asked.storage.blobs.stage()?, body, LIMIT).await?;
    asked.storage.blobs.publish(&received.path, &asked.name, &about(&asked.headers))?;
    received.keep();
    Ok(created())
}

/// `If-None-Match: *`: only if there is none yet.
pub(super) fn refuse_existing(asked: &Asked) -> Result<(), StorageError> {
    let only_new = text(&asked.headers, "if-none-match") == Some("*");
    if only_new && asked.storage.blobs.read(&asked.name)?.is_some() { Err(error::EXISTS) } else { Ok(()) }
}

/// What is to be kept of a request's headers.
pub(super) fn about(headers: &HeaderMap) -> About {
    let mut about = About::block(text(headers, "x-ms-blob-content-type").or_else(|| text(headers, "content-type")));
    let metadata = headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().strip_prefix("x-ms-meta-")?.into(), value.to_str().ok()?.into()))
    });
    about.metadata = metadata.collect();
    about
}

pub(super) fn created() -> Response {
    let now = SystemTime::now();
    let headers = [
        ("etag", super::get::etag(now, 0)),
        ("last-modified", httpdate::fmt_http_date(now)),
        ("x-ms-request-server-encrypted", "true".into()),
    ];
    (StatusCode::CREATED, headers).into_response()
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
