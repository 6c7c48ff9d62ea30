//! Operations: what to send, what it needs, and what the answers mean. A file per endpoint.

mod blob;
mod catalog;
mod manifest;
mod paging;
mod ping;
mod referrers;
mod relay;
mod seen;
mod tags;

pub use blob::{BlobHead, BlobInfo, BlobRange, BlobRead, BlobSlice, PartialBlob};
pub use catalog::Catalog;
pub use manifest::{Fetched, ManifestGet, ManifestHead, ManifestInfo};
#[cfg(feature = "azure")]
pub(crate) use paging::PageGuard;
pub use paging::{NamePage, Names, Page, Pager, RawPage, Truncated};
pub use ping::{Ping, Pong};
pub use referrers::{Referrers, ReferrersFound, ReferrersSource};
pub use relay::Relay;
#[cfg(feature = "azure")]
pub(crate) use seen::Seen;
pub use tags::Tags;

use crate::{
    ApiError, Endpoint, Error, Limits, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead},
};
use alloc::vec::Vec;
use core::{ops::Range, time::Duration};

/// A fact about a server that only trying can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Support {
    /// Not tried yet.
    #[default]
    Unknown,
    /// It works.
    Yes,
    /// It does not.
    No,
}

/// What an operation may know while it acts.
pub struct Context<'a> {
    /// The registry.
    pub endpoint: &'a Endpoint,
    /// The bounds.
    pub limits: &'a Limits,
    /// True if the session has a credential; with an answer, if it stands behind the request answered.
    pub credential: bool,
    /// Whether the server has the referrers API.
    pub referrers: &'a mut Support,
}

impl Context<'_> {
    /// A request below the endpoint; `path` begins with `/v2/`.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        Request::new(method, self.endpoint.url(path), self.limits)
    }
}

/// How the body of a successful answer is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Collect it, up to so many bytes.
    Collect(usize),
    /// Hand it to [`Operation::chunk`] as it comes.
    Stream,
}

/// What an answer led to.
#[derive(Debug)]
pub enum Next<T> {
    /// Another request after a pause that the server asked for: it is still at work. Attempts are counted anew.
    After(Duration),
    /// Another request: a further page, a fallback.
    Again,
    /// The result.
    Done(T),
    /// The same once more after a pause, if attempts remain; else this error.
    Retry(Error),
}

/// Part of a streamed chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Bytes that belong to the caller.
    pub deliver: Range<usize>,
    /// Nothing more is wanted.
    pub done: bool,
}

/// One call to a registry, as a value that any driver can carry out.
///
/// ```
/// use portolan::{Limits, op::{Context, Operation, Ping, Support}};
/// let endpoint = "https://registry.example".parse()?;
/// let mut context = Context { endpoint: &endpoint, limits: &Limits::DEFAULT, credential: false, referrers: &mut Support::Unknown };
/// let request = Ping::new().request(&mut context)?;
/// assert_eq!(request.url.as_str(), "https://registry.example/v2/");
/// # Ok::<(), portolan::Error>(())
/// ```
pub trait Operation {
    /// What it leads to.
    type Output;

    /// Its name in errors.
    fn stage(&self) -> Stage;

    /// The scope that its request needs; nothing where any caller may.
    fn access(&self) -> Option<Access>;

    /// The next request.
    ///
    /// # Errors
    /// If the operation cannot be put into a request.
    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error>;

    /// Looks at a 2xx head before any body is read.
    ///
    /// # Errors
    /// If this cannot be an answer to the request.
    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error>;

    /// Takes the error that [`Operation::head`] gave: a last word on whether another request could mend it.
    ///
    /// # Errors
    /// `error` itself, where none could.
    fn unacceptable(&mut self, error: Error) -> Result<Next<Self::Output>, Error> {
        Err(error)
    }

    /// Takes part of a streamed body.
    ///
    /// # Errors
    /// If the bytes cannot be those that were asked for.
    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        Ok(Portion { deliver: 0..chunk.len(), done: false })
    }

    /// True if a broken stream can go on with another request.
    fn resumable(&self) -> bool {
        false
    }

    /// True if enough has come since the last call for attempts to be counted anew.
    fn progressed(&mut self) -> bool {
        false
    }

    /// Takes the whole of a 2xx answer; the body is empty where it was streamed.
    ///
    /// # Errors
    /// If this cannot be an answer to the request.
    fn accept(
        &mut self,
        head: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<Self::Output>, Error>;

    /// Takes an answer that says no.
    ///
    /// # Errors
    /// `error` itself, where there is no other way.
    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<Self::Output>, Error> {
        let _ = context;
        Err(alloc::boxed::Box::new(error).into())
    }
}
