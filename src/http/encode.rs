//! Percent-encoding of what goes into queries and forms.

use alloc::string::String;

/// Encodes everything but RFC 3986's unreserved characters, and `/` and `:`, which queries may hold as they are
/// and which several registries compare without decoding.
///
/// ```
/// assert_eq!(portolan::http::query_value("repository:a/b:pull&x=1"), "repository:a/b:pull%26x%3D1");
/// ```
#[must_use]
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'/' | b':') {
            out.push(char::from(b));
        } else {
            push_escaped(&mut out, b);
        }
    }
    out
}

pub(super) fn push_escaped(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 15)]));
}

/// `key=value&...`, as a query or as an `application/x-www-form-urlencoded` body.
#[derive(Default)]
pub(crate) struct Form(String);

impl Form {
    pub(crate) fn add(&mut self, key: &str, value: &str) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(key);
        self.0.push('=');
        self.0.push_str(&query_value(value));
        self
    }

    pub(crate) fn finish(&mut self) -> String {
        core::mem::take(&mut self.0)
    }
}
