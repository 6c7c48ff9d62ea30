//! Storage's errors: XML, and the code in a header as well.

use super::signature::Closed;
use crate::emulator::{clock::Instant, random};
use alloc::{format, string::String};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::io;

/// An error as storage says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StorageError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

const fn error(status: StatusCode, code: &'static str, message: &'static str) -> StorageError {
    StorageError { status, code, message }
}

pub(super) const NOT_FOUND: StorageError =
    error(StatusCode::NOT_FOUND, "BlobNotFound", "The specified blob does not exist.");
pub(super) const EXISTS: StorageError =
    error(StatusCode::CONFLICT, "BlobAlreadyExists", "The specified blob already exists.");
pub(super) const FORGED: StorageError = error(
    StatusCode::FORBIDDEN,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
);
pub(super) const FORBIDDEN: StorageError = error(
    StatusCode::FORBIDDEN,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
);
/// What ACR's documentation shows of a client that sends its registry token along.
pub(super) const WITH_AUTHORIZATION: StorageError = error(
    StatusCode::BAD_REQUEST,
    "InvalidAuthenticationInfo",
    "Authentication information is not given in the correct format. Check the value of Authorization header.",
);
pub(super) const INVALID_RANGE: StorageError = error(
    StatusCode::RANGE_NOT_SATISFIABLE,
    "InvalidRange",
    "The range specified is invalid for the current size of the resource.",
);
pub(super) const TOO_LARGE: StorageError = error(
    StatusCode::PAYLOAD_TOO_LARGE,
    "RequestBodyTooLarge",
    "The request body is too large and exceeds the maximum permissible limit.",
);
pub(super) const NO_TYPE: StorageError = error(
    StatusCode::BAD_REQUEST,
    "MissingRequiredHeader",
    "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.",
);
pub(super) const OTHER_TYPE: StorageError =
    error(StatusCode::BAD_REQUEST, "InvalidHeaderValue", "Only block blobs can be put here.");
pub(super) const BAD_BLOCK: StorageError = error(
    StatusCode::BAD_REQUEST,
    "InvalidQueryParameterValue",
    "Value for one of the query parameters specified in the request URI is invalid: blockid.",
);
pub(super) const BAD_LIST: StorageError =
    error(StatusCode::BAD_REQUEST, "InvalidBlockList", "The specified block list is invalid.");
pub(super) const UNSUPPORTED: StorageError =
    error(StatusCode::BAD_REQUEST, "UnsupportedOperation", "This emulator does not know this operation.");
pub(super) const BROKEN: StorageError = error(
    StatusCode::INTERNAL_SERVER_ERROR,
    "InternalError",
    "The server encountered an internal error. Please retry the request.",
);

impl From<Closed> for StorageError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Forged => FORGED,
            Closed::Forbidden => FORBIDDEN,
        }
    }
}

impl From<io::Error> for StorageError {
    fn from(_: io::Error) -> Self {
        BROKEN
    }
}

impl IntoResponse for StorageError {
    fn into_response(self) -> Response {
        let request = random::uuid().unwrap_or_default();
        let Self { status, code, message } = self;
        let time = Instant::now().rfc3339();
        let body = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:{request}\nTime:{time}</Message></Error>"
        );
        let headers = [
            ("content-type", String::from("application/xml")),
            ("x-ms-error-code", code.into()),
            ("x-ms-request-id", request),
        ];
        (status, headers, body).into_response()
    }
}
