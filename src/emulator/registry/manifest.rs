//! `/v2/<name>/manifests/<reference>`.

use super::{
    answer::{self, Headers as _},
    call::Call,
    refusal::Refusal,
};
use crate::{
    Limits, ReferenceTarget, RepositoryName, Tag,
    emulator::{
        access::Action,
        random,
        store::{StoreError, change::Subject},
    },
};
use alloc::{format, string::ToString as _, vec::Vec};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use bytes::Bytes;

pub(super) async fn answer(
    call: &Call,
    body: Body,
    name: &RepositoryName,
    target: &ReferenceTarget,
) -> Result<Response, Refusal> {
    match *call.method() {
        Method::GET | Method::HEAD => get(call, name, target).await,
        Method::PUT => put(call, body, name, target).await,
        Method::DELETE => delete(call, name, target).await,
        _ => Err(Refusal::unsupported()),
    }
}

async fn get(call: &Call, name: &RepositoryName, target: &ReferenceTarget) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Pull])?;
    let unknown = |error| match error {
        StoreError::ManifestUnknown | StoreError::NameUnknown => Refusal::manifest_unknown(target.as_str()),
        error => error.into(),
    };
    let store = call.store();
    let found = store.manifest(name, target).map_err(unknown)?;
    let tag = target.tag().map(|tag| Subject::Tag(tag.clone()));
    let subjects = [Subject::Repository, Subject::Manifest(found.digest.clone())].into_iter().chain(tag);
    for subject in subjects {
        if !store.attributes(name, &subject).read_enabled {
            return Err(Refusal::locked());
        }
    }
    let body = match *call.method() {
        Method::HEAD => Bytes::new(),
        _ => store.manifest_bytes(&found.digest).await.map_err(unknown)?,
    };
    let digest = found.digest.as_str();
    Ok(Response::new(Body::from(body))
        .with("content-type", &found.facts.media_type)
        .with("content-length", &found.facts.size.to_string())
        .with("docker-content-digest", digest)
        .with("etag", &format!("\"{digest}\"")))
}

async fn put(call: &Call, body: Body, name: &RepositoryName, target: &ReferenceTarget) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Push])?;
    let tags = tags(call, target)?;
    let body = read(call, body).await?;
    let media_type = call.header(header::CONTENT_TYPE);
    let put = call.store().put_manifest(name, target.digest(), &tags, media_type, body).await?;
    let mut response = answer::empty(StatusCode::CREATED)
        .with("location", &format!("/v2/{name}/manifests/{}", put.digest))
        .with("docker-content-digest", put.digest.as_str());
    if let Some(subject) = put.subject {
        response.set("oci-subject", subject.as_str());
    }
    if target.digest().is_some() {
        for tag in &tags {
            if let Ok(value) = HeaderValue::from_str(tag.as_str()) {
                response.headers_mut().append("oci-tag", value);
            }
        }
    }
    Ok(response)
}

/// The tag in the path, or those in the query beside a digest (end-7b of the specification's next version).
fn tags(call: &Call, target: &ReferenceTarget) -> Result<Vec<Tag>, Refusal> {
    if let Some(tag) = target.tag() {
        return Ok([tag.clone()].into());
    }
    let asked = call.queries("tag").into_iter();
    asked.map(|text| text.parse().map_err(|_| Refusal::tag_invalid())).collect()
}

async fn read(call: &Call, body: Body) -> Result<Bytes, Refusal> {
    let limit = Limits::DEFAULT.manifest;
    let declared = call.header(header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(StoreError::ManifestTooLarge.into());
    }
    // One byte more tells a body that is too large from one that broke off.
    match to_bytes(body, limit + 1).await {
        Ok(body) if body.len() <= limit => Ok(body),
        _ => Err(StoreError::ManifestTooLarge.into()),
    }
}

async fn delete(call: &Call, name: &RepositoryName, target: &ReferenceTarget) -> Result<Response, Refusal> {
    call.require_in(name, &[Action::Delete])?;
    // By tag it would be unclear what goes: the tag, or what it names.
    let digest = target.digest().ok_or_else(Refusal::unsupported)?;
    call.store().delete_manifest(name, digest).await.map_err(|error| match error {
        StoreError::ManifestUnknown => Refusal::manifest_unknown(digest.as_str()),
        error => error.into(),
    })?;
    Ok(deleted(call))
}

/// 202, with the numbers that ACR gives deletions.
pub(super) fn deleted(call: &Call) -> Response {
    let client = call.header(header::HeaderName::from_static("x-ms-client-request-id")).unwrap_or_default();
    answer::empty(StatusCode::ACCEPTED)
        .with("x-ms-request-id", &random::uuid().unwrap_or_default())
        .with("x-ms-client-request-id", client)
}
