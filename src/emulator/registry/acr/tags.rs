//! `/acr/v1/<name>/_tags`: tags and what is known of them.

use super::{attributes, document, patch};
use crate::{
    Digest, RepositoryName, Tag,
    emulator::{
        access::Action,
        registry::{answer, call::Call, manifest::deleted, paging, refusal::Refusal},
        store::{
            StoreError,
            change::{Subject, TagFacts},
        },
    },
};
use alloc::vec::Vec;
use axum::{
    body::Body,
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

pub(in super::super) fn list(call: &Call, name: &RepositoryName) -> Result<Response, Refusal> {
    if *call.method() != Method::GET {
        return Err(Refusal::unsupported());
    }
    call.require_in(name, &[Action::MetadataRead])?;
    let wanted = paging::wanted(call)?;
    let digest = call.query("digest").map(|text| text.parse::<Digest>().map_err(|_| Refusal::digest_invalid()));
    let page = call.store().tags(name, &wanted, digest.transpose()?.as_ref());
    let page = page.map_err(|_| Refusal::name_unknown(name.as_str()))?;
    let tags: Vec<Value> = page.items.iter().map(|(tag, facts)| entry(call, name, tag, facts)).collect();
    let last = page.items.last().filter(|_| page.more).map(|(tag, _)| tag.as_str());
    let response = answer::json(StatusCode::OK, &document(call, name.as_str(), "tags", tags.into()));
    Ok(paging::link(response, call, &wanted, last))
}

pub(in super::super) async fn answer(
    call: &Call,
    body: Body,
    name: &RepositoryName,
    tag: &Tag,
) -> Result<Response, Refusal> {
    match *call.method() {
        Method::GET => {
            call.require_in(name, &[Action::MetadataRead])?;
            show(call, name, tag)
        }
        Method::PATCH => {
            call.require_in(name, &[Action::MetadataWrite])?;
            let patch = patch(body).await?;
            call.store().set_attributes(name, Subject::Tag(tag.clone()), patch).await.map_err(unknown)?;
            show(call, name, tag)
        }
        Method::DELETE => {
            call.require_in(name, &[Action::Delete])?;
            call.store().delete_tag(name, tag).await.map_err(unknown)?;
            Ok(deleted(call))
        }
        _ => Err(Refusal::unsupported()),
    }
}

fn show(call: &Call, name: &RepositoryName, tag: &Tag) -> Result<Response, Refusal> {
    let facts = call.store().tag(name, tag).map_err(unknown)?;
    let entry = entry(call, name, tag, &facts);
    Ok(answer::json(StatusCode::OK, &document(call, name.as_str(), "tag", entry)))
}

fn entry(call: &Call, name: &RepositoryName, tag: &Tag, facts: &TagFacts) -> Value {
    json!({
        "name": tag,
        "digest": facts.digest,
        "createdTime": facts.created.rfc3339(),
        "lastUpdateTime": facts.updated.rfc3339(),
        "signed": false,
        "changeableAttributes": attributes(call.store().attributes(name, &Subject::Tag(tag.clone()))),
    })
}

fn unknown(error: StoreError) -> Refusal {
    match error {
        StoreError::ManifestUnknown | StoreError::NameUnknown => Refusal::tag_unknown(),
        error => error.into(),
    }
}
