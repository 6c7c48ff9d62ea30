//! `GET /v2/`: is this a registry, and am I known to it?

use super::{answer, call::Call, refusal::Refusal};
use crate::emulator::access::Need;
use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

pub(super) fn answer(call: &Call) -> Result<Response, Refusal> {
    if !matches!(*call.method(), Method::GET | Method::HEAD) {
        return Err(Refusal::unsupported());
    }
    call.require(&[Need::Known])?;
    Ok(answer::json(StatusCode::OK, &json!({})))
}
