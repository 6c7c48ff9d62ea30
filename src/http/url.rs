//! Absolute http(s) addresses, and RFC 3986 resolution of what a peer writes.

use super::{
    Origin, Scheme,
    resolve::{Parts, host_and_port, merged, without_dots},
};
use crate::ReferenceError;
use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
};
use core::{fmt, str::FromStr};

/// Longest address accepted, in bytes; signed storage addresses reach 2 to 4 KiB.
const MAX_LEN: usize = 16 << 10;

/// An absolute `http` or `https` address without user information and fragment.
///
/// Its text is pure ASCII that every URL parser reads the same way.
///
/// ```
/// let base: portolan::http::Url = "https://registry.example/v2/app/tags/list".parse()?;
/// assert_eq!(base.join("/v2/app/tags/list?last=b")?.as_str(), "https://registry.example/v2/app/tags/list?last=b");
/// assert!(base.join("//user@elsewhere.example/").is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url {
    text: String,
    origin: Origin,
    /// Where path and query begin in `text`.
    path: usize,
}

impl Url {
    /// Joins an origin and a path with query that this crate has built.
    pub(crate) fn from_parts(origin: Origin, path: &str) -> Self {
        let mut text = origin.to_string();
        let start = text.len();
        text.push_str(path);
        Self { text, origin, path: start }
    }

    /// Resolves `reference` (relative, absolute or protocol-relative) against this address.
    ///
    /// # Errors
    /// If the result is not an address of this type.
    pub fn join(&self, reference: &str) -> Result<Self, ReferenceError> {
        let reference = cleaned(reference)?;
        let parts = Parts::of(&reference)?;
        let origin = match (parts.scheme, parts.authority) {
            (None, None) => self.origin.clone(),
            (scheme, authority) => origin(scheme, self.origin.scheme(), authority)?,
        };
        if parts.scheme.is_some() || parts.authority.is_some() || parts.path.starts_with('/') {
            return Self::with_query(origin, &without_dots(parts.path), parts.query);
        }
        if parts.path.is_empty() {
            return Self::with_query(origin, self.path(), parts.query.or_else(|| self.query()));
        }
        Self::with_query(origin, &without_dots(&merged(self.path(), parts.path)), parts.query)
    }

    fn with_query(origin: Origin, path: &str, query: Option<&str>) -> Result<Self, ReferenceError> {
        let mut url = Self::from_parts(origin, if path.is_empty() { "/" } else { path });
        if let Some(query) = query {
            url.text.push('?');
            url.text.push_str(query);
        }
        if url.text.len() > MAX_LEN { Err(ReferenceError::Url("too long")) } else { Ok(url) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Path and query, beginning with `/`.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.text.get(self.path..).unwrap_or("/")
    }

    /// Path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path_and_query().split('?').next().unwrap_or("/")
    }

    /// Query without `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.path_and_query().split_once('?').map(|(_, q)| q)
    }

    /// The text for errors: only the query keys of the protocol survive, since signed addresses are secrets.
    #[must_use]
    pub fn redacted(&self) -> String {
        const KEPT: [&str; 8] = ["scope", "service", "digest", "mount", "from", "n", "last", "artifactType"];
        let Some(query) = self.query() else {
            return self.text.clone();
        };
        let mut out = format!("{}{}", self.origin, self.path());
        let mut separator = '?';
        for pair in query.split('&') {
            let key = pair.split('=').next().unwrap_or(pair);
            out.push(separator);
            separator = '&';
            if KEPT.contains(&key) {
                out.push_str(pair);
            } else {
                out.push_str("...");
            }
        }
        out
    }
}

/// Servers write characters that RFC 3986 forbids (spaces, braces, pipes, UTF-8); they are escaped. Control
/// characters and backslashes, which parsers treat in different ways, are refused.
fn cleaned(text: &str) -> Result<Cow<'_, str>, ReferenceError> {
    if text.len() > MAX_LEN {
        return Err(ReferenceError::Url("too long"));
    }
    let text = text.trim_matches(' ');
    if text.bytes().any(|b| b.is_ascii_control() || b == b'\\') {
        return Err(ReferenceError::Url("control character or backslash"));
    }
    let forbidden = |b: u8| !b.is_ascii() || matches!(b, b' ' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}');
    if !text.bytes().any(forbidden) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len() * 2);
    for b in text.bytes() {
        if forbidden(b) {
            super::encode::push_escaped(&mut out, b);
        } else {
            out.push(char::from(b));
        }
    }
    Ok(Cow::Owned(out))
}

impl FromStr for Url {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = cleaned(text)?;
        let parts = Parts::of(&text)?;
        if parts.scheme.is_none() {
            return Err(ReferenceError::Url("malformed"));
        }
        let origin = origin(parts.scheme, Scheme::Https, parts.authority)?;
        Self::with_query(origin, parts.path, parts.query)
    }
}

/// `default`: the scheme where none is written.
fn origin(scheme: Option<&str>, default: Scheme, authority: Option<&str>) -> Result<Origin, ReferenceError> {
    let scheme = match scheme {
        None => default,
        Some(s) if s.eq_ignore_ascii_case("https") => Scheme::Https,
        Some(s) if s.eq_ignore_ascii_case("http") => Scheme::Http,
        Some(_) => return Err(ReferenceError::Url("scheme is neither http nor https")),
    };
    let (host, port) = host_and_port(authority.ok_or(ReferenceError::Url("no host"))?)?;
    Origin::new(scheme, host, port)
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r05_locations_resolve_by_rfc_3986() {
        let base: Url = "https://r.example/v2/a/blobs/sha256:x?y=1".parse().unwrap();
        for (reference, expected) in [
            ("other", "https://r.example/v2/a/blobs/other"),
            ("../x", "https://r.example/v2/a/x"),
            ("/x?q=1", "https://r.example/x?q=1"),
            ("//s.example:443/x", "https://s.example/x"),
            ("http://S.example./", "http://s.example/"),
            ("?last=b", "https://r.example/v2/a/blobs/sha256:x?last=b"),
            ("https://s.example", "https://s.example/"),
            ("/a b|c", "https://r.example/a%20b%7Cc"),
        ] {
            assert_eq!(base.join(reference).unwrap().as_str(), expected, "{reference}");
        }
    }

    #[test]
    fn r03_a04_other_addresses_are_refused() {
        let base: Url = "https://r.example/".parse().unwrap();
        for reference in [
            "ftp://r.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:,x",
            "https:///x",
            "https://u@r.example/",
            "https://u:p@r.example/",
            "https://r.example/#f",
            "https://r.example:99999/",
            "https://r.example\\@evil/",
            "/a\r\nb",
            "https://0x7f000001/",
            "https://%31%32/",
        ] {
            assert!(base.join(reference).is_err(), "{reference}");
        }
    }

    #[test]
    fn signatures_do_not_show() {
        let url: Url = "https://s.example/b?sig=secret&digest=sha256:a".parse().unwrap();
        assert_eq!(url.redacted(), "https://s.example/b?...&digest=sha256:a");
    }
}
