//! What may be asked of a registry: read before anything is dialled.
//!
//! ```text
//! path  = "" / "_catalog" / name "/tags/list" / name "/manifests/" ref / name "/blobs/" digest / name "/referrers/" digest
//! ref   = tag / digest
//! ```
//!
//! Names, tags and digests have no character that needs escaping, so `%` has no place in a path; neither has `..`, an empty
//! part, or a backslash, which no name may hold.
//!
//! Listings and referrers may carry a query. Its keys are open, since a registry's own next page may hold any (`last`, `n`,
//! `next_page`, `nextToken`, ...) and must be sent back to the letter; its values may not be addresses.

use super::refusal::Refusal;
use crate::{Digest, RepositoryName, Tag};
use alloc::{format, string::String, vec::Vec};

/// Longest query passed on, bytes; Artifactory's and Quay's cursors take some hundreds.
const MAX_QUERY: usize = 2_048;
/// Longest path looked at, bytes.
const MAX_PATH: usize = 1_024;

/// A request to a registry that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Below `/v2/`.
    pub(super) path: String,
    /// As it came.
    pub(super) query: Option<String>,
    /// Whose scope it needs.
    pub(super) repository: Option<RepositoryName>,
    pub(super) what: What,
}

/// What a target is, as far as the answer's headers depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Bytes that one digest names, and that are no JSON that we would show.
    Blob,
    /// Changes at the registry's will: listings, tags, the check of `/v2/`.
    Moving,
    /// A manifest by digest.
    Pinned,
}

impl Target {
    /// Reads path (below `/v2/`) and query.
    pub(super) fn parse(path: &str, query: Option<&str>) -> Result<Self, Refusal> {
        let (repository, what, listing) = endpoint(path)?;
        if query.is_some() && !listing {
            return Err(Refusal::bad_request("this path takes no query"));
        }
        if let Some(query) = query {
            check_query(query)?;
        }
        Ok(Self { path: path.into(), query: query.map(Into::into), repository, what })
    }

    /// A document that changes at the registry's will, at a path below the relay's own.
    pub(super) fn document(path: &str) -> Self {
        Self { path: path.into(), query: None, repository: None, what: What::Moving }
    }

    /// Path and query, from `/v2/`.
    pub(super) fn address(&self) -> String {
        match &self.query {
            Some(query) => format!("/v2/{}?{query}", self.path),
            None => format!("/v2/{}", self.path),
        }
    }
}

/// Whose it is, what it is, and whether it may have a query.
fn endpoint(path: &str) -> Result<(Option<RepositoryName>, What, bool), Refusal> {
    if path.len() > MAX_PATH {
        return Err(Refusal::bad_request("the path is too long"));
    }
    match path {
        "" => return Ok((None, What::Moving, false)),
        "_catalog" => return Ok((None, What::Moving, true)),
        _ => {}
    }
    if let Some(name) = path.strip_suffix("/tags/list") {
        return Ok((Some(repository(name)?), What::Moving, true));
    }
    // The last two parts, since a repository may be called `a/manifests/b`.
    let mut parts = path.rsplitn(3, '/');
    let (Some(last), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NO_ENDPOINT);
    };
    let (what, listing) = match kind {
        "blobs" => digest(last).map(|()| (What::Blob, false)),
        "manifests" => target(last).map(|what| (what, false)),
        "referrers" => digest(last).map(|()| (What::Moving, true)),
        _ => Err(NO_ENDPOINT),
    }?;
    Ok((Some(repository(name)?), what, listing))
}

const NO_ENDPOINT: Refusal = Refusal::bad_request("not a path of the distribution API that is relayed");

fn repository(name: &str) -> Result<RepositoryName, Refusal> {
    name.parse().map_err(|_| Refusal::bad_request("not a repository name"))
}

fn digest(text: &str) -> Result<(), Refusal> {
    text.parse::<Digest>().map(drop).map_err(|_| Refusal::bad_request("not a digest"))
}

fn target(text: &str) -> Result<What, Refusal> {
    if text.contains(':') {
        return digest(text).map(|()| What::Pinned);
    }
    text.parse::<Tag>().map(|_| What::Moving).map_err(|_| Refusal::bad_request("not a tag or digest"))
}

