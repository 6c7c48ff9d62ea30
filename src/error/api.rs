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
    /// Azure's name for the request, by which its support finds it.
    #[cfg(feature = "azure")]
    pub correlation: Option<String>,
}

/// Diagnostics kept of one answer; registries send one or two.
const MAX_DIAGNOSTICS: usize = 16;

impl ApiError {
    /// The first code, if the registry gave one.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.errors.first().map(|e| &e.code)
    }

    /// An answer of which nothing is known but its status.
    pub(crate) fn new(method: Method, url: String, status: u16) -> Self {
        Self {
            method,
            url,
            status,
            errors: Vec::new(),
            text: String::new(),
            retry_after: None,
            #[cfg(feature = "azure")]
            correlation: None,
        }
    }

    /// Reads the body: an error list, ARM's one error, OAuth2's, `details` as some servers write, or text.
    pub(crate) fn read_body(&mut self, body: &[u8], limits: &crate::Limits) {
        let value = json::parse(body, limits).ok();
        if let Some(list) = value.as_ref().and_then(|v| v.get("errors")).and_then(|v| v.as_array()) {
            self.errors = list.iter().take(MAX_DIAGNOSTICS).map(|e| diagnostic(e, limits.error_text)).collect();
        }
        #[cfg(feature = "azure")]
        if let Some(error) = value.as_ref().and_then(|v| v.get("error")).filter(|e| e.is_object()) {
            self.read_arm(error, limits.error_text);
        }
        #[cfg(feature = "azure")]
        if let Some(oauth2) = value.as_ref().and_then(|v| oauth2(v, limits.error_text)) {
            self.errors.push(oauth2);
        }
        if self.errors.is_empty() {
            self.text = value
                .as_ref()
                .and_then(plain_message)
                .map_or_else(|| shown_bytes(body, limits.error_text), |text| shown(text, limits.error_text));
        }
    }
}

#[cfg(feature = "azure")]
impl ApiError {
    /// ARM's `{"code","message","target"?,"details"?:[..same]}`; the details come after the error itself.
    pub(crate) fn read_arm(&mut self, error: &serde_json::Value, limit: usize) {
        let details = error.get("details").and_then(|d| d.as_array()).into_iter().flatten();
        self.errors = core::iter::once(error).chain(details).take(MAX_DIAGNOSTICS).map(|e| arm(e, limit)).collect();
    }
}

#[cfg(feature = "azure")]
fn arm(entry: &serde_json::Value, limit: usize) -> Diagnostic {
    let target = entry.get("target").and_then(|v| v.as_str()).unwrap_or_default();
    Diagnostic { detail: shown(target, limit), ..diagnostic(entry, limit) }
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

/// `{"error","error_description"}` (RFC 6749 section 5.2).
#[cfg(feature = "azure")]
fn oauth2(value: &serde_json::Value, limit: usize) -> Option<Diagnostic> {
    let text = |key: &str| value.get(key)?.as_str();
    let (code, message) = (text("error")?, text("error_description")?);
    Some(Diagnostic { code: shown(code, 64).into(), message: shown(message, limit), detail: String::new() })
}

/// Gateways answer in other dialects, Docker Hub with `details`.
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
        if let Some(after) = self.retry_after {
            write!(f, " (retry after {} s)", after.as_secs())?;
        }
        #[cfg(feature = "azure")]
        if let Some(id) = &self.correlation {
            write!(f, " (correlation id {id})")?;
        }
        Ok(())
    }
}

impl core::error::Error for ApiError {}
