//! Where a registry's API lives.

use crate::{
    ReferenceError,
    http::{Origin, Url},
};
use alloc::string::{String, ToString};
use core::str::FromStr;

/// The address below which `/v2/` lies: an origin, and a path prefix where a relay or gateway has one.
///
/// ```
/// let hub: portolan::Endpoint = "https://portal.example/api/registries/hub/".parse()?;
/// assert_eq!(hub.url("/v2/").as_str(), "https://portal.example/api/registries/hub/v2/");
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    origin: Origin,
    prefix: String,
}

impl Endpoint {
    /// An endpoint at the root of an origin.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self { origin, prefix: String::new() }
    }

    /// The origin, to which credentials are bound.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address of `path_and_query`, which begins with `/v2/`.
    #[must_use]
    pub fn url(&self, path_and_query: &str) -> Url {
        let mut path = self.prefix.clone();
        path.push_str(path_and_query);
        Url::from_parts(self.origin.clone(), &path)
    }
}

impl From<Origin> for Endpoint {
    fn from(origin: Origin) -> Self {
        Self::new(origin)
    }
}

impl FromStr for Endpoint {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse()?;
        if url.query().is_some() {
            return Err(ReferenceError::Url("a registry address has no query"));
        }
        let prefix = url.path().trim_end_matches('/').to_string();
        Ok(Self { origin: url.origin().clone(), prefix })
    }
}
