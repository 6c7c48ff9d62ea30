//! `GET` and `HEAD /v2/<name>/blobs/<digest>`. OCI distribution-spec v1.1, end-2.
//!
//! 200, 206, or a redirect to storage (ACR: 307), which gets no credential; 404 unknown; 416 for a range beyond the end.
//! Quirk: some CDNs answer 200 to a range request.

use super::{Context, Next, Operation, Plan, Portion, manifest::header_digest, ping::not_html};
use crate::{
    ApiError, Digest, Error, IntegrityError, LimitExceeded, ProtocolError, RepositoryName, Stage, TransportError,
    Verified, Verifier,
    auth::Access,
    http::{ContentRange, Method, Request, ResponseHead},
};
use alloc::{boxed::Box, format, string::ToString, vec::Vec};

/// Bytes after which attempts count anew; fewer would let a peer that resets at every byte keep us busy for ever.
const PROGRESS: u64 = 64 << 10;

/// Streams a blob from its beginning, resumed where it breaks, verified at its end.
///
/// ```
/// use portolan::{Digest, op::{BlobRead, Operation}};
/// let op = BlobRead::new(&"team/app".parse()?, &Digest::sha256(b"x"), Some(1))?;
/// assert_eq!(op.stage(), portolan::Stage::Blob);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Debug)]
pub struct BlobRead {
    repository: RepositoryName,
    digest: Digest,
    size: Option<u64>,
    verifier: Verifier,
    /// Bytes at the head of the answer under way that have been delivered before.
    skip: u64,
    /// The server's ranges cannot be relied on.
    whole: bool,
    counted: u64,
    stage: Stage,
}

impl BlobRead {
    /// The blob `digest`, whose descriptor says `size`.
    ///
    /// # Errors
    /// If the digest's algorithm cannot be verified.
    pub fn new(repository: &RepositoryName, digest: &Digest, size: Option<u64>) -> Result<Self, Error> {
        Ok(Self {
            repository: repository.clone(),
            digest: digest.clone(),
            size,
            verifier: Verifier::new(digest, size)?,
            skip: 0,
            whole: false,
            counted: 0,
            stage: Stage::Blob,
        })
    }

    fn offset(&self) -> u64 {
        self.verifier.position()
    }

    fn check_length(&self, head: &ResponseHead, from: u64) -> Result<(), Error> {
        let (Some(size), Some(length)) = (self.size, head.content_length()?) else { return Ok(()) };
        if head.is_encoded() || from.checked_add(length) == Some(size) {
            return Ok(());
        }
        Err(IntegrityError::Size { expected: size, actual: from.saturating_add(length), at_least: false }.into())
    }

    /// A 206 that is not the rest of this blob is worth one try without ranges (T10).
    fn bad_range(&self, head: &ResponseHead) -> bool {
        let range = head.headers.get("content-range").and_then(|v| v.parse::<ContentRange>().ok());
        match range {
            Some(range) => {
                range.first != self.offset() || matches!((range.total, self.size), (Some(t), Some(s)) if t != s)
            }
            None => true,
        }
    }
}

/// An answer whose range is not the one asked for.
const BAD_RANGE: ProtocolError = ProtocolError::Header { name: "Content-Range", reason: "not the range asked for" };

impl Operation for BlobRead {
    type Output = Verified;

    fn stage(&self) -> Stage {
        self.stage
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = context.request(Method::Get, &format!("/v2/{}/blobs/{}", self.repository, self.digest));
        // Coding would hide lengths and ranges from us.
        request.headers.push("Accept-Encoding", "identity");
        if self.offset() > 0 && !self.whole {
            request.headers.push("Range", format!("bytes={}-", self.offset()));
        }
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        if head.status == 206 {
            if self.bad_range(head) {
                return Err(BAD_RANGE.into());
            }
            self.check_length(head, self.offset())?;
            self.skip = 0;
        } else {
            not_html(head)?;
            self.check_length(head, 0)?;
            // The whole blob from its beginning: what was delivered is not delivered again (T09).
            self.skip = self.offset();
        }
        Ok(Plan::Stream)
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
        self.skip -= skipped as u64;
        let fresh = chunk.get(skipped..).unwrap_or_default();
        self.verifier.update(fresh)?;
        Ok(Portion { deliver: skipped..chunk.len(), done: false })
    }

    fn resumable(&self) -> bool {
        true
    }

    fn progressed(&mut self) -> bool {
        let progressed = self.offset() >= self.counted + PROGRESS;
        if progressed {
            self.counted = self.offset();
        }
        progressed
    }

