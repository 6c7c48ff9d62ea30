//! The whole of it.

use super::{Assignment, Directory, Group, Registry};
use crate::emulator::clock::Instant;
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Everything that the management side knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Document {
    /// The one tenant.
    pub(crate) tenant: String,
    /// The one subscription.
    pub(crate) subscription: Subscription,
    /// Resource groups.
    pub(crate) groups: Vec<Group>,
    /// Registries of all groups.
    pub(crate) registries: Vec<Registry>,
    /// Who there is.
    pub(crate) directory: Directory,
    /// Who may do what.
    pub(crate) assignments: Vec<Assignment>,
    /// Ports of what is no registry, so that a restart finds them again.
    pub(crate) ports: BTreeMap<String, u16>,
    /// Resources of kinds that have no part of their own here (runs, container groups), as ARM shows them, by their
    /// id in lower case. They go when the group or the registry that their id begins with goes.
    pub(crate) resources: BTreeMap<String, Value>,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    /// GUID.
    pub(crate) id: String,
    /// For people.
    pub(crate) name: String,
}

/// Who made a resource and who changed it last, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SystemData {
    /// Who made it.
    pub(crate) created_by: String,
    /// `User` or `Application`.
    pub(crate) created_by_type: String,
    /// When.
    pub(crate) created: Instant,
    /// Who changed it last.
    pub(crate) modified_by: String,
    /// `User` or `Application`.
    pub(crate) modified_by_type: String,
    /// When.
    pub(crate) modified: Instant,
}

impl SystemData {
    /// Made now.
    pub(crate) fn new(by: &str, kind: &str) -> Self {
        let now = Instant::now();
        Self {
            created_by: by.to_string(),
            created_by_type: kind.to_string(),
            created: now,
            modified_by: by.to_string(),
            modified_by_type: kind.to_string(),
            modified: now,
        }
    }

    /// Changed now.
    pub(crate) fn touch(&mut self, by: &str, kind: &str) {
        (self.modified_by, self.modified_by_type) = (by.to_string(), kind.to_string());
        self.modified = Instant::now();
    }

    /// As ARM shows it.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "createdBy": self.created_by, "createdByType": self.created_by_type,
            "createdAt": self.created.rfc3339(),
            "lastModifiedBy": self.modified_by, "lastModifiedByType": self.modified_by_type,
            "lastModifiedAt": self.modified.rfc3339(),
        })
    }
}

impl Document {
    /// Nothing but a tenant and a subscription.
    pub(crate) fn empty(tenant: String, subscription: String) -> Self {
        Self {
            tenant,
            subscription: Subscription { id: subscription, name: "portolan emulator".to_string() },
            groups: Vec::new(),
            registries: Vec::new(),
            directory: Directory::default(),
            assignments: Vec::new(),
            ports: BTreeMap::new(),
            resources: BTreeMap::new(),
        }
    }

    /// `/subscriptions/{id}`.
    pub(crate) fn subscription_id(&self) -> String {
        format!("/subscriptions/{}", self.subscription.id)
    }

    /// The group of that name; names differ by more than case.
    pub(crate) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name.eq_ignore_ascii_case(name))
    }

    /// The registry of that name in any group.
    pub(crate) fn registry(&self, name: &str) -> Option<&Registry> {
        self.registries.iter().find(|registry| registry.name.eq_ignore_ascii_case(name))
    }

    /// The registry of that name in that group.
    pub(crate) fn registry_in(&self, group: &str, name: &str) -> Option<&Registry> {
        self.registry(name).filter(|registry| registry.group.eq_ignore_ascii_case(group))
    }

    /// As [`Self::registry_in`], to change it.
    pub(crate) fn registry_in_mut(&mut self, group: &str, name: &str) -> Option<&mut Registry> {
        let mut registries = self.registries.iter_mut();
        registries
            .find(|registry| registry.name.eq_ignore_ascii_case(name) && registry.group.eq_ignore_ascii_case(group))
    }

    /// A registry's id as ARM has it.
    pub(crate) fn registry_id(&self, registry: &Registry) -> String {
        format!("{}/providers/Microsoft.ContainerRegistry/registries/{}", self.group_id(&registry.group), registry.name)
    }

    /// A group's id as ARM has it; its name as it was given when it was made.
    pub(crate) fn group_id(&self, name: &str) -> String {
        let name = self.group(name).map_or(name, |group| &group.name);
        format!("{}/resourceGroups/{name}", self.subscription_id())
    }

    /// Takes away a registry with all that is below it.
    pub(crate) fn remove_registry(&mut self, name: &str) {
        let Some(id) = self.registry(name).map(|registry| self.registry_id(registry)) else { return };
        self.registries.retain(|registry| !registry.name.eq_ignore_ascii_case(name));
        self.forget_below(&id);
    }

    /// Takes away a group with all that is in it; says which registries went.
    pub(crate) fn remove_group(&mut self, name: &str) -> Vec<String> {
        let id = self.group_id(name);
        let (gone, kept) = core::mem::take(&mut self.registries)
            .into_iter()
            .partition::<Vec<_>, _>(|registry| registry.group.eq_ignore_ascii_case(name));
        self.registries = kept;
        self.groups.retain(|group| !group.name.eq_ignore_ascii_case(name));
        self.forget_below(&id);
        gone.into_iter().map(|registry| registry.name).collect()
    }

    /// Resources and role assignments of `id` and below it go.
    pub(crate) fn forget_below(&mut self, id: &str) {
        self.resources.retain(|other, _| !within(other, id));
        self.assignments.retain(|assignment| !within(&assignment.scope, id));
    }
}

/// Whether a resource's id is `scope` or lies below it; ids differ by more than case.
pub(crate) fn within(id: &str, scope: &str) -> bool {
    let (id, scope) = (id.trim_end_matches('/'), scope.trim_end_matches('/'));
    match id.get(..scope.len()) {
        Some(head) => head.eq_ignore_ascii_case(scope) && matches!(id.as_bytes().get(scope.len()), None | Some(b'/')),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn ids_lie_below_whole_segments() {
        for (id, scope) in [("/a/b", "/A"), ("/a", "/a/"), ("/a/b", "/"), ("/a/b/c", "/a/B")] {
            assert!(within(id, scope), "{id} {scope}");
        }
        for (id, scope) in [("/ab", "/a"), ("/a", "/a/b"), ("/b", "/a"), ("/é", "/ab")] {
            assert!(!within(id, scope), "{id} {scope}");
        }
    }
}
