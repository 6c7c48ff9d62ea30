//! Who asks, what was asked, and why not.

use super::super::{Entra, claims::for_graph};
use crate::{
    Limits,
    emulator::{cloud::Identity, form::Fields, random, state::Document},
    json,
};
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::io;

/// A caller that we know.
pub(super) struct Caller {
    pub(super) identity: Identity,
    query: Fields,
}

impl FromRequestParts<Entra> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, entra: &Entra) -> Result<Self, Refusal> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let claims = token.and_then(|(_, token)| entra.cloud.verify(token.trim()));
        let claims = claims.filter(|claims| for_graph(&entra.cloud, claims));
        let identity =
            claims.and_then(|claims| entra.cloud.state.read(|document| Identity::of_claims(document, &claims)));
        let identity = identity.ok_or_else(|| {
            Refusal::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", "Access token is missing or invalid.")
        })?;
        Ok(Self { identity, query: Fields::parse(parts.uri.query().unwrap_or_default()) })
    }
}

impl Caller {
    /// What `$filter` asks for, if there is one.
    pub(super) fn filter(&self) -> Result<Option<Filter>, Refusal> {
        let Some(filter) = self.query.filled("$filter") else { return Ok(None) };
        let bad = || Refusal::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", "The filter is not understood.");
        Filter::read(filter).map(Some).ok_or_else(bad)
    }

    /// Whether the caller may change the directory: whoever may give roles may.
    pub(super) fn may_change(&self, document: &Document) -> Result<(), Refusal> {
        let assign = "Microsoft.Authorization/roleAssignments/write";
        if document.allows(&self.identity.object_id, assign, &document.subscription_id()) {
            return Ok(());
        }
        let message = "Insufficient privileges to complete the operation.";
        Err(Refusal::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message))
    }
}

/// `field eq 'value'`, `field/any(c:c eq 'value')` or `startswith(field,'value')`.
pub(super) struct Filter {
    /// Which field.
    pub(super) field: String,
    value: String,
    prefix: bool,
}

impl Filter {
    fn read(text: &str) -> Option<Self> {
        let (prefix, rest) = match text.strip_prefix("startswith(").or_else(|| text.strip_prefix("startsWith(")) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let field: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        let (_, value) = rest.split_once(if prefix { ",'" } else { " eq '" })?;
        let (value, _) = value.split_once('\'')?;
        Some(Self { field, value: value.to_string(), prefix })
    }

    /// Whether a field's value fits, in any case.
    pub(super) fn fits(&self, held: &str) -> bool {
        match self.prefix {
            true => held.get(..self.value.len()).is_some_and(|head| head.eq_ignore_ascii_case(&self.value)),
            false => held.eq_ignore_ascii_case(&self.value),
        }
    }
}

/// A body; none is an empty one.
pub(super) fn body(text: &str) -> Result<Value, Refusal> {
    if text.is_empty() {
        return Ok(json!({}));
    }
    let bad =
        |error| Refusal::new(StatusCode::BAD_REQUEST, "Request_BadRequest", format!("The body was invalid: {error}"));
    json::parse(text.as_bytes(), &Limits::DEFAULT).map_err(bad)
}

/// A list, whole.
pub(super) fn list(values: alloc::vec::Vec<Value>) -> Response {
    Json(json!({ "value": values })).into_response()
}

/// Why not, in Graph's words.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 404.
    pub(super) fn missing(id: &str) -> Self {
        let message =
            format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        Self::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", format!("The emulator failed: {error}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let id = random::uuid().unwrap_or_default();
        let inner = json!({ "request-id": id, "client-request-id": id });
        let error = json!({ "code": self.code, "message": self.message, "innerError": inner });
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}
