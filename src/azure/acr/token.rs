//! `/oauth2/exchange` and `/oauth2/token` by hand: for whoever keeps tokens outside of a session.
//!
//! A session with [`Credential::Entra`](crate::auth::Credential) does all of this by itself.

use crate::{
    AuthError, Error, Secret, Stage,
    auth::{Access, ExchangeAnswer, TokenAnswer},
    http::{Body, Form, Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan},
};
use alloc::{string::String, vec::Vec};

/// What is shown for a refresh token of the registry.
///
/// ```
/// use portolan::azure::acr::token::Shown;
/// assert!(!format!("{:?}", Shown::AccessToken("hunter2".into())).contains("hunter2"));
/// ```
#[derive(Clone, Debug)]
pub enum Shown {
    /// An Entra token.
    AccessToken(Secret),
    /// An Entra token and a refresh token; deprecated.
    Both {
        /// The token.
        access_token: Secret,
        /// The refresh token.
        refresh_token: Secret,
    },
    /// An Entra refresh token; deprecated.
    RefreshToken(Secret),
}

/// Asks for a refresh token of the registry. Runs in an [anonymous session](crate::Session::anonymous) with the registry.
///
/// ```
/// use portolan::{azure::acr::token::{Exchange, Shown}, op::Operation};
/// let op = Exchange::new(Shown::AccessToken("eyJ0".into()), "myregistry.azurecr.io", None);
/// assert_eq!(op.stage(), portolan::Stage::Token);
/// ```
#[derive(Debug)]
pub struct Exchange {
    shown: Shown,
    service: String,
    tenant: Option<String>,
}

impl Exchange {
    /// `service` is the registry's login server.
    #[must_use]
    pub fn new(shown: Shown, service: impl Into<String>, tenant: Option<String>) -> Self {
        Self { shown, service: service.into(), tenant }
    }

    fn form(&self) -> String {
        let mut form = Form::default();
        match &self.shown {
            Shown::AccessToken(token) => {
                form.add("grant_type", "access_token").add("access_token", token.expose());
            }
            Shown::Both { access_token, refresh_token } => {
                form.add("grant_type", "access_token_refresh_token").add("access_token", access_token.expose());
                form.add("refresh_token", refresh_token.expose());
            }
            Shown::RefreshToken(token) => {
                form.add("grant_type", "refresh_token").add("refresh_token", token.expose());
            }
        }
        form.add("service", &self.service);
        if let Some(tenant) = &self.tenant {
            form.add("tenant", tenant);
        }
        form.finish()
    }
}

/// How an access token is asked for.
#[derive(Clone, Debug)]
pub enum Grant {
    /// With a refresh token of the registry.
    RefreshToken(Secret),
    /// With user name and password: admin, service principal, scoped token.
    Password {
        /// Name.
        username: String,
        /// Password.
        password: Secret,
    },
    /// With nothing: registries that let anybody pull.
    Anonymous,
}

/// Asks for an access token for one scope. Runs in an [anonymous session](crate::Session::anonymous) with the registry.
///
/// ```
/// use portolan::{azure::acr::token::{AccessToken, Grant}, op::Operation};
/// let op = AccessToken::new(Grant::Anonymous, "myregistry.azurecr.io", "repository:acrtasks:pull");
/// assert_eq!(op.stage(), portolan::Stage::Token);
/// ```
#[derive(Debug)]
pub struct AccessToken {
    grant: Grant,
    service: String,
    scope: String,
}

impl AccessToken {
    /// `service` is the registry's login server.
    #[must_use]
    pub fn new(grant: Grant, service: impl Into<String>, scope: impl Into<String>) -> Self {
        Self { grant, service: service.into(), scope: scope.into() }
    }

    fn form(&self) -> String {
        let mut form = Form::default();
        match &self.grant {
            Grant::RefreshToken(token) => {
                form.add("grant_type", "refresh_token").add("refresh_token", token.expose());
            }
            Grant::Password { username, password } => {
                form.add("grant_type", "password").add("username", username).add("password", password.expose());
            }
            // How the first-party SDKs ask.
            Grant::Anonymous => {
                form.add("grant_type", "password").add("refresh_token", "");
            }
        }
        form.add("service", &self.service).add("scope", &self.scope);
        form.finish()
    }
}

macro_rules! operation {
    ($name:ident at $path:literal gives $output:ident) => {
        impl Operation for $name {
            type Output = $output;

            fn stage(&self) -> Stage {
                Stage::Token
            }

            fn access(&self) -> Option<Access> {
                None
            }

            fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
                posted(context, $path, self.form())
            }

            fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
                Ok(Plan::Collect(context.limits.token_response))
            }

            fn accept(
                &mut self,
                _: ResponseHead,
                body: Vec<u8>,
                context: &mut Context<'_>,
            ) -> Result<Next<$output>, Error> {
                Ok(Next::Done($output::parse(&body, None, context.limits)?))
            }
        }
    };
}

operation! { Exchange at "/oauth2/exchange" gives ExchangeAnswer }
operation! { AccessToken at "/oauth2/token" gives TokenAnswer }

fn posted(context: &Context<'_>, path: &str, form: String) -> Result<Request, Error> {
    if context.credential {
        let reason = "tokens are asked for by hand in a session without a credential";
        return Err(AuthError::Credential(reason.into()).into());
    }
    let origin = context.endpoint.origin();
    if origin.scheme() == crate::http::Scheme::Http && !origin.is_internal() {
        return Err(AuthError::Plain(alloc::string::ToString::to_string(origin)).into());
    }
    let mut request = context.request(Method::Post, path);
    request.headers.push("Accept", "application/json");
    request.headers.push("Content-Type", "application/x-www-form-urlencoded");
    request.body = Body::Form(Secret::new(form));
    request.repeatable = true;
    Ok(request)
}
