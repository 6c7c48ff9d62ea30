//! One fetch of a token: what to ask, and what the answers mean.
//!
//! Docker token authentication (GET with Basic) and OAuth2 (POST); see distribution's `auth/token.md` and `auth/oauth.md`.

use super::{Credential, ScopeSet, TokenAnswer};
use crate::{
    ApiError, AuthError, Error, Limits, Secret,
    http::{Body, Form, Method, Request, ResponseHead, Url},
    op::Support,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
};

/// Name by which token services know us.
const CLIENT_ID: &str = "portolan";

/// A token to be fetched.
pub(crate) struct TokenPlan {
    realm: Url,
    service: Option<String>,
    pub(crate) scopes: ScopeSet,
    credential: Option<Credential>,
    /// There is a credential, and the realm is not trusted with it.
    pub(crate) withheld: bool,
    grant: Grant,
    /// The other grant has been tried.
    switched: bool,
    /// The token in the cache that stands behind the credential.
    #[cfg(feature = "azure")]
    pub(super) parent: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grant {
    Get,
    Post,
}

pub(crate) enum TokenNext {
    Token(TokenAnswer),
    /// Ask again, the other way.
    Again,
}

impl TokenPlan {
    pub(crate) fn new(
        realm: Url,
        service: Option<String>,
        scopes: ScopeSet,
        credential: Option<Credential>,
        withheld: bool,
        post: Support,
    ) -> Self {
        // An identity token is an OAuth2 refresh token: GET has no field for it.
        let oauth2 = matches!(credential, Some(Credential::IdentityToken { .. })) && post != Support::No;
        let grant = if oauth2 { Grant::Post } else { Grant::Get };
        Self {
            realm,
            service,
            scopes,
            credential,
            withheld,
            grant,
            switched: false,
            #[cfg(feature = "azure")]
            parent: None,
        }
    }

    pub(crate) fn request(&self, limits: &Limits) -> Result<Request, Error> {
        match self.grant {
            Grant::Get => self.get(limits),
            Grant::Post => Ok(self.post(limits)),
        }
    }

    fn get(&self, limits: &Limits) -> Result<Request, Error> {
        let mut query = Form::default();
        if let Some(service) = &self.service {
            query.add("service", service);
        }
        for scope in self.scopes.iter() {
            query.add("scope", &scope.to_string());
        }
        query.add("client_id", CLIENT_ID);
        let query = query.finish();
        let separator = if self.realm.query().is_some() { '&' } else { '?' };
        let url = format!("{}{separator}{query}", self.realm).parse::<Url>()?;
        let mut request = Request::new(Method::Get, url, limits);
        request.headers.push("Accept", "application/json");
        request.authorization = self.credential.as_ref().and_then(Credential::basic_header);
        Ok(request)
    }

    fn post(&self, limits: &Limits) -> Request {
        let mut form = Form::default();
        match &self.credential {
            Some(Credential::IdentityToken { token, .. }) => {
                form.add("grant_type", "refresh_token").add("refresh_token", token.expose());
            }
            Some(Credential::Basic { username, password }) => {
                form.add("grant_type", "password").add("username", username).add("password", password.expose());
            }
            // ACR gives anonymous tokens for a password grant with an empty refresh token.
            _ => {
                form.add("grant_type", "password").add("refresh_token", "");
            }
        }
        if let Some(service) = &self.service {
            form.add("service", service);
        }
        if !self.scopes.is_empty() {
            form.add("scope", &self.scopes.to_string());
        }
        form.add("client_id", CLIENT_ID);
        let mut request = Request::new(Method::Post, self.realm.clone(), limits);
        request.headers.push("Accept", "application/json");
        request.headers.push("Content-Type", "application/x-www-form-urlencoded");
        request.body = Body::Form(Secret::new(form.finish()));
        request
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
        match head.status {
            200..=299 => {
                if self.grant == Grant::Post {
                    *post = Support::Yes;
                }
                Ok(TokenNext::Token(TokenAnswer::parse(body, Some(unix), limits)?))
            }
            0 | 300..=399 => Err(AuthError::RealmRefused("the token service redirects").into()),
            404 | 405 if self.switch(post) => Ok(TokenNext::Again),
            _ => Err(self.refusal(head, body, limits)),
        }
    }

    /// Some services know one way only, and say so with 404 or 405.
    fn switch(&mut self, post: &mut Support) -> bool {
        if self.switched {
            return false;
        }
        self.switched = true;
        self.grant = match self.grant {
            Grant::Get => Grant::Post,
            Grant::Post => {
                *post = Support::No;
                Grant::Get
            }
        };
        true
    }

    fn refusal(&self, head: &ResponseHead, body: &[u8], limits: &Limits) -> Error {
        let method = if self.grant == Grant::Get { Method::Get } else { Method::Post };
        let url = self.realm.redacted();
        let mut api = ApiError::new(method, url, head.status);
        #[cfg(feature = "azure")]
        {
            api.correlation = crate::exchange::correlation(head);
        }
        api.read_body(body, limits);
        match head.status {
            // OAuth2 answers a bad grant with 400 (RFC 6749 section 5.2).
            400 | 401 | 403 => self.unauthorized(api.to_string()),
            _ => Box::new(api).into(),
        }
    }

    /// The registry or its token service wants more than this plan could give.
    pub(crate) fn unauthorized(&self, detail: String) -> Error {
        if self.withheld {
            return AuthError::RealmNotTrusted { realm_origin: self.realm.origin().to_string() }.into();
        }
        AuthError::Unauthorized { anonymous: self.credential.is_none(), detail }.into()
    }
}
