//! Get Blob and Get Blob Properties.

use super::Asked;
use crate::emulator::storage::{
    blobs::Opened,
    error::{self, StorageError},
    range,
};
use alloc::{format, string::String, vec};
use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use core::ops::Range;
use futures_util::stream;
use std::{
    io::{self, SeekFrom},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

/// Bytes read at a time.
const PIECE: u64 = 64 << 10;

pub(super) async fn head(asked: &Asked) -> Result<Response, StorageError> {
    let opened = asked.storage.blobs.read(&asked.name)?.ok_or(error::NOT_FOUND)?;
    let mut answer = described(&opened, StatusCode::OK);
    answer.headers_mut().insert(header::CONTENT_LENGTH, opened.size.into());
    Ok(answer)
}

pub(super) async fn get(asked: &Asked) -> Result<Response, StorageError> {
    let opened = asked.storage.blobs.read(&asked.name)?.ok_or(error::NOT_FOUND)?;
    let size = opened.size;
    let (status, part) = match range::asked(&asked.headers, size) {
        range::Asked::Whole => (StatusCode::OK, 0..size),
        range::Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        range::Asked::Outside => return Err(error::INVALID_RANGE),
    };
    let mut answer = described(&opened, status);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LENGTH, (part.end - part.start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        insert(headers, header::CONTENT_RANGE, format!("bytes {}-{}/{size}", part.start, part.end - 1));
    }
    *answer.body_mut() = body(opened.file.into(), part).await?;
    Ok(answer)
}

/// An answer that says all about a blob but its bytes.
fn described(opened: &Opened, status: StatusCode) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let about = &opened.about;
    insert(headers, header::CONTENT_TYPE, about.content_type.clone());
    insert(headers, header::ETAG, etag(opened.modified, opened.size));
    insert(headers, header::LAST_MODIFIED, httpdate::fmt_http_date(opened.modified));
    insert(headers, header::ACCEPT_RANGES, "bytes".into());
    insert(headers, HeaderName::from_static("x-ms-blob-type"), about.kind.as_str().into());
    insert(headers, HeaderName::from_static("x-ms-lease-status"), "unlocked".into());
    insert(headers, HeaderName::from_static("x-ms-lease-state"), "available".into());
    insert(headers, HeaderName::from_static("x-ms-server-encrypted"), "true".into());
    for (key, value) in &about.metadata {
        if let Ok(name) = HeaderName::try_from(format!("x-ms-meta-{key}")) {
            insert(headers, name, value.clone());
        }
    }
    answer
}

fn insert(headers: &mut axum::http::HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

pub(super) fn etag(modified: SystemTime, size: u64) -> String {
    let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("\"0x{:X}\"", since.as_nanos().wrapping_add(u128::from(size)))
}

/// The bytes of a part of a file, read as they are wanted.
async fn body(mut file: File, part: Range<u64>) -> io::Result<Body> {
    file.seek(SeekFrom::Start(part.start)).await?;
    let left = part.end - part.start;
    Ok(Body::from_stream(stream::try_unfold((file, left), |(mut file, left)| async move {
        if left == 0 {
            return Ok::<_, io::Error>(None);
        }
        let mut piece = vec![0; usize::try_from(left.min(PIECE)).unwrap_or_default()];
        file.read_exact(&mut piece).await?;
        let left = left - piece.len() as u64;
        Ok(Some((Bytes::from(piece), (file, left))))
    })))
}
