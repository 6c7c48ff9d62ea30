//! Pages of lists: `n`, `last`, `orderby`, and the `Link` to the next one.

use super::{answer::Headers as _, call::Call, refusal::Refusal};
use crate::{
    emulator::store::{OrderBy, Wanted},
    http::query_value,
};
use alloc::format;
use axum::{http::StatusCode, response::Response};

/// Items of a page where the request says nothing.
const DEFAULT: usize = 100;
/// Items that no page has more of.
const MOST: usize = 1000;

/// Which page a request wants.
pub(super) fn wanted(call: &Call) -> Result<Wanted, Refusal> {
    let limit = match call.query("n") {
        None => DEFAULT,
        Some(text) => text.parse::<usize>().map_err(|_| number_invalid())?.min(MOST),
    };
    let order = match call.query("orderby").as_deref() {
        Some("timedesc") => OrderBy::Newest,
        Some("timeasc") => OrderBy::Oldest,
        _ => OrderBy::Name,
    };
    Ok(Wanted { last: call.query("last"), limit, order })
}

/// Adds the link to the page after `last`.
pub(super) fn link(response: Response, call: &Call, wanted: &Wanted, last: Option<&str>) -> Response {
    let Some(last) = last else { return response };
    let order = match wanted.order {
        OrderBy::Name => "",
        OrderBy::Oldest => "timeasc",
        OrderBy::Newest => "timedesc",
    };
    let (path, last, limit) = (call.path(), query_value(last), wanted.limit);
    let mut address = format!("{path}?last={last}&n={limit}&orderby={order}");
    for key in ["artifactType", "digest"] {
        if let Some(value) = call.query(key) {
            address.push_str(&format!("&{key}={}", query_value(&value)));
        }
    }
    response.with("link", &format!("<{address}>; rel=\"next\""))
}

fn number_invalid() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID", "invalid number of results requested")
}
