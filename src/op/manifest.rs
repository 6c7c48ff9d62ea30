//! `GET` and `HEAD /v2/<name>/manifests/<reference>`. OCI distribution-spec v1.1, end-3.
//!
//! 200; 404 unknown. The digest of a manifest is that of the bytes received; `Docker-Content-Digest` may be absent
//! (ECR Public) but not wrong. Quirks: GitLab redirects manifests to storage; Harbor's HEAD and GET give different
//! lengths, so a length is never compared between the two.

use super::{Context, Next, Operation, Plan, ping::not_html};
use crate::{
    ApiError, Digest, Error, IntegrityError, Manifest, MediaType, ProtocolError, ReferenceTarget, RepositoryName,
    Stage, Verifier,
    auth::Access,
    http::{Method, Request, ResponseHead},
};
use alloc::{boxed::Box, format, string::ToString, vec::Vec};

/// Every manifest type that portolan reads; a registry picks by this list.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json, \
     application/vnd.oci.artifact.manifest.v1+json, */*;q=0.1";

/// Reads a manifest, verified.
///
/// ```
/// use portolan::op::{ManifestGet, Operation};
/// let op = ManifestGet::new(&"team/app".parse()?, "1.4".parse()?);
/// assert_eq!(op.stage(), portolan::Stage::Manifest);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct ManifestGet {
    repository: RepositoryName,
    target: ReferenceTarget,
    /// What an earlier look at the tag showed.
    expected: Option<Digest>,
    /// An answer did not verify; caches on the way are not asked again.
    reload: bool,
}

/// A manifest as the registry serves it now.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The manifest, verified.
    pub manifest: Manifest,
    /// True if the tag no longer points to where an earlier look saw it (J10).
    pub moved: bool,
}

impl ManifestGet {
    /// The manifest that `target` names.
    #[must_use]
    pub fn new(repository: &RepositoryName, target: ReferenceTarget) -> Self {
        Self { repository: repository.clone(), target, expected: None, reload: false }
    }

    /// Notes in the answer if the tag points elsewhere by now.
    #[must_use]
    pub fn expecting(mut self, digest: Digest) -> Self {
        self.expected = Some(digest);
        self
    }

    fn verified(&self, head: &ResponseHead, body: Vec<u8>, context: &Context<'_>) -> Result<Manifest, Error> {
        let asked = self.target.digest().cloned();
        for digest in asked.into_iter().chain(header_digest(head)?) {
            let mut verifier = Verifier::new(&digest, None)?;
            verifier.update(&body)?;
            verifier.finish()?;
        }
        Manifest::parse(body, head.headers.get("content-type"), context.limits)
    }
}

impl Operation for ManifestGet {
    type Output = Fetched;

    fn stage(&self) -> Stage {
        Stage::Manifest
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = request(Method::Get, &self.repository, &self.target, context);
        request.reload = self.reload;
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        not_html(head)?;
        Ok(Plan::Collect(context.limits.manifest))
    }

    fn accept(&mut self, head: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<Fetched>, Error> {
        match self.verified(&head, body, context) {
            Ok(manifest) => {
                let moved = self.expected.as_ref().is_some_and(|expected| expected != manifest.digest());
                Ok(Next::Done(Fetched { manifest, moved }))
            }
            // One clean refetch: the fault may lie in a cache on the way (T03).
            Err(error) if error.kind() == crate::Kind::DigestMismatch && !self.reload => {
                self.reload = true;
                Ok(Next::Retry(error))
            }
            Err(error) => Err(error),
        }
    }
}

fn request(method: Method, repository: &RepositoryName, target: &ReferenceTarget, context: &Context<'_>) -> Request {
    let mut request = context.request(method, &format!("/v2/{repository}/manifests/{target}"));
    request.headers.push("Accept", ACCEPT);
    request
}

/// `Docker-Content-Digest`; empty counts as absent, as some servers send it.
pub(super) fn header_digest(head: &ResponseHead) -> Result<Option<Digest>, ProtocolError> {
    match head.headers.get("docker-content-digest").map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => {
            let digest = text.parse::<Digest>();
            let bad = ProtocolError::Header { name: "Docker-Content-Digest", reason: "not a digest" };
            digest.map(|d| d.is_verifiable().then_some(d)).map_err(|_| bad)
        }
    }
}

/// Looks at a manifest without reading it, where the registry can; else reads it.
///
/// ```
/// use portolan::op::{ManifestHead, Operation};
/// let op = ManifestHead::new(&"team/app".parse()?, "1.4".parse()?);
/// assert_eq!(op.stage(), portolan::Stage::Manifest);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct ManifestHead {
    get: ManifestGet,
    method: Method,
}

/// What a look at a manifest tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestInfo {
    /// Its digest: the registry's word, or computed where it had to be read.
    pub digest: Digest,
    /// Its media type.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
}

impl ManifestHead {
    /// What `target` names.
    #[must_use]
    pub fn new(repository: &RepositoryName, target: ReferenceTarget) -> Self {
        Self { get: ManifestGet::new(repository, target), method: Method::Head }
    }

    /// What the head alone tells, if it tells everything (H09).
    fn told_by(&self, head: &ResponseHead) -> Result<Option<ManifestInfo>, Error> {
        let known = self.get.target.digest().cloned();
        let told = header_digest(head)?;
        if let (Some(asked), Some(told)) = (&known, &told)
            && asked.algorithm() == told.algorithm()
            && asked != told
        {
            return Err(IntegrityError::Digest { expected: asked.to_string(), actual: told.to_string() }.into());
        }
        let media_type = head.content_type().and_then(|t| t.parse::<MediaType>().ok()).filter(|t| !t.is_generic());
        let size = head.content_length()?.filter(|size| *size > 0);
        Ok(match (known.or(told), media_type, size) {
            (Some(digest), Some(media_type), Some(size)) => Some(ManifestInfo { digest, media_type, size }),
            _ => None,
        })
    }
}

impl Operation for ManifestHead {
    type Output = ManifestInfo;

    fn stage(&self) -> Stage {
        Stage::Manifest
    }

    fn access(&self) -> Option<Access> {
        self.get.access()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = self.get.request(context)?;
        request.method = self.method;
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        self.get.head(head, context)
    }

    fn accept(
        &mut self,
        head: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<ManifestInfo>, Error> {
        if self.method == Method::Head {
            not_html(&head)?;
            return Ok(match self.told_by(&head)? {
                Some(info) => Next::Done(info),
                None => self.read_instead(),
            });
        }
        Ok(match self.get.accept(head, body, context)? {
            Next::Done(Fetched { manifest, .. }) => Next::Done(ManifestInfo {
                digest: manifest.digest().clone(),
                media_type: manifest.media_type().clone(),
                size: manifest.size(),
            }),
            Next::After(pause) => Next::After(pause),
            Next::Again => Next::Again,
            Next::Retry(error) => Next::Retry(error),
        })
    }

    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<ManifestInfo>, Error> {
        // Storage says 403 to HEAD where the address was signed for GET.
        let in_storage = || !error.url.starts_with(context.endpoint.url("/v2/").as_str());
        let unasked = matches!(error.status, 400 | 405 | 501) || (error.status == 403 && in_storage());
        if self.method == Method::Head && unasked {
            return Ok(self.read_instead());
        }
        Err(Box::new(error).into())
    }
}

impl ManifestHead {
    fn read_instead(&mut self) -> Next<ManifestInfo> {
        self.method = Method::Get;
        Next::Again
    }
}
