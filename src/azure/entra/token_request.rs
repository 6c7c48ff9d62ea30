//! A token by hand: for whoever keeps tokens outside of a session.

use super::Entra;
use crate::{
    AuthError, Error, Stage,
    auth::{Access, TokenAnswer},
    http::{Request, ResponseHead},
    op::{Context, Next, Operation, Plan},
};
use alloc::vec::Vec;

/// Asks for a token of an identity. Runs in an [anonymous session](crate::Session::anonymous) with the authority.
///
/// ```
/// use portolan::{azure::{Cloud, entra::{Entra, TokenRequest}}, op::Operation};
/// let entra = Entra::client_secret(&Cloud::public(), "contoso.example", "app", "secret")?;
/// assert_eq!(TokenRequest::new(entra).stage(), portolan::Stage::Token);
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Debug)]
pub struct TokenRequest(Entra);

impl TokenRequest {
    /// For the identity's audience.
    #[must_use]
    pub fn new(identity: Entra) -> Self {
        Self(identity)
    }
}

impl Operation for TokenRequest {
    type Output = TokenAnswer;

    fn stage(&self) -> Stage {
        Stage::Token
    }

    fn access(&self) -> Option<Access> {
        None
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        if context.credential {
            return Err(AuthError::Credential("a session with a credential asks by itself".into()).into());
        }
        let mut request = self.0.request(context.limits)?;
        // The user has named the address, and not the authority, if it is another one.
        request.named_by = Some(request.url.origin().clone());
        Ok(request)
    }

    fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        Ok(Plan::Collect(context.limits.token_response))
    }

    fn accept(
        &mut self,
        _: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<TokenAnswer>, Error> {
        Ok(Next::Done(TokenAnswer::parse(&body, None, context.limits)?))
    }
}
