//! `GET /v2/<name>/referrers/<digest>`, and the older form of it.

use super::{
    answer::{self, Headers as _},
    call::Call,
    paging,
    refusal::Refusal,
};
use crate::{
    Digest, MediaType, RepositoryName,
    emulator::store::{FoundManifest, Page, Wanted},
};
use alloc::vec::Vec;
use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

/// An image index of all that refers to the digest; an empty one where nothing does.
pub(super) fn answer(call: &Call, name: &RepositoryName, subject: &Digest) -> Result<Response, Refusal> {
    let (wanted, page) = find(call, name, subject)?;
    let manifests: Vec<Value> = page.items.iter().map(descriptor).collect();
    let index = json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_INDEX, "manifests": manifests });
    let mut response = answer::json(StatusCode::OK, &index).with("content-type", MediaType::OCI_INDEX.as_str());
    if call.query("artifactType").is_some() {
        response.set("oci-filters-applied", "artifactType");
    }
    Ok(paging::link(response, call, &wanted, last(&page)))
}

/// The same by the draft that went before (ORAS artifacts).
pub(super) fn answer_oras(call: &Call, name: &RepositoryName, subject: &Digest) -> Result<Response, Refusal> {
    let (wanted, page) = find(call, name, subject)?;
    let referrers: Vec<Value> = page.items.iter().map(descriptor).collect();
    let response = answer::json(StatusCode::OK, &json!({ "referrers": referrers }));
    Ok(paging::link(response.with("oras-api-version", "oras/1.0"), call, &wanted, last(&page)))
}

fn find(call: &Call, name: &RepositoryName, subject: &Digest) -> Result<(Wanted, Page<FoundManifest>), Refusal> {
    if *call.method() != Method::GET {
        return Err(Refusal::unsupported());
    }
    call.require_lists(name)?;
    let wanted = paging::wanted(call)?;
    let artifact_type = call.query("artifactType");
    let page = call.store().referrers(name, subject, artifact_type.as_deref(), &wanted);
    Ok((wanted, page))
}

fn last(page: &Page<FoundManifest>) -> Option<&str> {
    page.items.last().filter(|_| page.more).map(|found| found.digest.as_str())
}

fn descriptor(found: &FoundManifest) -> Value {
    let facts = &found.facts;
    let mut descriptor = json!({ "mediaType": facts.media_type, "digest": found.digest, "size": facts.size });
    if let Some(artifact_type) = &facts.artifact_type {
        descriptor["artifactType"] = json!(artifact_type);
    }
    if !facts.annotations.is_empty() {
        descriptor["annotations"] = json!(facts.annotations);
    }
    descriptor
}
