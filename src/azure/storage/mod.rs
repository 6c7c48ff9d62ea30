//! Blob storage, as far as builds need it: a context goes up, a log comes down.
//!
//! ARM names the addresses, and they are signed: whoever has one may use it. Requests to them carry no credential, and
//! they are contacted over https only, or on loopback.

mod log;
mod upload;

pub use log::{LogOutcome, LogRead};
pub use upload::{BLOCK, PutBlob, PutBlock, PutBlockList};

use crate::{
    Error, ProtocolError,
    http::{Method, Request, Scheme, Url},
};
use core::fmt;

/// A signed address: prints without its signature.
///
/// ```
/// use portolan::azure::storage::SignedUrl;
/// let url = SignedUrl::parse("https://account.blob.core.windows.net/c/x.tar.gz?sig=hunter2")?;
/// assert!(!format!("{url:?}").contains("hunter2"));
/// assert!(SignedUrl::parse("http://account.example/x?sig=hunter2").is_err());
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SignedUrl(Url);

impl SignedUrl {
    /// Checks an address that ARM has given.
    ///
    /// # Errors
    /// If it is no address, or would be contacted in plain text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let url: Url = text.parse().map_err(|_| ProtocolError::Redirect("the signed address is no http(s) address"))?;
        if url.origin().scheme() == Scheme::Http && !url.origin().is_loopback() {
            return Err(ProtocolError::Redirect("the signed address is one of plain http").into());
        }
        Ok(Self(url))
    }

    /// The address itself. Every call is a place to review.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }

    /// A request to it, with more of a query.
    fn request(&self, method: Method, query: &str, context: &crate::op::Context<'_>) -> Result<Request, Error> {
        let url = match (query, self.0.query()) {
            ("", _) => self.0.clone(),
            (more, None) => alloc::format!("{}?{more}", self.0).parse()?,
            (more, Some(_)) => alloc::format!("{}&{more}", self.0).parse()?,
        };
        let mut request = Request::new(method, url, context.limits);
        request.headers.push("x-ms-version", VERSION);
        Ok(request)
    }
}

/// The version of storage's API that is spoken.
const VERSION: &str = "2021-08-06";

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedUrl").field(&self.0.redacted()).finish()
    }
}
