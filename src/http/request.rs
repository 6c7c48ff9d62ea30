//! What a driver is asked to send.

use super::{Headers, Method, Origin, Url};
use crate::Secret;
use alloc::sync::Arc;
use core::time::Duration;

/// A body to send.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`; secret, since token forms hold passwords.
    Form(Secret),
    /// A JSON document; secret, since some documents hold passwords. Its type stands among the headers.
    Json(Secret),
    /// Bytes that somebody is to keep. Their type stands among the headers.
    Bytes(Arc<[u8]>),
}

/// One HTTP request. Drivers add nothing but what HTTP itself demands: no cookies, no credentials, no redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Fields that may be shown.
    pub headers: Headers,
    /// Value of `Authorization`, only ever for an origin that may have it.
    pub authorization: Option<Secret>,
    /// Body.
    pub body: Body,
    /// The environment may follow redirects by itself, because the request carries no secret and the
    /// environment (a browser) shows no `Location`.
    pub follow: bool,
    /// It may be sent again although an earlier sending may have arrived (H05): true of idempotent methods, and of a
    /// POST that changes nothing.
    pub repeatable: bool,
    /// Caches on the way must not answer: an earlier answer did not verify.
    pub reload: bool,
    /// The peer that named this address, where the user did not. An internal address may then be dialled only if
    /// the peer's own address is internal.
    pub named_by: Option<Origin>,
    /// Time to connect.
    pub connect: Duration,
    /// Time until the response's headers.
    pub within: Duration,
}

impl Request {
    pub(crate) fn new(method: Method, url: Url, limits: &crate::Limits) -> Self {
        Self {
            method,
            url,
            headers: Headers::new(),
            authorization: None,
            body: Body::Empty,
            follow: false,
            repeatable: method.is_idempotent(),
            reload: false,
            named_by: None,
            connect: limits.connect,
            within: limits.headers,
        }
    }
}
