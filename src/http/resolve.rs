//! The parts of an address, and what a relative one means (RFC 3986 sections 3, 5.2 and appendix B).
//!
//! Not a library's: this crate needs two schemes, refuses user information and fragments, and pays for every byte in the
//! npm package. The tests hold it against `iri-string`.

use crate::ReferenceError;
use alloc::{string::String, vec::Vec};

/// An address or a relative reference, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) authority: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// `text` is printable ASCII without what RFC 3986 forbids everywhere.
    pub(super) fn of(text: &'a str) -> Result<Self, ReferenceError> {
        if text.contains('#') {
            return Err(ReferenceError::Url("fragment"));
        }
        let (head, query) = match text.split_once('?') {
            Some((head, query)) => (head, Some(query)),
            None => (text, None),
        };
        let (scheme, rest) = match head.split_once(':') {
            // A colon behind a slash belongs to the path, or to the authority.
            Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
            _ => (None, head),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, rest),
        };
        let parts = Self { scheme, authority, path, query };
        if parts.is_well_formed() { Ok(parts) } else { Err(ReferenceError::Url("malformed")) }
    }

    fn is_well_formed(&self) -> bool {
        let scheme = self.scheme.is_none_or(|scheme| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        });
        scheme && is_escaped(self.path) && is_escaped(self.query.unwrap_or_default())
    }
}

/// True if each `%` begins an escape; brackets have no place outside of the authority.
fn is_escaped(text: &str) -> bool {
    let hex = |b: Option<&u8>| b.is_some_and(u8::is_ascii_hexdigit);
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, b)| match b {
        b'%' => hex(bytes.get(at + 1)) && hex(bytes.get(at + 2)),
        b'[' | b']' => false,
        _ => true,
    })
}

/// Host and port of an authority; the host is yet to be checked.
pub(super) fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), ReferenceError> {
    if authority.contains('@') {
        return Err(ReferenceError::Url("user information"));
    }
    // Colons inside brackets belong to the address.
    let address = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority.get(address..).and_then(|rest| rest.find(':')) {
        Some(colon) => authority.split_at(address + colon),
        None => (authority, ""),
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    // `u16::from_str` takes a sign as well.
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ReferenceError::Url("bad port"));
    }
    match digits {
        "" => Ok((host, None)),
        _ => digits.parse().map(|port| (host, Some(port))).map_err(|_| ReferenceError::Url("bad port")),
    }
}

/// Section 5.2.3: `path` in the place of what follows the last slash of `base`.
pub(super) fn merged(base: &str, path: &str) -> String {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    [folder, "/", path].concat()
}

/// Section 5.2.4, for a path that begins with a slash or is empty.
pub(super) fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let dots = segment == "." || segment == "..";
        if segment == ".." {
            kept.pop();
        }
        if !dots {
            kept.push(segment);
        } else if segments.peek().is_none() {
            kept.push("");
        }
    }
    let mut out = String::with_capacity(path.len() + 1);
    for segment in &kept {
        out.push('/');
        out.push_str(segment);
    }
    if kept.is_empty() {
        out.push('/');
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::http::Url;
    use alloc::string::{String, ToString};
    use iri_string::{
        resolve::FixedBaseResolver,
        types::{UriAbsoluteStr, UriReferenceStr},
    };
    use proptest::prelude::*;

    const BASE: &str = "http://a/b/c/d;p?q";

    fn join(reference: &str) -> Option<String> {
        let base: Url = BASE.parse().unwrap();
        base.join(reference).ok().map(|url| url.as_str().to_string())
    }

    /// RFC 3986 sections 5.4.1 and 5.4.2, without the examples that have a fragment or lead to no host.
    #[test]
    fn the_examples_of_rfc_3986() {
        for (reference, expected) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            (";x", "http://a/b/c/;x"),
            ("g;x", "http://a/b/c/g;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
        ] {
            assert_eq!(join(reference).as_deref(), Some(expected), "{reference}");
        }
        for reference in ["g:h", "#s", "g#s", "http:g", "1:g", "%", "%4", "%4g", "[", "?]", "//a:b", "//a:+1", "//[::1"]
        {
            assert_eq!(join(reference), None, "{reference}");
        }
    }

    /// What the library makes of it, put through this crate's rules for addresses.
    fn theirs(reference: &str) -> Option<String> {
        let reference = UriReferenceStr::new(reference).ok()?;
        let resolved = FixedBaseResolver::new(UriAbsoluteStr::new(BASE).unwrap()).resolve(reference).to_string();
        resolved.parse().ok().map(|url: Url| url.as_str().to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn agrees_with_a_library(reference in "(https?:)?(//[a-c@:0-9\\[\\]]{0,6})?[a-c/.:?%0-9\\[\\]=;-]{0,14}") {
            prop_assert_eq!(join(&reference), theirs(&reference));
        }
    }
}
