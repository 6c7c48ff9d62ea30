//! `GET /v2/<name>/tags/list`.

use super::{answer, call::Call, paging, refusal::Refusal};
use crate::{RepositoryName, Tag};
use alloc::vec::Vec;
use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

pub(super) fn answer(call: &Call, name: &RepositoryName) -> Result<Response, Refusal> {
    if *call.method() != Method::GET {
        return Err(Refusal::unsupported());
    }
    call.require_lists(name)?;
    let wanted = paging::wanted(call)?;
    let page = call.store().tags(name, &wanted, None).map_err(|_| Refusal::name_unknown(name.as_str()))?;
    let tags: Vec<&Tag> = page.items.iter().map(|(tag, _)| tag).collect();
    let last = tags.last().filter(|_| page.more).map(|tag| tag.as_str());
    let response = answer::json(StatusCode::OK, &json!({ "name": name, "tags": tags }));
    Ok(paging::link(response, call, &wanted, last))
}
