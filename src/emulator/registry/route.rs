//! Which endpoint a path means.
//!
//! Names hold slashes, and may hold words such as `blobs`: paths are read from their ends. Clients write slashes and colons
//! within names and digests as they are or percent-encoded.

use crate::{Digest, ReferenceTarget, RepositoryName, Tag};
use alloc::{string::String, vec::Vec};

/// One endpoint of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `/v2/`
    Base,
    /// `/v2/_catalog`, and `/acr/v1/_catalog`, which is the same.
    Catalog,
    /// `/v2/<name>/tags/list`
    TagList(RepositoryName),
    /// `/v2/<name>/manifests/<reference>`
    Manifest(RepositoryName, ReferenceTarget),
    /// `/v2/<name>/blobs/<digest>`
    Blob(RepositoryName, Digest),
    /// `/v2/<name>/blobs/uploads/`
    Uploads(RepositoryName),
    /// `/v2/<name>/blobs/uploads/<number>`
    Upload(RepositoryName, String),
    /// `/v2/<name>/referrers/<digest>`
    Referrers(RepositoryName, Digest),
    /// `/oras/artifacts/v1/<name>/manifests/<digest>/referrers`
    OrasReferrers(RepositoryName, Digest),
    /// `/acr/v1/<name>`
    Repository(RepositoryName),
    /// `/acr/v1/<name>/_tags`
    AcrTags(RepositoryName),
    /// `/acr/v1/<name>/_tags/<tag>`
    AcrTag(RepositoryName, Tag),
    /// `/acr/v1/<name>/_manifests`
    AcrManifests(RepositoryName),
    /// `/acr/v1/<name>/_manifests/<digest>`
    AcrManifest(RepositoryName, Digest),
}

/// Why a path means none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRoute {
    /// There is no such endpoint.
    Unknown,
    /// The repository's name follows no grammar.
    Name,
    /// Neither does the digest.
    Digest,
    /// Nor the tag.
    Reference,
}

impl Route {
    /// Reads a path as it came.
    pub(super) fn parse(path: &str) -> Result<Self, NoRoute> {
        let path = decode(path).ok_or(NoRoute::Unknown)?;
        if let Some(rest) = path.strip_prefix("/v2") {
            return if rest.is_empty() { Ok(Self::Base) } else { distribution(rest) };
        }
        if let Some(rest) = path.strip_prefix("/acr/v1/") {
            return acr(rest);
        }
        match path.strip_prefix("/oras/artifacts/v1/") {
            Some(rest) => oras(rest),
            None => Err(NoRoute::Unknown),
        }
    }
}

fn distribution(rest: &str) -> Result<Route, NoRoute> {
    let rest = rest.strip_prefix('/').ok_or(NoRoute::Unknown)?;
    if rest.is_empty() {
        return Ok(Route::Base);
    }
    if rest == "_catalog" {
        return Ok(Route::Catalog);
    }
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        [name @ .., "tags", "list"] => Ok(Route::TagList(repository(name)?)),
        [name @ .., "blobs", "uploads", ""] | [name @ .., "blobs", "uploads"] => Ok(Route::Uploads(repository(name)?)),
        [name @ .., "blobs", "uploads", id] => Ok(Route::Upload(repository(name)?, (*id).into())),
        [name @ .., "blobs", text] => Ok(Route::Blob(repository(name)?, digest(text)?)),
        [name @ .., "referrers", text] => Ok(Route::Referrers(repository(name)?, digest(text)?)),
        [name @ .., "manifests", text] => Ok(Route::Manifest(repository(name)?, reference(text)?)),
        _ => Err(NoRoute::Unknown),
    }
}

fn acr(rest: &str) -> Result<Route, NoRoute> {
    if rest == "_catalog" {
        return Ok(Route::Catalog);
    }
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        [name @ .., "_tags"] => Ok(Route::AcrTags(repository(name)?)),
        [name @ .., "_tags", text] => {
            Ok(Route::AcrTag(repository(name)?, text.parse().map_err(|_| NoRoute::Reference)?))
        }
        [name @ .., "_manifests"] => Ok(Route::AcrManifests(repository(name)?)),
        [name @ .., "_manifests", text] => Ok(Route::AcrManifest(repository(name)?, digest(text)?)),
        name => Ok(Route::Repository(repository(name)?)),
    }
}

