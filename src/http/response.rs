//! The head of an answer.

use super::Headers;
use crate::{Error, LimitExceeded, Limits, ProtocolError};

/// Status and header fields of an answer; the body follows as chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// HTTP status; 0 where a browser hides a redirect (`opaqueredirect`).
    pub status: u16,
    /// Header fields.
    pub headers: Headers,
}

impl ResponseHead {
    /// A browser's opaque redirect: something was there, and it does not say where to.
    pub const OPAQUE_REDIRECT: Self = Self { status: 0, headers: Headers::new() };

    /// `Content-Length`.
    ///
    /// # Errors
    /// If two fields disagree or one is no number (T12).
    pub fn content_length(&self) -> Result<Option<u64>, ProtocolError> {
        let bad = |reason| ProtocolError::Header { name: "Content-Length", reason };
        let mut length = None;
        // One field may hold a list (RFC 9110 section 8.6): every element counts.
        for text in self.headers.all("content-length").flat_map(|v| v.split(',')).map(str::trim) {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let value = text.parse().ok().filter(|_| digits).ok_or_else(|| bad("not a number"))?;
            match length {
                Some(other) if other != value => return Err(bad("conflicting values")),
                _ => length = Some(value),
            }
        }
        Ok(length)
    }

    /// `Content-Type` without parameters, lower case.
    #[must_use]
    pub fn content_type(&self) -> Option<alloc::string::String> {
        let value = self.headers.get("content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }

    /// True where the body is coded for transport, so that `Content-Length` does not count the bytes we see (T13).
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        self.headers
            .get("content-encoding")
            .is_some_and(|v| !v.trim().is_empty() && !v.eq_ignore_ascii_case("identity"))
    }

    /// Checks the size of the head itself (H11).
    pub(crate) fn check(&self, limits: &Limits) -> Result<(), Error> {
        if self.headers.len() > limits.header_fields {
            return Err(LimitExceeded { which: "response header fields", limit: limits.header_fields as u64 }.into());
        }
        if self.headers.bytes() > limits.header_bytes {
            return Err(LimitExceeded { which: "response header bytes", limit: limits.header_bytes as u64 }.into());
        }
        Ok(())
    }
}