/// A query that a registry's own next page may have.
pub(super) fn check_query(query: &str) -> Result<(), Refusal> {
    if query.len() > MAX_QUERY {
        return Err(Refusal::bad_request("the query is too long"));
    }
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if key.is_empty() || key.len() > 64 || !key.bytes().all(fine) {
            return Err(Refusal::bad_request("not a query that a registry's next page has"));
        }
        if !value.bytes().all(is_query_byte) || names_an_address(&unescaped(value)?) {
            return Err(Refusal::bad_request("a query value is malformed or an address"));
        }
    }
    Ok(())
}

/// RFC 3986 `query`, without what separates pairs.
fn is_query_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~!$'()*+,;:@/?%=|".contains(&b)
}

/// A cursor may be any text, but none that a confused server could fetch.
fn names_an_address(value: &[u8]) -> bool {
    let starts = |prefix: &[u8]| value.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    let has = |part: &[u8]| value.windows(part.len()).any(|w| w == part);
    let climbs = value.split(|&b| b == b'/').any(|part| part == b"..");
    has(b"://") || starts(b"//") || has(b"\\") || climbs || value.iter().any(u8::is_ascii_control)
}

fn unescaped(value: &str) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(b) = bytes.next() {
        if b != b'%' {
            out.push(b);
            continue;
        }
        let mut nibble = || bytes.next().and_then(|b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (nibble(), nibble()) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            _ => return Err(Refusal::bad_request("a query value is malformed")),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn what(path: &str, query: Option<&str>) -> Option<What> {
        Target::parse(path, query).ok().map(|t| t.what)
    }

    #[test]
    fn endpoints_are_known() {
        assert_eq!(what("", None), Some(What::Moving));
        assert_eq!(what("_catalog", Some("n=100&last=a%2Fb")), Some(What::Moving));
        assert_eq!(what("a/b/tags/list", Some("last=x&next_page=gAAA~-_%3D%3D")), Some(What::Moving));
        assert_eq!(what("a/tags/list", Some("n=100&last=1..2")), Some(What::Moving), "a tag may hold two dots");
        assert_eq!(what("a/manifests/1.0", None), Some(What::Moving));
        assert_eq!(what(&format!("a/manifests/{DIGEST}"), None), Some(What::Pinned));
        assert_eq!(what(&format!("a/manifests/b/manifests/{DIGEST}"), None), Some(What::Pinned));
        assert_eq!(what(&format!("a/blobs/{DIGEST}"), None), Some(What::Blob));
        assert_eq!(what(&format!("a/referrers/{DIGEST}"), Some("artifactType=a%2Fb")), Some(What::Moving));
    }

    #[test]
    fn s01_anything_else_is_refused() {
        for path in [
            "a",
            "a/b",
            "a/blobs/1.0",
            "a/blobs/uploads/",
            "a/blobs/sha256:..",
            "a/../b/tags/list",
            "a/%2e%2e/tags/list",
            "a%2Fb/tags/list",
            "/a/tags/list",
            "a//b/tags/list",
            "a\\b/tags/list",
            "A/tags/list",
            "http://evil.example/tags/list",
            "_catalog/",
            "_catalog/x",
            "tags/list",
            "/tags/list",
            "a/manifests/",
            "a/manifests/a b",
            "../_catalog",
            "%5f_catalog",
        ] {
            assert!(what(path, None).is_none(), "{path}");
        }
        for query in [
            "url=http://evil.example/",
            "last=http%3A%2F%2Fevil.example",
            "last=%2f%2Fevil.example",
            "last=//evil.example",
            "last=a%0d%0ab",
            "last=%",
            "last=%zz",
            "last=a%5Cb",
            "last=..%2f..",
            "last=..",
            "last=a%2F..%2Fb",
            "",
            "=1",
            "a[b]=1",
            "last=<x>",
        ] {
            assert!(what("_catalog", Some(query)).is_none(), "{query}");
        }
        assert!(what("_catalog", Some(&"n=1&".repeat(1_000))).is_none());
        assert!(what("a/manifests/1.0", Some("ns=docker.io")).is_none());
    }
}