fn oras(rest: &str) -> Result<Route, NoRoute> {
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        [name @ .., "manifests", text, "referrers"] => Ok(Route::OrasReferrers(repository(name)?, digest(text)?)),
        _ => Err(NoRoute::Unknown),
    }
}

fn repository(parts: &[&str]) -> Result<RepositoryName, NoRoute> {
    parts.join("/").parse().map_err(|_| NoRoute::Name)
}

fn digest(text: &str) -> Result<Digest, NoRoute> {
    text.parse().map_err(|_| NoRoute::Digest)
}

fn reference(text: &str) -> Result<ReferenceTarget, NoRoute> {
    text.parse().map_err(|_| if text.contains(':') { NoRoute::Digest } else { NoRoute::Reference })
}

/// Percent-decodes; nothing if that gives no text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let (digits, after) = after.split_first_chunk::<2>()?;
            bytes.push(u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn name(text: &str) -> RepositoryName {
        text.parse().unwrap()
    }

    #[test]
    fn paths_are_read_from_their_ends() {
        let digest: Digest = DIGEST.parse().unwrap();
        for (path, route) in [
            ("/v2".into(), Route::Base),
            ("/v2/".into(), Route::Base),
            ("/v2/_catalog".into(), Route::Catalog),
            ("/acr/v1/_catalog".into(), Route::Catalog),
            ("/v2/a/tags/list".into(), Route::TagList(name("a"))),
            ("/v2/tags/list/tags/list".into(), Route::TagList(name("tags/list"))),
            ("/v2/a/b/blobs/uploads/".into(), Route::Uploads(name("a/b"))),
            ("/v2/a/blobs/uploads/blobs/uploads/x-1".into(), Route::Upload(name("a/blobs/uploads"), "x-1".into())),
            (format!("/v2/a/blobs/{DIGEST}"), Route::Blob(name("a"), digest.clone())),
            (format!("/v2/a%2Fb/blobs/{}", DIGEST.replace(':', "%3A")), Route::Blob(name("a/b"), digest.clone())),
            (format!("/v2/manifests/blobs/{DIGEST}"), Route::Blob(name("manifests"), digest.clone())),
            ("/v2/a/manifests/latest".into(), Route::Manifest(name("a"), "latest".parse().unwrap())),
            (format!("/v2/a/referrers/{DIGEST}"), Route::Referrers(name("a"), digest.clone())),
            ("/acr/v1/a/b".into(), Route::Repository(name("a/b"))),
            ("/acr/v1/library%2Fhello-world".into(), Route::Repository(name("library/hello-world"))),
            ("/acr/v1/a/_tags".into(), Route::AcrTags(name("a"))),
            ("/acr/v1/a/_tags/1.0".into(), Route::AcrTag(name("a"), "1.0".parse().unwrap())),
            ("/acr/v1/a/b/_manifests".into(), Route::AcrManifests(name("a/b"))),
            (format!("/acr/v1/a/_manifests/{DIGEST}"), Route::AcrManifest(name("a"), digest.clone())),
            (format!("/oras/artifacts/v1/a/b/manifests/{DIGEST}/referrers"), Route::OrasReferrers(name("a/b"), digest)),
        ] {
            assert_eq!(Route::parse(&path), Ok(route), "{path}");
        }
    }

    #[test]
    fn other_paths_say_what_is_wrong() {
        for (path, why) in [
            ("/", NoRoute::Unknown),
            ("/v1/a", NoRoute::Unknown),
            ("/v2/a", NoRoute::Unknown),
            ("/v2/%zz", NoRoute::Unknown),
            ("/v2/A/tags/list", NoRoute::Name),
            ("/v2//tags/list", NoRoute::Name),
            ("/v2/../tags/list", NoRoute::Name),
            ("/v2/%2e%2e/tags/list", NoRoute::Name),
            ("/v2/a/blobs/sha256:short", NoRoute::Digest),
            ("/v2/a/blobs/latest", NoRoute::Digest),
            ("/v2/a/manifests/sha256:short", NoRoute::Digest),
            ("/v2/a/manifests/.bad", NoRoute::Reference),
            ("/acr/v1/a/_tags/.bad", NoRoute::Reference),
        ] {
            assert_eq!(Route::parse(path), Err(why), "{path}");
        }
    }
}
