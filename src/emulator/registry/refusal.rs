//! How the registry says no.

use super::answer::{self, Headers as _};
use crate::{
    Digest,
    emulator::{
        access::{Action, Denial, Need},
        store::StoreError,
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};

/// One no.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    detail: Value,
    /// Headers that go with it.
    headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), detail: Value::Null, headers: Vec::new() }
    }

    fn detail(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The name of a repository that follows no grammar.
    pub(super) fn name_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "NAME_INVALID", "invalid repository name")
    }

    /// A digest that follows no grammar, or that nothing here has.
    pub(super) fn digest_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DIGEST_INVALID", "provided digest did not match uploaded content")
    }

    /// A tag that follows no grammar.
    pub(super) fn tag_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "TAG_INVALID", "manifest tag did not match URI")
    }

    /// A path that means nothing.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "404 page not found")
    }

    /// An endpoint that does not do this.
    pub(super) fn unsupported() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "The operation is unsupported.")
    }

    /// A body that is no JSON of the wanted form.
    pub(super) fn body_invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    /// A repository that is not there.
    pub(super) fn name_unknown(name: &str) -> Self {
        let message = format!("repository \"{name}\" is not found");
        Self::new(StatusCode::NOT_FOUND, "NAME_UNKNOWN", message).detail(json!({ "name": name }))
    }

    /// A manifest that is not there.
    pub(super) fn manifest_unknown(reference: &str) -> Self {
        let what = if reference.contains(':') { "manifest" } else { "manifest tagged by" };
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", format!("{what} \"{reference}\" is not found"))
    }

    /// A tag that is not there, as ACR's own API says it.
    pub(super) fn tag_unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "TAG_UNKNOWN", "the specified tag does not exist")
    }

    /// A blob that is not there.
    pub(super) fn blob_unknown(digest: &Digest) -> Self {
        let message = "blob unknown to registry";
        Self::new(StatusCode::NOT_FOUND, "BLOB_UNKNOWN", message).detail(json!({ "digest": digest }))
    }

    /// A length that does not fit the range.
    pub(super) fn size_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "SIZE_INVALID", "provided length did not match content length")
    }

    /// A range of an upload that can't be read.
    pub(super) fn range_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BLOB_UPLOAD_INVALID", "invalid content range")
    }

    /// A lock forbids it.
    pub(super) fn locked() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "REGISTRY_DISALLOWED_OPERATION", DISALLOWED)
    }

    /// No region can answer.
    pub(super) fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The registry is not available.")
            .header("retry-after", "5")
    }

    /// What the gate denied: 401 with a challenge at `realm` for what was needed, or 403.
    pub(super) fn denied(denial: Denial, needs: &[Need<'_>], realm: &str, service: &str) -> Self {
        if denial == Denial::Network {
            let message = "client with IP is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
            return Self::new(StatusCode::FORBIDDEN, "DENIED", message);
        }
        let mut challenge = format!("Bearer realm=\"{realm}\",service=\"{service}\"");
        let scope = needs.iter().filter_map(scope).collect::<Vec<_>>().join(" ");
        if !scope.is_empty() {
            challenge.push_str(&format!(",scope=\"{scope}\""));
        }
        match denial {
            Denial::Invalid => challenge.push_str(",error=\"invalid_token\""),
            Denial::Scope => challenge.push_str(",error=\"insufficient_scope\""),
            Denial::Nothing | Denial::Network => {}
        }
        let message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message)
            .detail(detail(needs))
            .header("www-authenticate", challenge)
    }

    /// A store's no about `what`.
    pub(super) fn of_upload(error: StoreError, location: &str) -> Self {
        match error {
            StoreError::OutOfOrder(position) => {
                Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_INVALID", "blob upload invalid")
                    .header("location", location)
                    .header("range", answer::range(position))
            }
            StoreError::BrokenOff(_) => {
                Self::new(StatusCode::BAD_REQUEST, "BLOB_UPLOAD_INVALID", "blob upload broke off")
            }
            error => error.into(),
        }
    }

    /// The answer.
    pub(super) fn into_response(self) -> Response {
        let body = json!({ "errors": [{ "code": self.code, "message": self.message, "detail": self.detail }] });
        let mut response = answer::json(self.status, &body);
        for (name, value) in self.headers {
            response.set(name, &value);
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response.set(header::ALLOW.as_str(), "GET, HEAD");
        }
        response
    }
}

const DISALLOWED: &str = "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation";

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        let (status, code) = match error {
            StoreError::NameUnknown => (StatusCode::NOT_FOUND, "NAME_UNKNOWN"),
            StoreError::BlobUnknown => (StatusCode::NOT_FOUND, "BLOB_UNKNOWN"),
            StoreError::BlobNeeded => (StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
            StoreError::ManifestUnknown => (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN"),
            StoreError::ManifestBlobUnknown(digest) => {
                return Self::new(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN", message)
                    .detail(json!({ "digest": digest }));
            }
            StoreError::ManifestInvalid(_) => (StatusCode::BAD_REQUEST, "MANIFEST_INVALID"),
            StoreError::ManifestTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID"),
            StoreError::DigestInvalid => return Self::digest_invalid(),
            StoreError::UploadUnknown => (StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN"),
            StoreError::OutOfOrder(_) | StoreError::BrokenOff(_) => (StatusCode::BAD_REQUEST, "BLOB_UPLOAD_INVALID"),
            StoreError::Locked => return Self::locked(),
            StoreError::Io(_) => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
        };
        Self::new(status, code, message)
    }
}

/// What a token would have to be for.
fn scope(need: &Need<'_>) -> Option<String> {
    match need {
        Need::Known => None,
        Need::Catalog => Some("registry:catalog:*".into()),
        Need::Repository(name, actions) => {
            let mut words: Vec<&str> = Vec::new();
            // Who pushes asks what is there as well.
            if actions.contains(&Action::Push) && !actions.contains(&Action::Pull) {
                words.push("pull");
            }
            words.extend(actions.iter().map(|action| action.name()));
            Some(format!("repository:{name}:{}", words.join(",")))
        }
    }
}

/// The last need is the request's own.
fn detail(needs: &[Need<'_>]) -> Value {
    let entry = |kind: &str, name: &str, action: &str| json!({ "Type": kind, "Name": name, "Action": action });
    let entries: Vec<Value> = needs
        .iter()
        .flat_map(|need| match need {
            Need::Known => Vec::new(),
            Need::Catalog => [entry("registry", "catalog", "*")].into(),
            Need::Repository(name, actions) => {
                actions.iter().map(|action| entry("repository", name, action.name())).collect()
            }
        })
        .collect();
    if entries.is_empty() { Value::Null } else { Value::Array(entries) }
}
