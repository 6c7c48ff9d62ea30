//! Who calls, by name: for faults, and for what counts calls. Nothing is refused here.

use super::{
    basic,
    cloud::Cloud,
    entra,
    form::Fields,
    gate,
    oauth2::Who,
    state::{Directory, Registry},
};
use alloc::string::{String, ToString as _};
use axum::http::{HeaderMap, header};
use serde_json::Value;

/// Whoever presents nothing.
const ANONYMOUS: &str = "anonymous";

/// What a request says of its sender.
pub(crate) struct Presented<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// Without the question mark.
    pub(crate) query: &'a str,
    /// The form in its body; empty where there is none, or nobody looked.
    pub(crate) form: &'a Fields,
}

impl Presented<'_> {
    fn authorization(&self) -> Option<&str> {
        self.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default())
    }

    fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization()?.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

impl Cloud {
    /// At a registry, its token service among it.
    pub(crate) fn caller_at_registry(&self, registry: &str, said: &Presented<'_>) -> Option<String> {
        let registry = self.state.read(|document| document.registry(registry).cloned())?;
        match said.authorization() {
            Some(authorization) => {
                let named = || self.with_password(&registry, basic::parse(authorization)?);
                gate::who(self, &registry, authorization).or_else(named).map(|who| who.name)
            }
            None => self.in_form(&registry, said.form),
        }
    }

    /// By what the token service is given in a form.
    fn in_form(&self, registry: &Registry, form: &Fields) -> Option<String> {
        if let Some(token) = form.filled("access_token") {
            return entra::object_for_acr(self, token);
        }
        if let Some(token) = form.filled("refresh_token") {
            let own = Who::with_refresh_token(self, registry, token).map(|who| who.name);
            return own.or_else(|| entra::of_refresh(self, token).map(|(principal, _)| principal.object_id));
        }
        match form.filled("username") {
            Some(user) => {
                let password = form.get("password").unwrap_or_default();
                self.with_password(registry, (user.to_string(), password.to_string())).map(|who| who.name)
            }
            None => Some(ANONYMOUS.to_string()),
        }
    }

    fn with_password(&self, registry: &Registry, (user, password): (String, String)) -> Option<Who> {
        self.state.read(|document| Who::with_password(document, registry, &user, &password))
    }

    /// At ARM.
    pub(crate) fn caller_at_arm(&self, said: &Presented<'_>) -> Option<String> {
        match said.authorization() {
            Some(_) => {
                self.verify(said.bearer()?).filter(|claims| entra::for_arm(self, claims)).as_ref().and_then(object)
            }
            None => Some(ANONYMOUS.to_string()),
        }
    }

    /// At the authority: by a bearer's token (Graph), by what is given for a token, or as a managed identity.
    pub(crate) fn caller_at_authority(&self, said: &Presented<'_>) -> Option<String> {
        if let Some(token) = said.bearer() {
            return self.verify(token).as_ref().and_then(object);
        }
        if let Some(token) = said.form.filled("refresh_token") {
            return entra::of_refresh(self, token).map(|(principal, _)| principal.object_id);
        }
        let basic = basic::read(said.headers);
        self.state.read(|document| proven(&document.directory, said, basic))
    }
}

fn proven(directory: &Directory, said: &Presented<'_>, basic: Option<(String, String)>) -> Option<String> {
    let form = |name| said.form.filled(name);
    let principal = if let (Some(id), Some(secret)) = (form("client_id"), form("client_secret")) {
        directory.service_with_secret(id, secret)
    } else if let (Some(user), Some(password)) = (form("username"), form("password")) {
        directory.user_with_password(user, password)
    } else if let Some((id, secret)) = basic {
        directory.service_with_secret(&id, &secret)
    } else if said.headers.contains_key("metadata") {
        entra::managed(directory, &Fields::parse(said.query))
    } else {
        return Some(ANONYMOUS.to_string());
    };
    principal.map(|principal| principal.object_id.clone())
}

/// The object id in a token's claims.
fn object(claims: &Value) -> Option<String> {
    claims.get("oid")?.as_str().map(str::to_string)
}
