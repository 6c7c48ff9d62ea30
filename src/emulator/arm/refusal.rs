//! Why not, in ARM's words.

use super::{Answer, Cloud};
use crate::emulator::cloud::Identity;
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::io;

/// An error of ARM.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    code: String,
    message: String,
    challenge: Option<String>,
    /// When to ask again, in seconds.
    again: Option<u64>,
}

impl Refusal {
    /// An error.
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), challenge: None, again: None }
    }

    /// With the time, in seconds, after which to ask again.
    pub(super) fn after(self, seconds: u64) -> Self {
        Self { again: Some(seconds), ..self }
    }

    /// 400.
    pub(crate) fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// A resource of a registry provider's kind that is not there.
    pub(crate) fn no_resource(kind: &str, name: &str, group: &str) -> Self {
        let message = format!(
            "The Resource 'Microsoft.ContainerRegistry/{kind}/{name}' under resource group '{group}' was not found. \
             For more details please go to https://aka.ms/ARMResourceNotFoundFix"
        );
        Self::new(404, "ResourceNotFound", message)
    }

    /// Somebody that may not.
    pub(super) fn forbidden(identity: &Identity, action: &str, scope: &str) -> Self {
        let message = format!(
            "The client '{}' with object id '{}' does not have authorization to perform action '{action}' over scope \
             '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
            identity.signature, identity.object_id
        );
        Self::new(403, "AuthorizationFailed", message)
    }

    /// Nobody that we know.
    pub(super) fn unauthenticated(cloud: &Cloud, code: &str, message: &str) -> Self {
        let tenant = cloud.state.read(|document| document.tenant.clone());
        let challenge = format!(
            "Bearer authorization_uri=\"{}/{tenant}\", error=\"invalid_token\", error_description=\"{message}\"",
            cloud.authority()
        );
        Self { challenge: Some(challenge), ..Self::new(401, code, message) }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::new(500, "InternalServerError", format!("The emulator failed: {error}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let answer = Answer::new(self.status, json!({ "error": { "code": self.code, "message": self.message } }));
        let fields = [
            self.challenge.map(|challenge| ("www-authenticate", challenge)),
            self.again.map(|seconds| ("retry-after", seconds.to_string())),
        ];
        let answer = fields.into_iter().flatten().fold(answer, |answer, (name, value)| answer.header(name, value));
        answer.header("x-ms-failure-cause", "gateway").into_response()
    }
}

impl From<crate::emulator::refused::Refused> for Refusal {
    fn from(refused: crate::emulator::refused::Refused) -> Self {
        Self::new(refused.status, refused.code, refused.message)
    }
}
