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

/// `text` with its escapes undone; what is no escape, or no UTF-8 afterwards, gives nothing.
#[cfg(feature = "emulator")]
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = alloc::vec::Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'%' { digit(bytes.next()?)? << 4 | digit(bytes.next()?)? } else { byte });
    }
    String::from_utf8(out).ok()
}

#[cfg(feature = "emulator")]
fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
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
