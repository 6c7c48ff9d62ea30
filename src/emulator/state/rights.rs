//! What somebody may do with a registry's content.

mod condition;

use super::{Document, Registry, ScopeMap, Token};
use crate::emulator::access::{Action, Need};
use alloc::{
    borrow::ToOwned as _,
    collections::BTreeSet,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// Actions that are allowed.
pub(crate) type Actions = BTreeSet<Action>;

/// What somebody may do with a registry's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Whether it may list repositories.
    pub(crate) catalog: bool,
    /// With every repository.
    everywhere: Actions,
    /// With some repositories.
    rules: Vec<(Pattern, Actions)>,
}

/// Some repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// One.
    Exactly(String),
    /// All whose name begins so.
    Beginning(String),
}

impl Pattern {
    fn fits(&self, repository: &str) -> bool {
        match self {
            Self::Exactly(name) => name == repository,
            Self::Beginning(prefix) => repository.starts_with(prefix.as_str()),
        }
    }
}

/// Which permission of a registry stands for which actions, and whether it lists repositories.
const PERMISSIONS: [(&str, &[Action], bool); 3] = [
    ("pull/read", &[Action::Pull, Action::MetadataRead], true),
    ("push/write", &[Action::Push, Action::MetadataWrite], false),
    ("artifacts/delete", &[Action::Delete], false),
];

/// Which permission of a repository stands for which action.
const REPOSITORY_PERMISSIONS: [(&str, Action); 5] = [
    ("content/read", Action::Pull),
    ("content/write", Action::Push),
    ("content/delete", Action::Delete),
    ("metadata/read", Action::MetadataRead),
    ("metadata/write", Action::MetadataWrite),
];

/// The action that a permission of a repository stands for.
pub(crate) fn action_of(permission: &str) -> Option<Action> {
    REPOSITORY_PERMISSIONS.iter().find(|(name, _)| *name == permission).map(|(_, action)| *action)
}

impl Rights {
    /// All of them: the admin user's.
    pub(crate) fn all() -> Self {
        Self { catalog: true, everywhere: Action::OF_REPOSITORY.into(), rules: Vec::new() }
    }

    /// Anybody's, where anonymous pull is on.
    pub(crate) fn anonymous() -> Self {
        Self { catalog: false, everywhere: [Action::Pull, Action::MetadataRead].into(), rules: Vec::new() }
    }

    /// Those of a principal of the directory.
    pub(crate) fn of_principal(document: &Document, registry: &Registry, principal: &str) -> Self {
        let mut rights = Self::default();
        let scope = document.registry_id(registry);
        for (assignment, role) in document.roles_at(principal, &scope) {
            if registry.abac {
                let allowed = |what: &str| role.allows_data(&format!("Microsoft.ContainerRegistry/registries/{what}"));
                rights.catalog |= allowed("catalog/read");
                let granted =
                    REPOSITORY_PERMISSIONS.iter().filter(|(what, _)| allowed(&format!("repositories/{what}")));
                let granted = granted.map(|(_, action)| *action).collect();
                rights.add(granted, assignment.condition.as_deref());
            } else {
                let allowed = |what: &str| role.allows(&format!("Microsoft.ContainerRegistry/registries/{what}"));
                for (_, actions, catalog) in PERMISSIONS.iter().filter(|(what, ..)| allowed(what)) {
                    rights.everywhere.extend(*actions);
                    rights.catalog |= catalog;
                }
            }
        }
        rights
    }

    /// Actions of a role, for the repositories that its assignment's condition names.
    fn add(&mut self, mut granted: Actions, condition: Option<&str>) {
        let Some(condition) = condition else {
            self.everywhere.extend(granted);
            return;
        };
        // What cannot be understood allows nothing.
        let Some(condition) = condition::read(condition) else { return };
        let bound: Actions = granted.intersection(&condition.actions).copied().collect();
        granted.retain(|action| !bound.contains(action));
        self.everywhere.extend(granted);
        self.rules.extend(condition.repositories.into_iter().map(|pattern| (pattern, bound.clone())));
    }

    /// Those of a repository-scoped token.
    pub(crate) fn of_token(registry: &Registry, token: &Token) -> Self {
        let own = registry.scope_maps.iter().find(|map| map.name.eq_ignore_ascii_case(&token.scope_map));
        let system = ScopeMap::system(registry);
        let map = own.or_else(|| system.iter().find(|map| map.name.eq_ignore_ascii_case(&token.scope_map)));
        let actions = map.map(|map| map.actions.as_slice()).unwrap_or_default();
        Self { rules: actions.iter().filter_map(|action| rule(action)).collect(), ..Self::default() }
    }

