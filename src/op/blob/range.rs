//! Part of a blob.

use super::{BAD_RANGE, content_range, path};
use crate::{
    Digest, Error, LimitExceeded, RepositoryName, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan, Portion, ping::not_html},
};
use alloc::{format, vec::Vec};

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
        let mut request = context.request(Method::Get, &path(&self.repository, &self.digest));
        request.headers.push("Accept-Encoding", "identity");
        request.headers.push("Range", format!("bytes={}-{last}", self.first));
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        self.bytes.clear();
        if head.status == 206 {
            let range = content_range(head);
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
