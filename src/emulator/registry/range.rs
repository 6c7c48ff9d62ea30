//! Parts of a blob: `Range` and `If-Range` (RFC 9110, section 14).

use super::answer::{self, Headers as _};
use crate::{
    Digest,
    emulator::store::{Store, StoreError},
};
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::{
    body::Body,
    http::{HeaderName, StatusCode, header},
    response::Response,
};
use core::ops::Range;

/// What a request wants of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// A part that is there.
    Part(Range<u64>),
    /// A part that is not.
    Nothing,
}

impl Wanted {
    /// Reads `Range`, unless `If-Range` names something else than this blob.
    pub(super) fn of<'a>(header: impl Fn(HeaderName) -> Option<&'a str>, size: u64, digest: &Digest) -> Self {
        let Some(range) = header(header::RANGE) else { return Self::Whole };
        if header(header::IF_RANGE).is_some_and(|expected| expected != etag(digest)) {
            return Self::Whole;
        }
        parse(range, size)
    }
}

/// One range of bytes; what is not understood, or several, may be passed over.
fn parse(text: &str, size: u64) -> Wanted {
    let Some(spec) = text.strip_prefix("bytes=").filter(|spec| !spec.contains(',')) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else { return Wanted::Whole };
    let range = match (first.parse::<u64>().ok(), last.parse::<u64>().ok()) {
        (Some(first), None) if last.is_empty() => first..size,
        (Some(first), Some(last)) => first..last.saturating_add(1).min(size),
        (None, Some(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return Wanted::Whole,
    };
    if range.start < range.end { Wanted::Part(range) } else { Wanted::Nothing }
}

/// The answer to GET, streamed.
pub(super) fn respond(store: &Store, digest: &Digest, size: u64, wanted: Wanted) -> Result<Response, StoreError> {
    let range = match &wanted {
        Wanted::Whole => 0..size,
        Wanted::Part(range) => range.clone(),
        Wanted::Nothing => return Ok(unsatisfiable(size)),
    };
    let mut response = head(range.end - range.start, digest);
    if wanted != Wanted::Whole {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.set("content-range", &format!("bytes {}-{}/{size}", range.start, range.end - 1));
    }
    *response.body_mut() = Body::from_stream(store.open_content(digest, range)?);
    Ok(response)
}

/// The answer to HEAD.
pub(super) fn whole_head(size: u64, digest: &Digest) -> Response {
    head(size, digest)
}

fn head(length: u64, digest: &Digest) -> Response {
    Response::new(Body::empty())
        .with("content-type", "application/octet-stream")
        .with("content-length", &length.to_string())
        .with("accept-ranges", "bytes")
        .with("docker-content-digest", digest.as_str())
        .with("etag", &etag(digest))
}

fn unsatisfiable(size: u64) -> Response {
    answer::empty(StatusCode::RANGE_NOT_SATISFIABLE).with("content-range", &format!("bytes */{size}"))
}

fn etag(digest: &Digest) -> String {
    format!("\"{digest}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        for (text, wanted) in [
            ("bytes=0-3", Wanted::Part(0..4)),
            ("bytes=4-", Wanted::Part(4..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=8-99", Wanted::Part(8..10)),
            ("bytes=9-9", Wanted::Part(9..10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=10-12", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=0-18446744073709551615", Wanted::Part(0..10)),
            ("bytes=3-2", Wanted::Nothing),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=x-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes", Wanted::Whole),
            ("lines=0-3", Wanted::Whole),
        ] {
            assert_eq!(parse(text, 10), wanted, "{text}");
        }
    }

    #[test]
    fn a_part_of_something_else_is_not_wanted() {
        let digest = Digest::sha256(b"0123456789");
        let wanted = |if_range: &'static str| {
            let header = move |name| Some(if name == header::RANGE { "bytes=0-3" } else { if_range });
            Wanted::of(header, 10, &digest)
        };
        assert_eq!(wanted("\"other\""), Wanted::Whole);
        assert_eq!(wanted("Sun, 06 Nov 1994 08:49:37 GMT"), Wanted::Whole);
        assert_eq!(wanted(alloc::boxed::Box::leak(etag(&digest).into_boxed_str())), Wanted::Part(0..4));
    }
}
