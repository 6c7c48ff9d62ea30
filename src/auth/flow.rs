//! How a request to a registry comes by its `Authorization`.
//!
//! ```text
//! unknown ── 401 Bearer ──> bearer ── token absent ──> fetch (one for all waiters) ──> send with token
//!    │                         └──── token present ─────────────────────────────────────^   │ 401
//!    ├────── 401 Basic ──> basic ── credential ──> send with it ── 401 ──> Unauthorized     v
//!    └────── 2xx: stays unknown, nothing is sent                  forget the token, once more; then Unauthorized
//! ```
//!
//! Rules: a credential leaves only for the registry's own origin and for realms that [`RealmPolicy`] trusts; nothing
//! secret leaves over plain http except to internal hosts or where the user said so; a scope asks for what the
//! operation needs, never for what the challenge would like.

use super::{
    Access, Challenge, Credential, Fetch, RealmPolicy, Scope, ScopeSet, TokenPlan, Trust, cache::Lookup,
    cache::TokenCache,
};
use crate::{
    AuthError, Error, Secret, Tick,
    http::{Origin, Scheme, Url},
    op::Support,
    sorted::SortedMap,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
};
use core::time::Duration;

/// Scopes remembered at once; whoever names repositories must not make us keep them all.
const MAX_AGREED: usize = 1_024;

/// What is known of a registry's wishes, and the tokens fetched so far.
pub(crate) struct Auth {
    pub(super) registry: Origin,
    pub(super) credential: Option<Credential>,
    realms: RealmPolicy,
    plain_credentials: bool,
    pub(super) scheme: Known,
    /// By scope that an operation needs: the scope asked for after hearing the challenge.
    agreed: SortedMap<String, Scope>,
    pub(crate) cache: TokenCache,
    pub(crate) post: Support,
}

pub(super) enum Known {
    Unknown,
    Basic,
    Bearer {
        realm: Url,
        service: Option<String>,
        trust: Trust,
    },
    /// Entra's own tokens, of which no challenge tells: ARM.
    #[cfg(feature = "azure")]
    Entra,
}

/// What the next request may carry.
pub(crate) enum Permit {
    Bare,
    Basic(Secret),
    Bearer {
        value: Secret,
        serial: Option<u64>,
    },
    /// Fetch this first; the caller owns the fetch.
    Fetch(Box<Fetch>),
    /// Somebody else is fetching it.
    Wait,
    Fail(Error),
}

/// What a 401 means for the request that got it.
pub(crate) enum Verdict {
    /// Authorize again; `changed` if the challenge has told something new.
    Replay { changed: bool },
    /// There is nothing better to send.
    Refused,
    /// The challenge cannot be followed.
    Final(AuthError),
    /// No challenge at all: `/v2/` may tell.
    Silent,
}

impl Auth {
    pub(crate) fn new(
        registry: Origin,
        credential: Option<Credential>,
        realms: RealmPolicy,
        plain_credentials: bool,
    ) -> Self {
        Self {
            registry,
            credential,
            realms,
            plain_credentials,
            scheme: Known::Unknown,
            agreed: SortedMap::new(),
            cache: TokenCache::default(),
            post: Support::Unknown,
        }
    }

    pub(crate) fn has_credential(&self) -> bool {
        self.credential.is_some()
    }

    pub(crate) fn permit(
        &mut self,
        access: Option<&Access>,
        owner: u64,
        since: Option<Duration>,
        tick: Tick,
    ) -> Permit {
        if let Some(Credential::RegistryToken(token)) = &self.credential {
            let value = bearer(token);
            return match self.check_plain(&self.registry) {
                Ok(()) => Permit::Bearer { value, serial: None },
                Err(e) => Permit::Fail(e.into()),
            };
        }
        match &self.scheme {
            Known::Unknown => Permit::Bare,
            Known::Basic => self.basic(),
            Known::Bearer { .. } => self.bearer(access, owner, since, tick),
            #[cfg(feature = "azure")]
            Known::Entra => self.entra_bearer(owner, since, tick),
        }
    }

    fn basic(&self) -> Permit {
        match self.credential.as_ref().and_then(Credential::basic_header) {
            None => Permit::Bare,
            Some(value) => match self.check_plain(&self.registry) {
                Ok(()) => Permit::Basic(value),
                Err(e) => Permit::Fail(e.into()),
            },
        }
    }

    fn bearer(&mut self, access: Option<&Access>, owner: u64, since: Option<Duration>, tick: Tick) -> Permit {
        let scopes = self.scopes(access);
        match self.cache.lookup(&scopes.to_string(), since, tick.monotonic) {
            Lookup::Ready { serial, token } => Permit::Bearer { value: bearer(&token), serial: Some(serial) },
            Lookup::Wait => Permit::Wait,
            Lookup::Failed(error) => Permit::Fail(error),
            Lookup::Absent => {
                #[cfg(feature = "azure")]
                if let Some(permit) = self.entra_link(&scopes, owner, since, tick) {
                    return permit;
                }
                match self.plan(&scopes) {
                    Ok(plan) => self.begin(Fetch::Registry(plan), owner, tick),
                    Err(e) => Permit::Fail(e.into()),
                }
            }
        }
    }

    /// The caller fetches; whoever else wants the same waits for it.
    pub(super) fn begin(&mut self, fetch: Fetch, owner: u64, tick: Tick) -> Permit {
        self.cache.begin(&fetch.key(), owner, tick.monotonic);
        Permit::Fetch(Box::new(fetch))
    }

