//! The scope grammar `type:name:action,action`, and what somebody gets of it.

use serde_json::{Value, json};

/// One resource and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    kind: String,
    name: String,
    actions: Vec<String>,
}

impl Scope {
    /// Every well-formed scope in a list separated by spaces; the others are dropped, as the description allows.
    pub(super) fn parse_all(text: &str) -> Vec<Self> {
        text.split(' ').filter_map(Self::parse).collect()
    }

    /// The name may hold colons (a host with a port), so type and actions are cut off at the ends.
    fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (name, actions) = rest.rsplit_once(':')?;
        let kind = kind.split('(').next().unwrap_or(kind);
        let actions: Vec<_> = actions.split(',').filter(|action| !action.is_empty()).map(Into::into).collect();
        (!name.is_empty()).then(|| Self { kind: kind.into(), name: name.into(), actions })
    }

    /// What is left for somebody without a name, who may pull below `prefix`.
    pub(super) fn anonymous(&self, prefix: Option<&str>) -> Self {
        let open = self.kind == "repository" && prefix.is_some_and(|prefix| self.name.starts_with(prefix));
        let actions = self.actions.iter().filter(|action| open && *action == "pull").cloned().collect();
        Self { actions, ..self.clone() }
    }

    /// As a claim.
    pub(super) fn claim(&self) -> Value {
        json!({ "type": self.kind, "name": self.name, "actions": self.actions })
    }

    /// Whether anything is granted.
    pub(super) const fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }
}

impl core::fmt::Display for Scope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}:{}:{}", self.kind, self.name, self.actions.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    fn granted(text: &str, prefix: Option<&str>) -> Vec<String> {
        let scopes = Scope::parse_all(text).into_iter().map(|scope| scope.anonymous(prefix));
        scopes.filter(|scope| !scope.is_empty()).map(|scope| scope.to_string()).collect()
    }

    #[test]
    fn reads_lists_classes_and_ports() {
        let scopes =
            Scope::parse_all("repository:a/b:pull,push registry:catalog:* repository(plugin):h:5000/x:pull bad");
        let texts: Vec<_> = scopes.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["repository:a/b:pull,push", "registry:catalog:*", "repository:h:5000/x:pull"]);
    }

    #[test]
    fn anonymous_pulls_below_the_prefix_only() {
        let asked = "repository:library/a:pull,push repository:data/b:pull registry:catalog:*";
        assert_eq!(granted(asked, Some("library/")), ["repository:library/a:pull"]);
        assert!(granted(asked, None).is_empty());
    }
}
