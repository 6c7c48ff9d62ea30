//! `/acr/v1/<name>/_manifests`: manifests and what is known of them.

use super::{attributes, document, patch};
use crate::{
    Digest, RepositoryName,
    emulator::{
        access::Action,
        registry::{answer, call::Call, manifest::deleted, paging, refusal::Refusal},
        store::{
            ListedManifest, StoreError,
            change::{Child, Subject},
        },
    },
};
use alloc::vec::Vec;
use axum::{
    body::Body,
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Map, Value, json};

pub(in super::super) fn list(call: &Call, name: &RepositoryName) -> Result<Response, Refusal> {
    if *call.method() != Method::GET {
        return Err(Refusal::unsupported());
    }
    call.require_in(name, &[Action::MetadataRead])?;
    let wanted = paging::wanted(call)?;
    let page = call.store().manifests(name, &wanted).map_err(|_| Refusal::name_unknown(name.as_str()))?;
    let manifests: Vec<Value> = page.items.iter().map(|listed| entry(call, name, listed)).collect();
    let last = page.items.last().filter(|_| page.more).map(|listed| listed.found.digest.as_str());
    let response = answer::json(StatusCode::OK, &document(call, name.as_str(), "manifests", manifests.into()));
    Ok(paging::link(response, call, &wanted, last))
}

pub(in super::super) async fn answer(
    call: &Call,
    body: Body,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<Response, Refusal> {
    let unknown = |error| match error {
        StoreError::ManifestUnknown | StoreError::NameUnknown => Refusal::manifest_unknown(digest.as_str()),
        error => error.into(),
    };
    match *call.method() {
        Method::GET => {
            call.require_in(name, &[Action::MetadataRead])?;
        }
        Method::PATCH => {
            call.require_in(name, &[Action::MetadataWrite])?;
            let patch = patch(body).await?;
            let subject = Subject::Manifest(digest.clone());
            call.store().set_attributes(name, subject, patch).await.map_err(unknown)?;
        }
        Method::DELETE => {
            call.require_in(name, &[Action::Delete])?;
            call.store().delete_manifest(name, digest).await.map_err(unknown)?;
            return Ok(deleted(call));
        }
        _ => return Err(Refusal::unsupported()),
    }
    let listed = call.store().listed(name, digest).map_err(unknown)?;
    let entry = entry(call, name, &listed);
    Ok(answer::json(StatusCode::OK, &document(call, name.as_str(), "manifest", entry)))
}

fn entry(call: &Call, name: &RepositoryName, listed: &ListedManifest) -> Value {
    let (digest, facts) = (&listed.found.digest, &listed.found.facts);
    let mut entry = Map::new();
    let mut put = |key: &str, value: Value| entry.insert(key.into(), value);
    put("digest", json!(digest));
    put("imageSize", json!(facts.image_size));
    put("createdTime", json!(facts.created.rfc3339()));
    put("lastUpdateTime", json!(facts.updated.rfc3339()));
    if let Some(architecture) = &facts.architecture {
        put("architecture", json!(architecture));
    }
    if let Some(os) = &facts.os {
        put("os", json!(os));
    }
    put("mediaType", json!(facts.media_type));
    if let Some(media_type) = &facts.config_media_type {
        put("configMediaType", json!(media_type));
    }
    if !listed.tags.is_empty() {
        put("tags", json!(listed.tags));
    }
    let locks = call.store().attributes(name, &Subject::Manifest(digest.clone()));
    put("changeableAttributes", attributes(locks));
    if !facts.manifests.is_empty() {
        put("references", facts.manifests.iter().map(reference).collect());
    }
    entry.into()
}

fn reference(child: &Child) -> Value {
    let mut reference = json!({ "digest": child.digest });
    if let Some(architecture) = &child.architecture {
        reference["architecture"] = json!(architecture);
    }
    if let Some(os) = &child.os {
        reference["os"] = json!(os);
    }
    reference
}
