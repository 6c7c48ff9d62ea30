//! Role definitions and assignments (Azure RBAC): which action is allowed where.

use super::{Document, document::within};
use crate::emulator::clock::Instant;
use alloc::string::String;
use serde::{Deserialize, Serialize};

/// A role that is built in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// GUID; the same in every tenant.
    pub(crate) id: &'static str,
    /// `roleName`.
    pub(crate) name: &'static str,
    /// For people.
    pub(crate) description: &'static str,
    /// Patterns of what it allows at ARM.
    pub(crate) actions: &'static [&'static str],
    /// Patterns of what it does not, out of those.
    pub(crate) not_actions: &'static [&'static str],
    /// Patterns of what it allows with a registry's content, where roles are for repositories.
    pub(crate) data_actions: &'static [&'static str],
}

/// A role that was given to somebody, somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assignment {
    /// GUID.
    pub(crate) name: String,
    /// The id of a resource, a group, a subscription, or `/`.
    pub(crate) scope: String,
    /// GUID of the role.
    pub(crate) role: String,
    /// Object id of who has it.
    pub(crate) principal: String,
    /// `User` or `ServicePrincipal`.
    pub(crate) principal_type: String,
    /// For which repositories, in Azure's language of conditions.
    pub(crate) condition: Option<String>,
    /// For people.
    pub(crate) description: Option<String>,
    /// Object id of who gave it.
    pub(crate) created_by: String,
    /// When.
    pub(crate) created: Instant,
}

macro_rules! repositories {
    ($($action:literal),+) => { &[$(concat!("Microsoft.ContainerRegistry/registries/repositories/", $action)),+] };
}

const NONE: &[&str] = &[];
const ASSIGN: &str = "Microsoft.Authorization/*/Write";

/// All roles that there are.
pub(crate) const DEFINITIONS: &[Definition] = &[
    role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", "Full access, and may give roles to others.", &["*"]),
    Definition {
        not_actions: &[ASSIGN, "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/elevateAccess/Action"],
        ..role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", "Full access, but gives no roles.", &["*"])
    },
    role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", "Sees everything and changes nothing.", &["*/read"]),
    role(
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "User Access Administrator",
        "Gives roles to others, and sees everything.",
        &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
    ),
    role(
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "AcrPull",
        "acr pull",
        &["Microsoft.ContainerRegistry/registries/pull/read"],
    ),
    role(
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        "AcrPush",
        "acr push",
        &["Microsoft.ContainerRegistry/registries/pull/read", "Microsoft.ContainerRegistry/registries/push/write"],
    ),
    role(
        "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        "AcrDelete",
        "acr delete",
        &["Microsoft.ContainerRegistry/registries/artifacts/delete"],
    ),
    data(
        "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        "Container Registry Repository Reader",
        "Reads repositories; not their list.",
        repositories!("metadata/read", "content/read"),
    ),
    data(
        "2a1e307c-b015-4ebd-883e-5b7698a07328",
        "Container Registry Repository Writer",
        "Reads and writes repositories; not their list.",
        repositories!("metadata/read", "content/read", "metadata/write", "content/write"),
    ),
    data(
        "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        "Container Registry Repository Contributor",
        "Reads, writes and deletes repositories; not their list.",
        repositories!(
            "metadata/read",
            "content/read",
            "metadata/write",
            "content/write",
            "metadata/delete",
            "content/delete"
        ),
    ),
    data(
        "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
        "Container Registry Repository Catalog Lister",
        "Lists the repositories of a registry.",
        &["Microsoft.ContainerRegistry/registries/catalog/read"],
    ),
];

const fn role(
    id: &'static str,
    name: &'static str,
    description: &'static str,
    actions: &'static [&'static str],
) -> Definition {
    Definition { id, name, description, actions, not_actions: NONE, data_actions: NONE }
}

const fn data(
    id: &'static str,
    name: &'static str,
    description: &'static str,
    data_actions: &'static [&'static str],
) -> Definition {
    Definition { id, name, description, actions: NONE, not_actions: NONE, data_actions }
}

impl Definition {
    /// The role with that GUID, or with an id that ends in it.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        let guid = id.rsplit('/').next().unwrap_or(id);
        DEFINITIONS.iter().find(|role| role.id.eq_ignore_ascii_case(guid))
    }

    /// The role of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        DEFINITIONS.iter().find(|role| role.name.eq_ignore_ascii_case(name))
    }

    /// Whether it allows an action at ARM.
    pub(crate) fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| matches(pattern, action))
            && !self.not_actions.iter().any(|pattern| matches(pattern, action))
    }

    /// Whether it allows an action with content.
    pub(crate) fn allows_data(&self, action: &str) -> bool {
        self.data_actions.iter().any(|pattern| matches(pattern, action))
    }
}

impl Document {
    /// The roles that `principal` has at `scope` or above it.
    pub(crate) fn roles_at<'a>(
        &'a self,
        principal: &'a str,
        scope: &'a str,
    ) -> impl Iterator<Item = (&'a Assignment, &'static Definition)> {
        let assignments = self.assignments.iter();
        let held = assignments.filter(move |a| a.principal.eq_ignore_ascii_case(principal) && within(scope, &a.scope));
        held.filter_map(|assignment| Definition::find(&assignment.role).map(|role| (assignment, role)))
    }

    /// Whether `principal` may do `action` at `scope`.
    pub(crate) fn allows(&self, principal: &str, action: &str, scope: &str) -> bool {
        self.roles_at(principal, scope).any(|(_, role)| role.allows(action))
    }

    /// Whether `principal` has any role at `scope`, above or below it: then it sees that there is something.
    pub(crate) fn sees(&self, principal: &str, scope: &str) -> bool {
        let mut held = self.assignments.iter().filter(|a| a.principal.eq_ignore_ascii_case(principal));
        held.any(|a| within(scope, &a.scope) || within(&a.scope, scope))
    }
}

/// `*` stands for anything, `/` included; case does not matter.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| action.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_actions() {
        for (pattern, action) in [
            ("*", "a/b/c"),
            ("*/read", "Microsoft.X/a/READ"),
            ("Microsoft.Authorization/*/Write", "microsoft.authorization/roleAssignments/write"),
            ("a/b", "A/b"),
            ("a*b*c", "aXbYbZc"),
        ] {
            assert!(matches(pattern, action), "{pattern} {action}");
        }
        for (pattern, action) in
            [("*/read", "a/readers"), ("a/b", "a/b/c"), ("a*b", "ab/c"), ("ab*ba", "aba"), ("a*b*c", "ac")]
        {
            assert!(!matches(pattern, action), "{pattern} {action}");
        }
    }

    #[test]
    fn contributors_give_no_roles() {
        let role = |name| Definition::named(name).unwrap();
        let assign = "Microsoft.Authorization/roleAssignments/write";
        assert!(role("owner").allows(assign));
        assert!(!role("Contributor").allows(assign));
        assert!(role("Contributor").allows("Microsoft.ContainerRegistry/registries/listCredentials/action"));
        assert!(!role("Reader").allows("Microsoft.ContainerRegistry/registries/listCredentials/action"));
        assert!(role("Reader").allows("Microsoft.ContainerRegistry/registries/pull/read"));
        assert!(!role("AcrPull").allows("Microsoft.ContainerRegistry/registries/read"));
    }

    #[test]
    fn a_pattern_does_not_overlap_itself() {
        assert!(matches("ab*ba", "abba"));
    }
}
