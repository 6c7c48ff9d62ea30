//! What a token allows: `repository:app/web:pull,push` (Docker "Token Scope Documentation").

use crate::{
    AuthError, RepositoryName,
    sorted::{SortedMap, SortedSet},
};
use alloc::{borrow::ToOwned, string::String};
use core::{fmt, str::FromStr};

/// Longest scope accepted, in bytes.
const MAX_LEN: usize = 4 << 10;

/// A resource and the actions asked for on it.
///
/// ```
/// let scope: portolan::auth::Scope = "repository:host.example:5000/app:push,pull".parse()?;
/// assert_eq!(scope.name(), "host.example:5000/app");
/// assert_eq!(scope.to_string(), "repository:host.example:5000/app:pull,push");
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    resource: Resource,
    actions: Actions,
}

type Actions = SortedSet<String>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Resource {
    kind: String,
    name: String,
}

impl Scope {
    /// Checks the parts. `kind` is `repository`, `registry` or what else a registry has, as `artifact-repository`.
    ///
    /// # Errors
    /// If a part is empty, or has a character that would end it or the scope.
    pub fn new<'a>(kind: &str, name: &str, actions: impl IntoIterator<Item = &'a str>) -> Result<Self, AuthError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        // `repository(plugin)` is deprecated, and sent all the same.
        let base = kind.strip_suffix(')').and_then(|k| k.split_once('('));
        let kind_ok = match base {
            Some((base, class)) => !base.is_empty() && base.bytes().chain(class.bytes()).all(plain),
            None => !kind.is_empty() && kind.bytes().all(plain),
        };
        let name_ok = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
        let mut set = Actions::new();
        set.extend(actions.into_iter().map(ToOwned::to_owned));
        let actions = set;
        let action_ok = |a: &String| !a.is_empty() && a.bytes().all(|b| plain(b) || b == b'*');
        if !kind_ok || !name_ok || actions.is_empty() || !actions.iter().all(action_ok) {
            return Err(AuthError::Challenge("malformed scope"));
        }
        Ok(Self { resource: Resource { kind: kind.to_owned(), name: name.to_owned() }, actions })
    }

    /// To read from a repository.
    #[must_use]
    pub fn pull(repository: &RepositoryName) -> Self {
        let resource = Resource { kind: "repository".to_owned(), name: repository.as_ref().to_owned() };
        Self { resource, actions: Actions::of("pull".to_owned()) }
    }

    /// To list the registry's repositories. `*` is the one action that registries know here.
    #[must_use]
    pub fn catalog() -> Self {
        let resource = Resource { kind: "registry".to_owned(), name: "catalog".to_owned() };
        Self { resource, actions: Actions::of("*".to_owned()) }
    }

    /// The resource's type.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.resource.kind
    }

    /// The resource's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.resource.name
    }

    /// The actions, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(String::as_str)
    }

    /// Keeps only some of the actions.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.actions.retain(|action| keep(action));
    }

    /// True if this scope allows all that `other` asks for.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.resource == other.resource && actions_cover(&self.actions, &other.actions)
    }

    /// Adds the actions of `other` if it is about the same resource; says whether it is.
    pub fn merge(&mut self, other: &Self) -> bool {
        let same = self.resource == other.resource;
        if same {
            self.actions.extend(other.actions.iter().cloned());
        }
        same
    }
}

fn actions_cover(have: &Actions, want: &Actions) -> bool {
    have.contains("*") || want.iter().all(|action| have.contains(action.as_str()))
}

impl FromStr for Scope {
    type Err = AuthError;

    /// The name lies between the first and the last colon, and may hold one itself.
    fn from_str(text: &str) -> Result<Self, AuthError> {
        let malformed = AuthError::Challenge("malformed scope");
        if text.len() > MAX_LEN {
            return Err(malformed);
        }
        let (kind, rest) = text.split_once(':').ok_or_else(|| malformed.clone())?;
        let (name, actions) = rest.rsplit_once(':').ok_or(malformed)?;
        Self::new(kind, name, actions.split(',').filter(|a| !a.is_empty()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(&self.resource, &self.actions, f)
    }
}

fn show(resource: &Resource, actions: &Actions, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}:{}", resource.kind, resource.name)?;
    for (i, action) in actions.iter().enumerate() {
        write!(f, "{}{action}", if i == 0 { ':' } else { ',' })?;
    }
    Ok(())
}

/// Scopes with one entry per resource. Its text is the same however it was put together.
///
/// ```
/// use portolan::auth::ScopeSet;
/// let set: ScopeSet = "repository:b:push repository:a:pull repository:b:pull".parse()?;
/// assert_eq!(set.to_string(), "repository:a:pull repository:b:pull,push");
/// # Ok::<(), portolan::AuthError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeSet(SortedMap<Resource, Actions>);

impl ScopeSet {
    /// Adds a scope, merged with what is there for its resource.
    pub fn insert(&mut self, scope: Scope) {
        self.0.or_default(scope.resource).extend(scope.actions);
    }

