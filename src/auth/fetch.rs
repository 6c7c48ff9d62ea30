//! What an exchange fetches before it can send its request.

#[cfg(feature = "azure")]
use super::entra::EntraFetch;
use super::{TokenNext, TokenPlan};
use crate::{
    Error, Limits,
    http::{Request, ResponseHead},
    op::Support,
};
use alloc::string::{String, ToString};

/// A token to be fetched.
pub(crate) enum Fetch {
    /// From the token service that a registry names.
    Registry(TokenPlan),
    /// From Entra, or for what came from there.
    #[cfg(feature = "azure")]
    Entra(EntraFetch),
}

impl Fetch {
    /// Where the token is kept.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Registry(plan) => plan.scopes.to_string(),
            #[cfg(feature = "azure")]
            Self::Entra(fetch) => fetch.key().into(),
        }
    }

    /// True if the registry has named the address, rather than our own user.
    pub(crate) fn is_named_by_registry(&self) -> bool {
        match self {
            Self::Registry(_) => true,
            #[cfg(feature = "azure")]
            Self::Entra(fetch) => fetch.is_named_by_registry(),
        }
    }

    pub(crate) fn request(&self, limits: &Limits) -> Result<Request, Error> {
        match self {
            Self::Registry(plan) => plan.request(limits),
            #[cfg(feature = "azure")]
            Self::Entra(fetch) => fetch.request(limits),
        }
    }

    /// Reads the answer. `unix` is the wall clock, for tokens that carry nothing but an end.
    pub(crate) fn accept(
        &mut self,
        head: &ResponseHead,
        body: &[u8],
        limits: &Limits,
        unix: u64,
        post: &mut Support,
    ) -> Result<TokenNext, Error> {
        match self {
            Self::Registry(plan) => plan.accept(head, body, limits, unix, post),
            #[cfg(feature = "azure")]
            Self::Entra(fetch) => fetch.accept(head, body, limits, unix),
        }
    }

    /// The token is refused although it is new.
    pub(crate) fn unauthorized(&self, detail: String) -> Error {
        match self {
            Self::Registry(plan) => plan.unauthorized(detail),
            #[cfg(feature = "azure")]
            Self::Entra(_) => crate::AuthError::Unauthorized { anonymous: false, detail }.into(),
        }
    }

    /// The cached token that is shown to get this one.
    #[cfg(feature = "azure")]
    pub(crate) fn parent(&self) -> Option<u64> {
        match self {
            Self::Registry(plan) => plan.parent,
            Self::Entra(fetch) => fetch.parent(),
        }
    }
}
