//! A request passed through for somebody else: the portal's relay. What is asked is the caller's to check.

use super::{Context, Next, Operation, Plan};
use crate::{
    Error, RepositoryName, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead},
};
use alloc::{string::String, vec::Vec};

/// Passes one GET or HEAD below `/v2/` through, body streamed and not verified.
///
/// ```
/// use portolan::{http::Method, op::{Operation, Relay}};
/// let op = Relay::new(Method::Get, "/v2/_catalog?n=10".into(), None);
/// assert_eq!(op.stage(), portolan::Stage::Relay);
/// ```
#[derive(Debug)]
pub struct Relay {
    method: Method,
    path: String,
    repository: Option<RepositoryName>,
    /// In place of what the path tells.
    access: Option<Access>,
    /// Fields to send along: `Accept`, `Range`.
    headers: Vec<(&'static str, String)>,
}

impl Relay {
    /// `path` is path and query, beginning with `/v2/`. Without a repository it needs the catalog's scope, or none
    /// for `/v2/` itself.
    #[must_use]
    pub fn new(method: Method, path: String, repository: Option<RepositoryName>) -> Self {
        Self { method, path, repository, access: None, headers: Vec::new() }
    }

    /// With another scope than pulling: for what registries have beside the distribution API.
    #[must_use]
    pub fn needing(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    /// Sends a field along.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Operation for Relay {
    /// The head; its body, if any, was streamed.
    type Output = ResponseHead;

    fn stage(&self) -> Stage {
        Stage::Relay
    }

    fn access(&self) -> Option<Access> {
        if self.access.is_some() {
            return self.access.clone();
        }
        match &self.repository {
            Some(repository) => Some(Access::pull(repository)),
            None if self.path.starts_with("/v2/_catalog") => Some(Access::catalog()),
            None => None,
        }
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = context.request(self.method, &self.path);
        for (name, value) in &self.headers {
            request.headers.push(*name, value.as_str());
        }
        Ok(request)
    }

    fn head(&mut self, _: &ResponseHead, _: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Stream)
    }

    fn accept(&mut self, head: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<ResponseHead>, Error> {
        Ok(Next::Done(head))
    }
}