    /// Adds all scopes of `other`.
    pub fn merge(&mut self, other: Self) {
        for (resource, actions) in other.0 {
            self.insert(Scope { resource, actions });
        }
    }

    /// True if this set allows all that `other` asks for.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(resource, want)| self.0.get(resource).is_some_and(|have| actions_cover(have, want)))
    }

    /// The scopes, by resource type and name.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().map(|(resource, actions)| Scope { resource: resource.clone(), actions: actions.clone() })
    }

    /// Number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Scope> for ScopeSet {
    fn from(scope: Scope) -> Self {
        Self::from_iter([scope])
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut set = Self::default();
        scopes.into_iter().for_each(|scope| set.insert(scope));
        set
    }
}

impl FromStr for ScopeSet {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<Self, AuthError> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (resource, actions)) in self.0.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { " " })?;
            show(resource, actions, f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn scope(text: &str) -> Scope {
        text.parse().unwrap()
    }

    #[test]
    fn scopes_of_all_registries_are_read() {
        for (text, kind, name, canonical) in [
            ("repository:a/b:pull", "repository", "a/b", "repository:a/b:pull"),
            ("repository:a:push,pull,pull", "repository", "a", "repository:a:pull,push"),
            ("repository:h:5000/a:pull", "repository", "h:5000/a", "repository:h:5000/a:pull"),
            ("registry:catalog:*", "registry", "catalog", "registry:catalog:*"),
            ("repository:a:metadata_read", "repository", "a", "repository:a:metadata_read"),
            ("artifact-repository:a:pull", "artifact-repository", "a", "artifact-repository:a:pull"),
            ("repository(plugin):a:pull", "repository(plugin)", "a", "repository(plugin):a:pull"),
            ("repository:a:pull,,push,", "repository", "a", "repository:a:pull,push"),
        ] {
            let scope = scope(text);
            assert_eq!((scope.kind(), scope.name(), &*scope.to_string()), (kind, name, canonical));
        }
        assert_eq!(Scope::catalog(), scope("registry:catalog:*"));
        assert_eq!(Scope::pull(&"a/b".parse().unwrap()), scope("repository:a/b:pull"));
    }

    #[test]
    fn a09_scopes_that_would_become_two_are_refused() {
        for text in
            ["", "a", "a:b", ":b:c", "a::c", "a:b:", "a:b:,", "a:b c:pull", "a:b:pull push", "a\n:b:c", "a:b:p?l"]
        {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
        assert!(Scope::new("a:b", "c", ["pull"]).is_err());
        assert!(Scope::new("a", "c", ["pull,push"]).is_err());
        assert!(Scope::new("a", "c", []).is_err());
        assert!(["repository:", &"x".repeat(5_000), ":pull"].concat().parse::<Scope>().is_err());
    }

    #[test]
    fn a10_covers_what_it_allows_and_no_more() {
        let both = scope("repository:a:pull,push");
        assert!(both.covers(&scope("repository:a:pull")));
        assert!(!scope("repository:a:pull").covers(&both));
        assert!(!both.covers(&scope("repository:b:pull")));
        assert!(!both.covers(&scope("artifact-repository:a:pull")));
        assert!(scope("repository:a:*").covers(&both));
        assert!(!both.covers(&scope("repository:a:*")));
    }

    #[test]
    fn merging_keeps_resources_apart() {
        let mut one = scope("repository:a:pull");
        assert!(one.merge(&scope("repository:a:push")));
        assert!(!one.merge(&scope("repository:b:delete")));
        assert_eq!(one.to_string(), "repository:a:pull,push");

        let mut set = ScopeSet::from(one);
        set.merge("registry:catalog:* repository:a:delete".parse().unwrap());
        assert_eq!(set.to_string(), "registry:catalog:* repository:a:delete,pull,push");
        assert!(set.covers(&"repository:a:pull".parse().unwrap()));
        assert!(set.covers(&ScopeSet::default()));
        assert!(!ScopeSet::default().covers(&set));
        assert!(!set.covers(&"repository:a:pull repository:b:pull".parse().unwrap()));
        assert_eq!(set.iter().collect::<ScopeSet>(), set);
        assert_eq!(set.len(), 2);
    }

    proptest! {
        #[test]
        fn text_round_trips(text in ".{0,40}|[a-z]{1,4}:[a-z:/]{1,8}:[a-z,*]{1,8}") {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
            }
        }
    }
}
