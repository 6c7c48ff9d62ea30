//! `/acr/v1/<name>`: a repository.

use super::{attributes, patch};
use crate::{
    RepositoryName,
    emulator::{
        access::Action,
        registry::{answer, call::Call, refusal::Refusal},
        store::{StoreError, change::Subject},
    },
};
use axum::{
    body::Body,
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

pub(in super::super) async fn answer(call: &Call, body: Body, name: &RepositoryName) -> Result<Response, Refusal> {
    match *call.method() {
        Method::GET => {
            call.require_in(name, &[Action::MetadataRead])?;
            show(call, name)
        }
        Method::PATCH => {
            call.require_in(name, &[Action::MetadataWrite])?;
            let patch = patch(body).await?;
            let changed = call.store().set_attributes(name, Subject::Repository, patch).await;
            changed.map_err(|error| unknown(error, name))?;
            show(call, name)
        }
        Method::DELETE => {
            call.require_in(name, &[Action::Delete])?;
            let deleted = call.store().delete_repository(name).await;
            let (manifests, tags) = deleted.map_err(|error| unknown(error, name))?;
            Ok(answer::json(StatusCode::ACCEPTED, &json!({ "manifestsDeleted": manifests, "tagsDeleted": tags })))
        }
        _ => Err(Refusal::unsupported()),
    }
}

fn show(call: &Call, name: &RepositoryName) -> Result<Response, Refusal> {
    let facts = call.store().repository(name).map_err(|error| unknown(error, name))?;
    let document = json!({
        "registry": call.site().login_server(),
        "imageName": name,
        "createdTime": facts.created.rfc3339(),
        "lastUpdateTime": facts.updated.rfc3339(),
        "manifestCount": facts.manifests,
        "tagCount": facts.tags,
        "changeableAttributes": attributes(facts.attributes),
    });
    Ok(answer::json(StatusCode::OK, &document))
}

fn unknown(error: StoreError, name: &RepositoryName) -> Refusal {
    match error {
        StoreError::NameUnknown => Refusal::name_unknown(name.as_str()),
        error => error.into(),
    }
}
