//! A look at a blob.

use super::path;
use crate::{
    Digest, Error, IntegrityError, RepositoryName, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan, manifest::header_digest, ping::not_html},
};
use alloc::{string::ToString, vec::Vec};

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
        Ok(context.request(Method::Head, &path(&self.repository, &self.digest)))
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
