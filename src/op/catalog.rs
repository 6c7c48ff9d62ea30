//! `GET /v2/_catalog`: the repositories. Docker registry API, not OCI; many registries refuse it or keep it for admins.

use super::Names;
use crate::{RepositoryName, Stage, auth::Access};
use alloc::string::String;

/// The repositories of a registry.
///
/// ```
/// use portolan::op::{Catalog, Names};
/// assert_eq!(Catalog::new().path(), "/v2/_catalog");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalog(());

impl Catalog {
    /// All repositories that the identity may see.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }
}

impl Names for Catalog {
    fn stage(&self) -> Stage {
        Stage::Catalog
    }

    fn access(&self) -> Access {
        Access::catalog()
    }

    fn path(&self) -> String {
        String::from("/v2/_catalog")
    }

    fn member(&self) -> &'static str {
        "repositories"
    }

    fn is_legal(&self, name: &str) -> bool {
        RepositoryName::is_legal(name)
    }
}
