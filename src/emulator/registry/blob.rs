//! `/v2/<name>/blobs/<digest>`.

use super::{
    answer::{self, Headers as _},
    call::Call,
    manifest::deleted,
    range, redirect,
    refusal::Refusal,
};
use crate::{
    Digest, RepositoryName,
    emulator::{
        access::Action,
        store::{StoreError, change::Subject},
    },
};
use axum::{
    http::{Method, StatusCode, header},
    response::Response,
};

pub(super) async fn answer(call: &Call, name: &RepositoryName, digest: &Digest) -> Result<Response, Refusal> {
    match *call.method() {
        Method::GET | Method::HEAD => get(call, name, digest),
        Method::DELETE => delete(call, name, digest).await,
        _ => Err(Refusal::unsupported()),
    }
}

/// GET leads to the data endpoint of the region that answers.
fn get(call: &Call, name: &RepositoryName, digest: &Digest) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Pull])?;
    let size = call.store().blob(name, digest).map_err(|_| Refusal::blob_unknown(digest))?;
    if !call.store().attributes(name, &Subject::Repository).read_enabled {
        return Err(Refusal::locked());
    }
    if *call.method() == Method::HEAD {
        return Ok(range::whole_head(size, digest));
    }
    if call.region().data_endpoint.is_empty() {
        let wanted = range::Wanted::of(|name| call.header(name), size, digest);
        return Ok(range::respond(call.store(), digest, size, wanted)?);
    }
    let asked = call.header(header::HOST).unwrap_or_default();
    let location = redirect::location(call.site(), call.region(), call.scheme(), asked, digest);
    Ok(answer::empty(StatusCode::TEMPORARY_REDIRECT)
        .with("location", &location)
        .with("docker-content-digest", digest.as_str()))
}

async fn delete(call: &Call, name: &RepositoryName, digest: &Digest) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Delete])?;
    call.store().delete_blob(name, digest).await.map_err(|error| match error {
        StoreError::BlobUnknown => Refusal::blob_unknown(digest),
        error => error.into(),
    })?;
    Ok(deleted(call).with("docker-content-digest", digest.as_str()))
}
