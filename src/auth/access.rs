//! What an operation needs.

use super::{Scope, ScopeSet};

/// The scope an operation needs, and actions beyond it that it may take from a challenge.
///
/// Some registries name reading differently: ACR's metadata calls want `metadata_read` where others want `pull`.
#[derive(Clone, Debug)]
pub struct Access {
    /// Needed.
    pub(crate) scope: Scope,
    /// Asked for too if the challenge names them.
    pub(crate) tolerated: &'static [&'static str],
}

impl Access {
    pub(crate) fn pull(repository: &crate::RepositoryName) -> Self {
        Self { scope: Scope::pull(repository), tolerated: &["metadata_read"] }
    }

    pub(crate) fn catalog() -> Self {
        Self { scope: Scope::catalog(), tolerated: &[] }
    }

    /// The scope to ask for after a challenge: what is needed, plus what is tolerated, for the same resource (A10).
    pub(crate) fn agree(&self, challenge: &str) -> Scope {
        let mut agreed = self.scope.clone();
        let Ok(asked) = challenge.parse::<ScopeSet>() else { return agreed };
        for mut scope in asked.iter() {
            scope.retain(|action| self.tolerated.contains(&action));
            agreed.merge(&scope);
        }
        agreed
    }
}