    /// Those that a token carries.
    pub(crate) fn carried(catalog: bool, repositories: impl IntoIterator<Item = (String, Actions)>) -> Self {
        let rules = repositories.into_iter().map(|(name, actions)| (Pattern::Exactly(name), actions)).collect();
        Self { catalog, everywhere: Actions::new(), rules }
    }

    /// What is allowed with a repository.
    pub(crate) fn on(&self, repository: &str) -> Actions {
        let fitting = self.rules.iter().filter(|(pattern, _)| pattern.fits(repository));
        let mut actions = self.everywhere.clone();
        fitting.for_each(|(_, more)| actions.extend(more));
        actions
    }

    /// Whether it is enough for `need`.
    pub(crate) fn cover(&self, need: &Need<'_>) -> bool {
        match need {
            Need::Known => true,
            Need::Catalog => self.catalog,
            Need::Repository(name, actions) => {
                let held = self.on(name);
                actions.iter().all(|action| held.contains(action))
            }
        }
    }

    /// Whether there is nothing that it allows.
    pub(crate) fn is_empty(&self) -> bool {
        !self.catalog && self.everywhere.is_empty() && self.rules.iter().all(|(_, actions)| actions.is_empty())
    }
}

/// `repositories/team/*/content/read` as a rule: wildcards are a trailing `/*`, or `*` alone.
fn rule(action: &str) -> Option<(Pattern, Actions)> {
    let rest = action.strip_prefix("repositories/")?;
    let (rest, verb) = rest.rsplit_once('/')?;
    let (name, noun) = rest.rsplit_once('/')?;
    let action = action_of(&format!("{noun}/{verb}"))?;
    let pattern = match name.strip_suffix('*') {
        Some("") => Pattern::Beginning(String::new()),
        Some(prefix) if prefix.ends_with('/') => Pattern::Beginning(prefix.to_owned()),
        Some(_) => return None,
        None => Pattern::Exactly(name.to_owned()),
    };
    Some((pattern, [action].into()))
}

/// Whether a scope map may have such an action.
pub(crate) fn valid_action(action: &str) -> bool {
    let metadata_delete = action.strip_suffix("/metadata/delete").map(|rest| [rest, "/metadata/read"].concat());
    rule(metadata_delete.as_deref().unwrap_or(action)).is_some() || action.starts_with("gateway/")
}

impl ScopeMap {
    /// Those that every registry has.
    pub(crate) fn system(registry: &Registry) -> Vec<Self> {
        let map = |name: &str, description: &str, permissions: &[&str]| Self {
            name: name.to_string(),
            description: description.to_string(),
            actions: permissions.iter().map(|permission| format!("repositories/*/{permission}")).collect(),
            system: registry.system.clone(),
        };
        let (read, write) = (["content/read", "metadata/read"], ["content/write", "metadata/write"]);
        let all = [&read[..], &write, &["content/delete", "metadata/delete"]].concat();
        alloc::vec![
            map("_repositories_admin", "Can perform all read, write and delete operations on the registry", &all),
            map("_repositories_pull", "Can pull any repository of the registry", &["content/read"]),
            map("_repositories_pull_metadata_read", "Can pull any repository and read its metadata", &read),
            map("_repositories_push", "Can push to any repository of the registry", &["content/read", "content/write"]),
            map("_repositories_push_metadata_write", "Can push and write metadata", &[&read[..], &write].concat()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_scope_maps_are_trailing() {
        let fits = |action: &str, repository: &str| rule(action).is_some_and(|(pattern, _)| pattern.fits(repository));
        assert!(fits("repositories/*/content/read", "any/thing"));
        assert!(fits("repositories/team/*/content/read", "team/app"));
        assert!(!fits("repositories/team/*/content/read", "team"));
        assert!(!fits("repositories/team/*/content/read", "teams/app"));
        assert!(fits("repositories/team/app/content/read", "team/app"));
        assert!(!fits("repositories/team/app/content/read", "team/app/more"));
        for bad in ["repositories/te*/content/read", "repositories/a/content/fly", "content/read", "repositories//x"] {
            assert!(!valid_action(bad), "{bad}");
        }
        assert!(valid_action("repositories/a/metadata/delete"));
    }
}
