//! `GET /v2/`: is this a registry, and may we talk to it? OCI distribution-spec v1.1, end-1.
//!
//! 200 yes; 401 with a challenge, which the exchange answers; 404 no registry here.

use super::{Context, Next, Operation, Plan};
use crate::{
    Error, ProtocolError, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead},
    text::shown,
};
use alloc::{string::String, vec::Vec};

/// The check of `/v2/`.
///
/// ```
/// use portolan::op::{Operation, Ping};
/// assert_eq!(Ping::new().stage(), portolan::Stage::Ping);
/// ```
#[derive(Debug, Default)]
pub struct Ping(());

/// A registry that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pong {
    /// `Docker-Distribution-Api-Version`, where it is sent; safe to show.
    pub api_version: Option<String>,
    /// True if the session has a credential and the registry accepts it.
    pub authenticated: bool,
}

impl Ping {
    /// Asks `/v2/`.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }
}

impl Operation for Ping {
    type Output = Pong;

    fn stage(&self) -> Stage {
        Stage::Ping
    }

    fn access(&self) -> Option<Access> {
        None
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        Ok(context.request(Method::Get, "/v2/"))
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        not_html(head)?;
        Ok(Plan::Collect(context.limits.page))
    }

    fn accept(&mut self, head: ResponseHead, _: Vec<u8>, context: &mut Context<'_>) -> Result<Next<Pong>, Error> {
        let api_version = head.headers.get("docker-distribution-api-version").map(|v| shown(v, 64));
        Ok(Next::Done(Pong { api_version, authenticated: context.credential }))
    }
}

/// A login page or a proxy's notice is no answer of a registry (H10).
pub(super) fn not_html(head: &ResponseHead) -> Result<(), ProtocolError> {
    match head.content_type() {
        Some(t) if t == "text/html" || t == "application/xhtml+xml" => Err(ProtocolError::ContentType(shown(&t, 100))),
        _ => Ok(()),
    }
}