    fn accept(&mut self, _: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<Verified>, Error> {
        if let Some(size) = self.size.filter(|size| self.offset() < *size) {
            let short = format!("the body ended at byte {} of {size}", self.offset());
            return Ok(Next::Retry(TransportError::Interrupted(short).into()));
        }
        Ok(Next::Done(self.verifier.clone().finish()?))
    }

    fn unacceptable(&mut self, error: Error) -> Result<Next<Verified>, Error> {
        if !self.whole && matches!(error.cause(), crate::Cause::Protocol(e) if *e == BAD_RANGE) {
            self.whole = true;
            return Ok(Next::Retry(error));
        }
        Err(error)
    }

    fn refused(&mut self, error: ApiError, _: &mut Context<'_>) -> Result<Next<Verified>, Error> {
        // All was there already, and the end had not been seen; or ranges are not for this server.
        if error.status == 416 && self.offset() > 0 && !self.whole {
            self.whole = true;
            return Ok(Next::Retry(Box::new(error).into()));
        }
        Err(Box::new(error).into())
    }
}

/// Reads part of a blob. Nothing verifies a part: what it returns is marked as such by its type.
///
/// ```
/// use portolan::{Digest, op::{BlobRange, Operation}};
/// let op = BlobRange::new(&"team/app".parse()?, &Digest::sha256(b"x"), 0, 512);
/// assert_eq!(op.stage(), portolan::Stage::Blob);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct BlobRange {
    repository: RepositoryName,
    digest: Digest,
    first: u64,
    length: usize,
    skip: u64,
    bytes: Vec<u8>,
    total: Option<u64>,
}

/// Part of a blob, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialBlob {
    /// The bytes; fewer than asked for at the end of the blob.
    pub bytes: Vec<u8>,
    /// Size of the whole, where the server tells.
    pub total: Option<u64>,
}

impl BlobRange {
    /// `length` bytes from `first` on. Memory grows with what comes, at most `length`.
    #[must_use]
    pub fn new(repository: &RepositoryName, digest: &Digest, first: u64, length: usize) -> Self {
        Self {
            repository: repository.clone(),
            digest: digest.clone(),
            first,
            length,
            skip: 0,
            bytes: Vec::new(),
            total: None,
        }
    }
}

impl Operation for BlobRange {
    type Output = PartialBlob;

    fn stage(&self) -> Stage {
        Stage::Blob
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        if self.length == 0 {
            return Err(LimitExceeded { which: "smallest range", limit: 1 }.into());
        }
        let last = self.first.saturating_add(self.length as u64 - 1);
        let mut request = context.request(Method::Get, &format!("/v2/{}/blobs/{}", self.repository, self.digest));
        request.headers.push("Accept-Encoding", "identity");
        request.headers.push("Range", format!("bytes={}-{last}", self.first));
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        self.bytes.clear();
        if head.status == 206 {
            let range = head.headers.get("content-range").and_then(|v| v.parse::<ContentRange>().ok());
            let range = range.filter(|r| r.first == self.first).ok_or(BAD_RANGE)?;
            self.total = range.total;
            self.skip = 0;
        } else {
            not_html(head)?;
            self.total = head.content_length()?.filter(|_| !head.is_encoded());
            self.skip = self.first;
        }
        Ok(Plan::Stream)
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
        self.skip -= skipped as u64;
        let room = self.length - self.bytes.len();
        self.bytes.extend(chunk.iter().skip(skipped).take(room));
        Ok(Portion { deliver: 0..0, done: self.bytes.len() >= self.length })
    }

    fn resumable(&self) -> bool {
        true
    }

    fn accept(&mut self, _: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<PartialBlob>, Error> {
        Ok(Next::Done(PartialBlob { bytes: core::mem::take(&mut self.bytes), total: self.total }))
    }
}

/// Looks whether a blob is there.
///
/// ```
/// use portolan::{Digest, op::{BlobHead, Operation}};
/// let op = BlobHead::new(&"team/app".parse()?, &Digest::sha256(b"x"));
/// assert_eq!(op.stage(), portolan::Stage::Blob);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct BlobHead {
    repository: RepositoryName,
    digest: Digest,
}

/// What a look at a blob tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    /// Size in bytes, where the server tells.
    pub size: Option<u64>,
    /// True if the server says that it serves ranges.
    pub ranges: bool,
}

impl BlobHead {
    /// The blob `digest`.
    #[must_use]
    pub fn new(repository: &RepositoryName, digest: &Digest) -> Self {
        Self { repository: repository.clone(), digest: digest.clone() }
    }
}

impl Operation for BlobHead {
    type Output = BlobInfo;

    fn stage(&self) -> Stage {
        Stage::Blob
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        Ok(context.request(Method::Head, &format!("/v2/{}/blobs/{}", self.repository, self.digest)))
    }

    fn head(&mut self, _: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Collect(0))
    }

    fn accept(&mut self, head: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<BlobInfo>, Error> {
        not_html(&head)?;
        if let Some(told) =
            header_digest(&head)?.filter(|d| d.algorithm() == self.digest.algorithm() && *d != self.digest)
        {
            let (expected, actual) = (self.digest.to_string(), told.to_string());
            return Err(IntegrityError::Digest { expected, actual }.into());
        }
        let size = head.content_length()?.filter(|_| !head.is_encoded());
        let ranges = head.headers.get("accept-ranges").is_some_and(|v| v.eq_ignore_ascii_case("bytes"));
        Ok(Next::Done(BlobInfo { size, ranges }))
    }
}

impl BlobRead {
    /// The same, named as the reading of an image config in errors.
    #[must_use]
    pub fn as_config(mut self) -> Self {
        self.stage = Stage::Config;
        self
    }
}
