//! A stretch of a blob, streamed.

use super::{BAD_RANGE, content_range, path};
use crate::{
    ApiError, Digest, Error, IntegrityError, RepositoryName, Stage, TransportError,
    auth::Access,
    http::{Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan, Portion, ping::not_html},
};
use alloc::{boxed::Box, format, vec::Vec};
use core::ops::Range;

/// Bytes after which attempts count anew, as for a whole blob.
const PROGRESS: u64 = 64 << 10;

/// Streams a stretch of a blob, resumed where it breaks. A server that ignores ranges costs bytes, and is right all the same.
///
/// Nothing verifies a stretch: that is for whoever knows what is in it. Who wants no more of it drops the stream.
///
/// ```
/// use portolan::{Digest, op::{BlobSlice, Operation}};
/// let op = BlobSlice::new(&"team/app".parse()?, &Digest::sha256(b"x"), 1_000, 100..200);
/// assert_eq!(op.stage(), portolan::Stage::Blob);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct BlobSlice {
    repository: RepositoryName,
    digest: Digest,
    size: u64,
    /// What is still to come.
    range: Range<u64>,
    /// Bytes at the head of the answer under way that are not wanted.
    skip: u64,
    /// The server's ranges cannot be relied on.
    whole: bool,
    counted: u64,
}

impl BlobSlice {
    /// The bytes of `range` of a blob whose descriptor says `size`, as far as there are any.
    #[must_use]
    pub fn new(repository: &RepositoryName, digest: &Digest, size: u64, range: Range<u64>) -> Self {
        let range = range.start..range.end.min(size);
        Self {
            repository: repository.clone(),
            digest: digest.clone(),
            size,
            counted: range.start,
            range,
            skip: 0,
            whole: false,
        }
    }

    /// A 206 that is not what was asked for is worth one try without ranges (T10).
    fn check_range(&self, head: &ResponseHead) -> Result<(), Error> {
        let range = content_range(head).filter(|range| range.first == self.range.start);
        let range = range.filter(|range| range.total.is_none_or(|total| total == self.size));
        range.map(|_| ()).ok_or_else(|| BAD_RANGE.into())
    }

    fn check_length(&self, head: &ResponseHead) -> Result<(), Error> {
        let length = head.content_length()?.filter(|_| !head.is_encoded());
        match length.filter(|length| *length != self.size) {
            Some(actual) => Err(IntegrityError::Size { expected: self.size, actual, at_least: false }.into()),
            None => Ok(()),
        }
    }
}

impl Operation for BlobSlice {
    type Output = ();

    fn stage(&self) -> Stage {
        Stage::Blob
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let last = self.range.end.checked_sub(1).filter(|last| *last >= self.range.start);
        let last = last.ok_or(crate::Cause::Misuse("an empty range"))?;
        let mut request = context.request(Method::Get, &path(&self.repository, &self.digest));
        request.headers.push("Accept-Encoding", "identity");
        if !self.whole {
            request.headers.push("Range", format!("bytes={}-{last}", self.range.start));
        }
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        if head.status == 206 {
            self.check_range(head)?;
            self.skip = 0;
        } else {
            not_html(head)?;
            self.check_length(head)?;
            self.skip = self.range.start;
        }
        Ok(Plan::Stream)
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
        self.skip -= skipped as u64;
        let wanted = usize::try_from(self.range.end - self.range.start).unwrap_or(usize::MAX);
        let taken = wanted.min(chunk.len() - skipped);
        self.range.start += taken as u64;
        Ok(Portion { deliver: skipped..skipped + taken, done: self.range.is_empty() })
    }

    fn resumable(&self) -> bool {
        true
    }

    fn progressed(&mut self) -> bool {
        let progressed = self.range.start >= self.counted + PROGRESS;
        if progressed {
            self.counted = self.range.start;
        }
        progressed
    }

    fn accept(&mut self, _: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<()>, Error> {
        if self.range.is_empty() {
            return Ok(Next::Done(()));
        }
        // Servers may send less of a range than was asked for.
        let short = format!("the body ended at byte {} of {}", self.range.start, self.range.end);
        Ok(Next::Retry(TransportError::Interrupted(short).into()))
    }

    fn unacceptable(&mut self, error: Error) -> Result<Next<()>, Error> {
        if !self.whole && matches!(error.cause(), crate::Cause::Protocol(e) if *e == BAD_RANGE) {
            self.whole = true;
            return Ok(Next::Retry(error));
        }
        Err(error)
    }

    fn refused(&mut self, error: ApiError, _: &mut Context<'_>) -> Result<Next<()>, Error> {
        if error.status == 416 && !self.whole {
            // The range is within the blob: ranges are not for this server.
            self.whole = true;
            return Ok(Next::Retry(Box::new(error).into()));
        }
        Err(Box::new(error).into())
    }
}
