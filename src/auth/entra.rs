//! From an Entra identity to a bearer token: for ARM in one step, for a registry in three.
//!
//! ```text
//! identity ── authority ──> Entra token ──────────────────────────────> ARM
//!                              └── /oauth2/exchange ──> refresh token ── /oauth2/token ──> access token ──> registry
//! ```
//!
//! Each of them is kept and shared by all exchanges of the session. One that is refused is got anew, once, from the one
//! before it. AAD-OAuth.md in Azure/acr.

use super::{
    Credential, ExchangeAnswer, Fetch, ScopeSet, TokenAnswer, TokenNext, TokenPlan, Trust, Verdict,
    cache::Lookup,
    flow::{Auth, Known, Permit, Sent, bearer},
};
use crate::{
    ApiError, AuthError, Error, Limits, Secret, Tick,
    azure::entra::Entra,
    http::{Body, Form, Method, Request, ResponseHead, Url},
    op::Support,
};
use alloc::{boxed::Box, string::String};
use core::time::Duration;

/// Slots of the cache; scopes have colons.
const ENTRA: &str = "entra";
const REFRESH: &str = "refresh";

/// One step towards a token.
pub(crate) enum EntraFetch {
    /// The authority, or the machine's own identity service.
    Identity(Box<Entra>),
    /// `/oauth2/exchange` of the registry.
    Exchange(Box<Exchange>),
}

pub(crate) struct Exchange {
    realm: Url,
    service: Option<String>,
    tenant: Option<String>,
    token: Secret,
    parent: Option<u64>,
}

impl EntraFetch {
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Identity(_) => ENTRA,
            Self::Exchange(_) => REFRESH,
        }
    }

    pub(super) fn is_named_by_registry(&self) -> bool {
        matches!(self, Self::Exchange(_))
    }

    pub(super) fn parent(&self) -> Option<u64> {
        match self {
            Self::Identity(_) => None,
            Self::Exchange(exchange) => exchange.parent,
        }
    }

    pub(super) fn request(&self, limits: &Limits) -> Result<Request, Error> {
        match self {
            Self::Identity(entra) => entra.request(limits),
            Self::Exchange(exchange) => exchange.request(limits),
        }
    }

    pub(super) fn accept(
        &self,
        head: &ResponseHead,
        body: &[u8],
        limits: &Limits,
        unix: u64,
    ) -> Result<TokenNext, Error> {
        match (head.status, self) {
            (200..=299, Self::Identity(_)) => Ok(TokenNext::Token(TokenAnswer::parse(body, Some(unix), limits)?)),
            (200..=299, Self::Exchange(_)) => {
                let ExchangeAnswer { refresh_token, lifetime } = ExchangeAnswer::parse(body, Some(unix), limits)?;
                Ok(TokenNext::Token(TokenAnswer { token: refresh_token, refresh_token: None, lifetime }))
            }
            (0 | 300..=399, _) => Err(AuthError::RealmRefused("the token service redirects").into()),
            _ => Err(self.refusal(head, body, limits)),
        }
    }

    fn refusal(&self, head: &ResponseHead, body: &[u8], limits: &Limits) -> Error {
        let asked = self.request(limits).ok();
        let (method, url) = asked.map_or((Method::Post, String::new()), |r| (r.method, r.url.redacted()));
        let mut api = ApiError::new(method, url, head.status);
        api.correlation = crate::exchange::correlation(head);
        api.read_body(body, limits);
        match (head.status, self) {
            // The registry knows the identity, and it may not do anything there.
            (403, Self::Exchange(_)) => Box::new(api).into(),
            (400 | 401 | 403, _) => {
                let detail = alloc::string::ToString::to_string(&api);
                AuthError::Unauthorized { anonymous: false, detail }.into()
            }
            _ => Box::new(api).into(),
        }
    }
}

impl Exchange {
    fn request(&self, limits: &Limits) -> Result<Request, Error> {
        let mut form = Form::default();
        form.add("grant_type", "access_token");
        if let Some(service) = &self.service {
            form.add("service", service);
        }
        if let Some(tenant) = &self.tenant {
            form.add("tenant", tenant);
        }
        form.add("access_token", self.token.expose());
        let mut request = Request::new(Method::Post, self.realm.join("/oauth2/exchange")?, limits);
        request.headers.push("Accept", "application/json");
        request.headers.push("Content-Type", "application/x-www-form-urlencoded");
        request.body = Body::Form(Secret::new(form.finish()));
        Ok(request)
    }
}

/// A token that is there, with its number in the cache; or what has to happen first.
type Have = Result<(Option<u64>, Secret), Permit>;

impl Auth {
    /// Entra's tokens are what the server wants, and it sends no challenge that tells.
    pub(crate) fn set_direct(&mut self) {
        self.scheme = Known::Entra;
    }

