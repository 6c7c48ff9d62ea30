//! `GET /v2/_catalog` and `GET /acr/v1/_catalog`.

use super::{answer, call::Call, paging, refusal::Refusal};
use crate::{RepositoryName, emulator::access::Need};
use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

pub(super) fn answer(call: &Call) -> Result<Response, Refusal> {
    if *call.method() != Method::GET {
        return Err(Refusal::unsupported());
    }
    call.require(&[Need::Catalog])?;
    let wanted = paging::wanted(call)?;
    let page = call.store().repositories(&wanted);
    let last = page.items.last().filter(|_| page.more).map(RepositoryName::as_str);
    let response = answer::json(StatusCode::OK, &json!({ "repositories": page.items }));
    Ok(paging::link(response, call, &wanted, last))
}
