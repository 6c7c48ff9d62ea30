//! Who may pull.

/// Knows the credentials that open a registry.
pub(crate) trait Door: Send + Sync {
    /// True if this user, or anybody where none is given, may pull from a repository of the registry.
    fn may_pull(&self, registry: &str, user: Option<(&str, &str)>, repository: &str) -> bool;
}
