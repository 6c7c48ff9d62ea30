//! `/v2/<name>/blobs/uploads/<number>`: an upload under way.

use super::{
    answer::{self, Headers as _},
    call::Call,
    refusal::Refusal,
};
use crate::{Digest, RepositoryName, emulator::access::Action, emulator::store::StoreError};
use alloc::{format, string::String};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

pub(super) async fn answer(call: &Call, body: Body, name: &RepositoryName, id: &str) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Push])?;
    // Clients use the address as they were given it, query and all. Who makes one up learns it here.
    if call.query("_state").is_none_or(|given| given != state(name, id)) {
        return Err(StoreError::UploadUnknown.into());
    }
    match *call.method() {
        Method::GET => status(call, name, id).await,
        Method::PATCH => patch(call, body, name, id).await,
        Method::PUT => put(call, body, name, id).await,
        Method::DELETE => {
            call.store().cancel_upload(name, id).await?;
            Ok(answer::empty(StatusCode::NO_CONTENT).with("docker-upload-uuid", id))
        }
        _ => Err(Refusal::unsupported()),
    }
}

async fn status(call: &Call, name: &RepositoryName, id: &str) -> Result<Response, Refusal> {
    let position = call.store().upload_position(name, id).await?;
    Ok(progress(answer::empty(StatusCode::NO_CONTENT), name, id, position))
}

async fn patch(call: &Call, body: Body, name: &RepositoryName, id: &str) -> Result<Response, Refusal> {
    let at = chunk_start(call)?;
    let written = call.store().write_upload(name, id, at, body.into_data_stream()).await;
    let position = written.map_err(|error| Refusal::of_upload(error, &location(name, id)))?;
    Ok(accepted(name, id, position))
}

async fn put(call: &Call, body: Body, name: &RepositoryName, id: &str) -> Result<Response, Refusal> {
    let digest = call.query("digest").ok_or_else(Refusal::digest_invalid)?;
    let digest: Digest = digest.parse().map_err(|_| Refusal::digest_invalid())?;
    let at = chunk_start(call)?;
    let store = call.store();
    let written = store.write_upload(name, id, at, body.into_data_stream()).await;
    written.map_err(|error| Refusal::of_upload(error, &location(name, id)))?;
    store.finish_upload(name, id, &digest).await?;
    Ok(created(name, &digest))
}

/// Where the chunk begins, if it says so; it must be as long as it says.
fn chunk_start(call: &Call) -> Result<Option<u64>, Refusal> {
    let Some(text) = call.header(header::CONTENT_RANGE) else { return Ok(None) };
    let (first, last) = chunk_range(text).ok_or_else(Refusal::range_invalid)?;
    let length = call.header(header::CONTENT_LENGTH).map(|text| text.parse::<u64>().ok());
    match length {
        Some(length) if length != Some(last - first + 1) => Err(Refusal::size_invalid()),
        _ => Ok(Some(first)),
    }
}

/// `0-9`; some write `bytes 0-9/10`.
fn chunk_range(text: &str) -> Option<(u64, u64)> {
    let text = text.trim();
    let text = text.strip_prefix("bytes").map_or(text, |rest| rest.trim_start_matches([' ', '=']));
    let (first, last) = text.split('/').next()?.split_once('-')?;
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse::<u64>().ok()?);
    (first <= last && last < u64::MAX).then_some((first, last))
}

/// 202: more may come.
pub(super) fn accepted(name: &RepositoryName, id: &str, position: u64) -> Response {
    progress(answer::empty(StatusCode::ACCEPTED), name, id, position)
}

fn progress(response: Response, name: &RepositoryName, id: &str, position: u64) -> Response {
    response
        .with("location", &location(name, id))
        .with("range", &answer::range(position))
        .with("docker-upload-uuid", id)
}

/// 201: the blob is there.
pub(super) fn created(name: &RepositoryName, digest: &Digest) -> Response {
    answer::empty(StatusCode::CREATED)
        .with("location", &format!("/v2/{name}/blobs/{digest}"))
        .with("docker-content-digest", digest.as_str())
}

fn location(name: &RepositoryName, id: &str) -> String {
    format!("/v2/{name}/blobs/uploads/{id}?_nouploadcache=false&_state={}", state(name, id))
}

/// No secret, and the same after a restart: it tells clients that keep the query from those that lose it.
fn state(name: &RepositoryName, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(Digest::sha256(format!("{name}\n{id}").as_bytes()).encoded())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_say_where_they_begin() {
        assert_eq!(chunk_range("0-9"), Some((0, 9)));
        assert_eq!(chunk_range(" 10 - 10 "), Some((10, 10)));
        assert_eq!(chunk_range("bytes 5-9/10"), Some((5, 9)));
        for text in ["", "9", "9-0", "a-b", "-9", "0-", "0-18446744073709551615"] {
            assert_eq!(chunk_range(text), None, "{text}");
        }
    }
}
