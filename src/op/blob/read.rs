//! A blob from its beginning to its end.

use super::{BAD_RANGE, content_range, path};
use crate::{
    ApiError, Digest, Error, IntegrityError, RepositoryName, Stage, TransportError, Verified, Verifier,
    auth::Access,
    http::{Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan, Portion, ping::not_html},
};
use alloc::{boxed::Box, format, vec::Vec};

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
        let range = content_range(head);
        match range {
            Some(range) => {
                range.first != self.offset() || matches!((range.total, self.size), (Some(t), Some(s)) if t != s)
            }
            None => true,
        }
    }
}

impl Operation for BlobRead {
    type Output = Verified;

    fn stage(&self) -> Stage {
        self.stage
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = context.request(Method::Get, &path(&self.repository, &self.digest));
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
        if error.status == 416 && self.offset() > 0 && !self.whole {
            // All was there already, and the end had not been seen; or ranges are not for this server.
            if let Ok(verified) = self.verifier.clone().finish() {
                return Ok(Next::Done(verified));
            }
            self.whole = true;
            return Ok(Next::Retry(Box::new(error).into()));
        }
        Err(Box::new(error).into())
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
