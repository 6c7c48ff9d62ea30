//! `GET` and `HEAD /v2/<name>/blobs/<digest>`. OCI distribution-spec v1.1, end-2.
//!
//! 200, 206, or a redirect to storage (ACR: 307), which gets no credential; 404 unknown; 416 for a range beyond the end.
//! Quirk: some CDNs answer 200 to a range request.

mod head;
mod range;
mod read;
mod slice;

pub use head::{BlobHead, BlobInfo};
pub use range::{BlobRange, PartialBlob};
pub use read::BlobRead;
pub use slice::BlobSlice;

use crate::{
    Digest, ProtocolError, RepositoryName,
    http::{ContentRange, ResponseHead},
};
use alloc::{format, string::String};

/// An answer whose range is not the one asked for.
const BAD_RANGE: ProtocolError = ProtocolError::Header { name: "Content-Range", reason: "not the range asked for" };

fn path(repository: &RepositoryName, digest: &Digest) -> String {
    format!("/v2/{repository}/blobs/{digest}")
}

fn content_range(head: &ResponseHead) -> Option<ContentRange> {
    head.headers.get("content-range")?.parse().ok()
}