    fn scopes(&self, access: Option<&Access>) -> ScopeSet {
        let mut scopes = ScopeSet::default();
        if let Some(access) = access {
            let agreed = self.agreed.get(&access.scope.to_string());
            scopes.insert(agreed.unwrap_or(&access.scope).clone());
        }
        scopes
    }

    fn plan(&self, scopes: &ScopeSet) -> Result<TokenPlan, AuthError> {
        let Known::Bearer { realm, service, trust } = &self.scheme else {
            return Err(AuthError::Challenge("no token service is known"));
        };
        let credential = self.credential.clone().filter(|_| *trust == Trust::Credential);
        if credential.is_some() {
            self.check_plain(realm.origin())?;
        }
        let withheld = self.credential.is_some() && credential.is_none();
        Ok(TokenPlan::new(realm.clone(), service.clone(), scopes.clone(), credential, withheld, self.post))
    }

    /// Plain http is where everybody listens: only internal hosts, or those the user named, get secrets over it (A11).
    pub(super) fn check_plain(&self, to: &Origin) -> Result<(), AuthError> {
        if to.scheme() == Scheme::Https || to.is_internal() || (self.plain_credentials && *to == self.registry) {
            return Ok(());
        }
        Err(AuthError::Plain(to.to_string()))
    }

    /// The error for a request that was refused although it carried all there is to carry.
    pub(crate) fn refusal(&self, sent: Sent, detail: String) -> AuthError {
        match &self.scheme {
            Known::Bearer { realm, trust: Trust::Anonymous, .. } if self.credential.is_some() => {
                AuthError::RealmNotTrusted { realm_origin: realm.origin().to_string() }
            }
            _ => AuthError::Unauthorized { anonymous: self.is_anonymous(sent), detail },
        }
    }

    /// True if the credential, or a token got for it, was on a request.
    pub(crate) fn has_shown(&self, sent: Sent) -> bool {
        let withheld = matches!(self.scheme, Known::Bearer { trust: Trust::Anonymous, .. });
        self.credential.is_some() && sent != Sent::Nothing && !withheld
    }

    fn is_anonymous(&self, sent: Sent) -> bool {
        sent == Sent::Nothing || (sent == Sent::Bearer && self.credential.is_none())
    }

    /// Learns from the challenges of a 401. `sent`: what the refused request carried.
    pub(crate) fn challenged(&mut self, challenges: &[Challenge], access: Option<&Access>, sent: Sent) -> Verdict {
        if matches!(self.credential, Some(Credential::RegistryToken(_))) {
            return Verdict::Refused;
        }
        match super::choose(challenges) {
            None | Some(Challenge::Other { .. }) if sent == Sent::Nothing => Verdict::Silent,
            None | Some(Challenge::Other { .. }) => Verdict::Refused,
            Some(Challenge::Basic { .. }) => {
                self.scheme = Known::Basic;
                let hopeless =
                    sent == Sent::Basic || self.credential.as_ref().and_then(Credential::basic_header).is_none();
                if hopeless { Verdict::Refused } else { Verdict::Replay { changed: true } }
            }
            Some(Challenge::Bearer { realm, service, scope, .. }) => {
                self.bearer_challenge(realm, service, scope, access)
            }
        }
    }

    fn bearer_challenge(
        &mut self,
        realm: &str,
        service: &Option<String>,
        scope: &Option<String>,
        access: Option<&Access>,
    ) -> Verdict {
        let realm = RealmPolicy::resolve(&self.registry, realm);
        let decided = realm.and_then(|realm| Ok((self.realms.decide(&self.registry, &realm)?, realm)));
        let (trust, realm) = match decided {
            Ok(decided) => decided,
            Err(e) => return Verdict::Final(e),
        };
        let mut changed = !matches!(&self.scheme, Known::Bearer { realm: known, .. } if *known == realm);
        self.scheme = Known::Bearer { realm, service: service.clone(), trust };
        if let (Some(access), Some(scope)) = (access, scope) {
            let agreed = access.agree(scope);
            if self.agreed.len() >= MAX_AGREED {
                self.agreed = SortedMap::new();
            }
            let earlier = self.agreed.insert(access.scope.to_string(), agreed.clone());
            changed |= earlier.as_ref().unwrap_or(&access.scope) != &agreed;
        }
        Verdict::Replay { changed }
    }
}

/// What a refused request carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Nothing,
    Basic,
    Bearer,
}

pub(super) fn bearer(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_what_was_agreed_is_bounded() {
        let registry = "https://r.example/".parse::<Url>().unwrap().origin().clone();
        let mut auth = Auth::new(registry, None, RealmPolicy::default(), false);
        for i in 0..5_000 {
            let name = format!("team/app{i}");
            let access = Access::pull(&name.parse().unwrap());
            let scope = Some(format!("repository:{name}:metadata_read"));
            let realm = "https://r.example/token".to_string();
            let challenge = Challenge::Bearer { realm, service: None, scope, error: None };
            let verdict = auth.challenged(&[challenge], Some(&access), Sent::Nothing);
            assert!(matches!(verdict, Verdict::Replay { changed: true }));
            assert!(auth.scopes(Some(&access)).to_string().contains("metadata_read"));
        }
        assert!(auth.agreed.len() <= MAX_AGREED, "{}", auth.agreed.len());
    }
}