    /// For ARM.
    pub(super) fn entra_bearer(&mut self, owner: u64, since: Option<Duration>, tick: Tick) -> Permit {
        if self.credential.is_none() {
            return Permit::Bare;
        }
        if let Err(error) = self.check_plain(&self.registry) {
            return Permit::Fail(error.into());
        }
        match self.entra_token(owner, since, tick) {
            Ok((serial, token)) => Permit::Bearer { value: bearer(&token), serial },
            Err(permit) => permit,
        }
    }

    /// For a registry: the next link of the chain to a token for `scopes`. Nothing if the credential is another one.
    pub(super) fn entra_link(
        &mut self,
        scopes: &ScopeSet,
        owner: u64,
        since: Option<Duration>,
        tick: Tick,
    ) -> Option<Permit> {
        let (Some(Credential::Entra(_)), Known::Bearer { realm, service, trust: Trust::Credential }) =
            (&self.credential, &self.scheme)
        else {
            return None;
        };
        let (realm, service) = (realm.clone(), service.clone());
        if let Err(error) = self.check_plain(realm.origin()) {
            return Some(Permit::Fail(error.into()));
        }
        Some(match self.refresh_token(&realm, service.as_ref(), owner, since, tick) {
            Ok((parent, token)) => {
                let credential = Credential::IdentityToken { username: String::new(), token };
                let (realm, scopes) = (realm, scopes.clone());
                let mut plan = TokenPlan::new(realm, service, scopes, Some(credential), false, Support::Unknown);
                plan.parent = parent;
                self.begin(Fetch::Registry(plan), owner, tick)
            }
            Err(permit) => permit,
        })
    }

    fn refresh_token(
        &mut self,
        realm: &Url,
        service: Option<&String>,
        owner: u64,
        since: Option<Duration>,
        tick: Tick,
    ) -> Have {
        if let Some(have) = self.cached(REFRESH, since, tick) {
            return have;
        }
        let (parent, token) = self.entra_token(owner, since, tick)?;
        let tenant = match &self.credential {
            Some(Credential::Entra(entra)) => entra.tenant().map(String::from),
            _ => None,
        };
        let exchange = Exchange { realm: realm.clone(), service: service.cloned(), tenant, token, parent };
        Err(self.begin(Fetch::Entra(EntraFetch::Exchange(Box::new(exchange))), owner, tick))
    }

    fn entra_token(&mut self, owner: u64, since: Option<Duration>, tick: Tick) -> Have {
        let Some(Credential::Entra(entra)) = &self.credential else {
            return Err(Permit::Bare);
        };
        if let Some(supplied) = entra.supplied(tick.unix) {
            return supplied.map(|token| (None, token)).map_err(|error| Permit::Fail(error.into()));
        }
        let entra = entra.clone();
        if let Some(have) = self.cached(ENTRA, since, tick) {
            return have;
        }
        if let Err(error) = entra.secret_goes_to().map_or(Ok(()), |origin| self.check_plain(origin)) {
            return Err(Permit::Fail(error.into()));
        }
        Err(self.begin(Fetch::Entra(EntraFetch::Identity(entra)), owner, tick))
    }

    fn cached(&mut self, key: &str, since: Option<Duration>, tick: Tick) -> Option<Have> {
        match self.cache.lookup(key, since, tick.monotonic) {
            Lookup::Ready { serial, token } => Some(Ok((Some(serial), token))),
            Lookup::Wait => Some(Err(Permit::Wait)),
            Lookup::Failed(error) => Some(Err(Permit::Fail(error))),
            Lookup::Absent => None,
        }
    }

    /// What a 401 means where no challenge counts.
    pub(crate) fn without_challenge(&self, sent: Sent) -> Option<Verdict> {
        if !matches!(self.scheme, Known::Entra) {
            return None;
        }
        let renewable = matches!(&self.credential, Some(Credential::Entra(entra)) if !entra.is_supplied());
        let renewable = renewable && sent == Sent::Bearer;
        Some(if renewable { Verdict::Replay { changed: false } } else { Verdict::Refused })
    }

    /// Refresh tokens change with their use; the old one may not be taken again.
    pub(crate) fn rotate(&mut self, fetch: &Fetch, answer: &TokenAnswer) {
        if let (Fetch::Entra(EntraFetch::Identity(_)), Some(new), Some(Credential::Entra(entra))) =
            (fetch, &answer.refresh_token, &mut self.credential)
        {
            entra.rotate(new);
        }
    }

    /// Token requests that one operation may need for each token of its own: the links of the chain.
    pub(crate) fn links(&self) -> u32 {
        match &self.credential {
            Some(Credential::Entra(_)) => 3,
            _ => 1,
        }
    }
}
