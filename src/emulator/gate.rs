//! Who may do what with a registry's content: [`Gate`] for the registry's handlers.

use super::{
    access::{Action, Caller, Denial, Gate, Need},
    basic,
    cloud::Cloud,
    containers::Door,
    entra,
    oauth2::{NULL_GUID, Who},
    state::Registry,
};

impl Gate for Cloud {
    fn authorize(&self, registry: &str, authorization: Option<&str>, needs: &[Need<'_>]) -> Result<Caller, Denial> {
        let registry = self.state.read(|document| document.registry(registry).cloned()).ok_or(Denial::Invalid)?;
        if registry.closed() {
            return Err(Denial::Network);
        }
        let who = who(self, &registry, authorization.ok_or(Denial::Nothing)?).ok_or(Denial::Invalid)?;
        if needs.iter().all(|need| who.rights.cover(need)) { Ok(Caller { name: who.name }) } else { Err(Denial::Scope) }
    }
}

impl Door for Cloud {
    fn may_pull(&self, registry: &str, user: Option<(&str, &str)>, repository: &str) -> bool {
        self.opens(registry, repository, |registry| match user {
            None => Who::anonymous(registry),
            Some((NULL_GUID, token)) => Who::with_any_token(self, registry, token),
            Some((user, password)) => {
                self.state.read(|document| Who::with_password(document, registry, user, password))
            }
        })
    }
}

/// As [`Door`], for others who present something.
impl Cloud {
    /// Whether a principal may pull.
    pub(crate) fn may_pull_as(&self, registry: &str, object_id: &str, repository: &str) -> bool {
        self.opens(registry, repository, |registry| {
            self.state.read(|document| Who::principal(document, registry, object_id))
        })
    }

    /// Whether a token opens it: Entra's, or one of the registry.
    pub(crate) fn may_pull_by_token(&self, registry: &str, token: &str, repository: &str) -> bool {
        let object_id = entra::object_for_acr(self, token);
        object_id.is_some_and(|object_id| self.may_pull_as(registry, &object_id, repository))
            || self.may_pull(registry, Some((NULL_GUID, token)), repository)
    }

    fn opens(&self, registry: &str, repository: &str, who: impl FnOnce(&Registry) -> Option<Who>) -> bool {
        let Some(registry) = self.state.read(|document| document.registry(registry).cloned()) else { return false };
        let pull = Need::Repository(repository, &[Action::Pull]);
        !registry.closed() && who(&registry).is_some_and(|who| who.rights.cover(&pull))
    }
}

/// Whoever presents this. Of names with passwords, only the admin's are good without a token; others ask for one first.
pub(super) fn who(cloud: &Cloud, registry: &Registry, authorization: &str) -> Option<Who> {
    if let Some((user, password)) = basic::parse(authorization) {
        if user == NULL_GUID {
            return Who::with_any_token(cloud, registry, &password);
        }
        return Who::admin(registry, &user, &password);
    }
    let (scheme, token) = authorization.trim().split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    bearer.then(|| Who::with_access_token(cloud, registry, token.trim())).flatten()
}
