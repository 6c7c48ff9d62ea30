//! The registry's own words: `{"errors":[{"code","message","detail"}]}`.
//!
//! OCI distribution-spec v1.1, "Error Codes". Bodies that are not JSON are kept as text.

use crate::{http::Method, json, text::shown, text::shown_bytes};
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{fmt, time::Duration};

/// A code from the registry: an open set.
///
/// ```
/// use portolan::ErrorCode;
/// assert_eq!(ErrorCode::from("MANIFEST_UNKNOWN".to_owned()), ErrorCode::MANIFEST_UNKNOWN);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ErrorCode(Cow<'static, str>);

impl ErrorCode {
    /// The blob is not known to the registry.
    pub const BLOB_UNKNOWN: Self = Self(Cow::Borrowed("BLOB_UNKNOWN"));
    /// Access to the resource is denied.
    pub const DENIED: Self = Self(Cow::Borrowed("DENIED"));
    /// The manifest is not known to the registry.
    pub const MANIFEST_UNKNOWN: Self = Self(Cow::Borrowed("MANIFEST_UNKNOWN"));
    /// The repository is not known to the registry.
    pub const NAME_UNKNOWN: Self = Self(Cow::Borrowed("NAME_UNKNOWN"));
    /// Too many requests.
    pub const TOOMANYREQUESTS: Self = Self(Cow::Borrowed("TOOMANYREQUESTS"));
    /// Authentication is required.
    pub const UNAUTHORIZED: Self = Self(Cow::Borrowed("UNAUTHORIZED"));
    /// The operation is not supported.
    pub const UNSUPPORTED: Self = Self(Cow::Borrowed("UNSUPPORTED"));

    /// The code's text, safe to show.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One entry of the registry's error list, made safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The registry's code.
    pub code: ErrorCode,
    /// Its message; may be empty.
    pub message: String,
    /// Its detail as compact JSON or text; may be empty.
    pub detail: String,
}

/// An answer that says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What was asked.
    pub method: Method,
    /// Where, with unknown query keys left out.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// The registry's error list; empty if the body was none.
    pub errors: Vec<Diagnostic>,
    /// The body's text where it was no error list, cut and made safe to show.
    pub text: String,
    /// `Retry-After`, where the server gave one.
    pub retry_after: Option<Duration>,
}

/// Diagnostics kept of one answer; registries send one or two.
const MAX_DIAGNOSTICS: usize = 16;

impl ApiError {
    /// The first code, if the registry gave one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.errors.first().map(|e| &e.code)
    }

    /// Reads the body: an error list, `details`/`error_description` as some servers write, or text.
    pub(crate) fn read_body(&mut self, body: &[u8], limits: &crate::Limits) {
        let value = json::parse(body, limits).ok();
        if let Some(list) = value.as_ref().and_then(|v| v.get("errors")).and_then(|v| v.as_array()) {
            self.errors = list.iter().take(MAX_DIAGNOSTICS).map(|e| diagnostic(e, limits.error_text)).collect();
        }
        if self.errors.is_empty() {
            self.text = value
                .as_ref()
                .and_then(plain_message)
                .map_or_else(|| shown_bytes(body, limits.error_text), |text| shown(text, limits.error_text));
        }
    }
}

fn diagnostic(entry: &serde_json::Value, limit: usize) -> Diagnostic {
    let text = |key: &str| entry.get(key).and_then(|v| v.as_str()).unwrap_or_default();
    let detail = match entry.get("detail") {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => shown(text, limit),
        Some(value) => {
            let mut text = String::new();
            json::compact(value, &mut text);
            shown(&text, limit)
        }
    };
    Diagnostic { code: shown(text("code"), 64).into(), message: shown(text("message"), limit), detail }
}

/// Token services and gateways answer in other dialects: OAuth2's `error_description`, Docker Hub's `details`.
fn plain_message(value: &serde_json::Value) -> Option<&str> {
    ["error_description", "details", "message", "error"].iter().find_map(|key| value.get(key)?.as_str())
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} answered {}", self.method, self.url, self.status)?;
        for e in &self.errors {
            write!(f, ": {} {}", e.code, e.message)?;
        }
        if !self.text.is_empty() {
            write!(f, ": {}", self.text)?;
        }
        match self.retry_after {
            Some(after) => write!(f, " (retry after {} s)", after.as_secs()),
            None => Ok(()),
        }
    }
}

impl core::error::Error for ApiError {}
