//! `GET /v2/<name>/referrers/<digest>`, and the tag schema where a registry has no such API.
//! OCI distribution-spec v1.1, end-12 and "Referrers Tag Schema".
//!
//! 200 with an image index; 404 means no API. Quirks: Artifactory answers 400 or 406 in its place; others send a web
//! page with 200; GitLab resolves the fallback tag to the subject itself, whose children are then no referrers.

use super::{
    Context, Next, Operation, Plan, Support,
    paging::{PageGuard, next_query},
};
use crate::{
    ApiError, Descriptor, Digest, Error, ErrorCode, LimitExceeded, Manifest, ManifestKind, MediaType, ProtocolError,
    RepositoryName, Stage, Tag,
    auth::Access,
    http::{Method, Request, ResponseHead, Url, query_value},
};
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// Finds what refers to a manifest: signatures, SBOMs, attestations.
///
/// ```
/// use portolan::{Digest, op::{Operation, Referrers}};
/// let op = Referrers::of(&"team/app".parse()?, &Digest::sha256(b"x"), None);
/// assert_eq!(op.stage(), portolan::Stage::Referrers);
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Debug)]
pub struct Referrers {
    repository: RepositoryName,
    subject: Digest,
    artifact_type: Option<String>,
    source: ReferrersSource,
    query: Option<String>,
    asked: Option<Url>,
    guard: PageGuard,
    found: Vec<Descriptor>,
}

/// How referrers were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrersSource {
    /// The referrers API.
    Api,
    /// The tag `<algorithm>-<encoded>`.
    TagSchema,
}

/// The referrers of a manifest.
#[derive(Clone, Debug)]
pub struct ReferrersFound {
    /// Their descriptors.
    pub referrers: Vec<Descriptor>,
    /// How they were found.
    pub source: ReferrersSource,
    /// Why the list is not whole, if it is not.
    pub truncated: Option<super::Truncated>,
}

impl Referrers {
    /// Everything that refers to `subject`, or only what has this artifact type.
    #[must_use]
    pub fn of(repository: &RepositoryName, subject: &Digest, artifact_type: Option<&str>) -> Self {
        Self {
            repository: repository.clone(),
            subject: subject.clone(),
            artifact_type: artifact_type.map(String::from),
            source: ReferrersSource::Api,
            query: None,
            asked: None,
            guard: PageGuard::default(),
            found: Vec::new(),
        }
    }

    fn path(&self) -> String {
        if self.source == ReferrersSource::TagSchema {
            return format!("/v2/{}/manifests/{}", self.repository, Tag::for_referrers(&self.subject));
        }
        let path = format!("/v2/{}/referrers/{}", self.repository, self.subject);
        match (&self.query, &self.artifact_type) {
            (Some(query), _) => format!("{path}?{query}"),
            (None, Some(wanted)) => format!("{path}?artifactType={}", query_value(wanted)),
            (None, None) => path,
        }
    }

    fn fall_back(&mut self, context: &mut Context<'_>) -> Next<ReferrersFound> {
        *context.referrers = Support::No;
        self.source = ReferrersSource::TagSchema;
        Next::Again
    }

    fn done(&mut self, truncated: Option<Error>) -> Next<ReferrersFound> {
        let truncated = truncated.map(|error| super::Truncated { error, page: self.guard.pages });
        Next::Done(ReferrersFound { referrers: core::mem::take(&mut self.found), source: self.source, truncated })
    }

    /// Servers may ignore the filter (`OCI-Filters-Applied` tells); filtering again does no harm. False for an empty
    /// page.
    fn take(&mut self, manifest: &Manifest) -> Result<bool, Error> {
        let ManifestKind::Index(index) = manifest.kind() else {
            return Err(ProtocolError::Document { path: "$".into(), reason: "not an image index" }.into());
        };
        let wanted = self.artifact_type.take();
        let fits = |d: &Descriptor| {
            wanted.as_deref().is_none_or(|w| d.artifact_type.as_ref().is_some_and(|t| t.as_ref() == w))
        };
        self.found.extend(index.manifests.iter().filter(|d| fits(d)).cloned());
        self.artifact_type = wanted;
        Ok(!index.manifests.is_empty())
    }
}

/// A web page with status 200 is no answer of the API.
fn is_index(head: &ResponseHead) -> bool {
    head.content_type().is_none_or(|t| {
        t.parse::<MediaType>().is_ok_and(|t| t.is_index() || (t.is_generic() && t.as_ref() != "text/html"))
    })
}

impl Operation for Referrers {
    type Output = ReferrersFound;

    fn stage(&self) -> Stage {
        Stage::Referrers
    }

    fn access(&self) -> Option<Access> {
        Some(Access::pull(&self.repository))
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        if *context.referrers == Support::No {
            self.source = ReferrersSource::TagSchema;
        }
        let mut request = context.request(Method::Get, &self.path());
        request.headers.push("Accept", MediaType::OCI_INDEX.as_ref());
        self.asked = Some(request.url.clone());
        Ok(request)
    }

    fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Collect(context.limits.page))
    }

    fn accept(
        &mut self,
        head: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<ReferrersFound>, Error> {
        if self.source == ReferrersSource::TagSchema {
            let manifest = Manifest::parse(body, head.headers.get("content-type"), context.limits)?;
            if *manifest.digest() != self.subject && matches!(manifest.kind(), ManifestKind::Index(_)) {
                self.take(&manifest)?;
            }
            return Ok(self.done(None));
        }
        if !is_index(&head) {
            return Ok(self.fall_back(context));
        }
        *context.referrers = Support::Yes;
        let had_items = self.take(&Manifest::parse(body, head.headers.get("content-type"), context.limits)?)?;
        if self.found.len() > context.limits.items {
            self.found.truncate(context.limits.items);
            let limit = context.limits.items as u64;
            return Ok(self.done(Some(LimitExceeded { which: "items of one listing", limit }.into())));
        }
        let Some(asked) = &self.asked else { return Ok(self.done(None)) };
        let next = next_query(asked, &head);
        match self.guard.step(asked.query().unwrap_or_default(), next, had_items, context.limits) {
            Ok(None) => Ok(self.done(None)),
            Ok(Some(query)) => {
                self.query = Some(query);
                Ok(Next::Again)
            }
            Err(error) => Ok(self.done(Some(error))),
        }
    }

    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<ReferrersFound>, Error> {
        match (self.source, error.status) {
            // The specification falls back on every 404; one that speaks of the repository tells nothing of the API.
            (ReferrersSource::Api, 404) if self.found.is_empty() && error.code() == Some(&ErrorCode::NAME_UNKNOWN) => {
                self.source = ReferrersSource::TagSchema;
                Ok(Next::Again)
            }
            (ReferrersSource::Api, 400 | 404 | 405 | 406 | 501) if self.found.is_empty() => Ok(self.fall_back(context)),
            // No such tag: nothing refers to the subject.
            (ReferrersSource::TagSchema, 404) => Ok(self.done(None)),
            _ => Err(Box::new(error).into()),
        }
    }
}
