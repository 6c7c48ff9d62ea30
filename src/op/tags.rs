//! `GET /v2/<name>/tags/list`. OCI distribution-spec v1.1, end-8.
//!
//! 200; 404 no such repository. Quirks: Quay sends 50 unsorted items unless `n` is given; Artifactory lists names that
//! are digests and uses a numeric cursor, which is why the server's own query is followed as it is.

use super::Names;
use crate::{RepositoryName, Stage, Tag, auth::Access};
use alloc::{format, string::String};

/// The tags of a repository.
///
/// ```
/// use portolan::op::{Names, Tags};
/// assert_eq!(Tags::of(&"team/app".parse()?).path(), "/v2/team/app/tags/list");
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tags(RepositoryName);

impl Tags {
    /// All tags of `repository`.
    #[must_use]
    pub fn of(repository: &RepositoryName) -> Self {
        Self(repository.clone())
    }
}

impl Names for Tags {
    fn stage(&self) -> Stage {
        Stage::Tags
    }

    fn access(&self) -> Access {
        Access::pull(&self.0)
    }

    fn path(&self) -> String {
        format!("/v2/{}/tags/list", self.0)
    }

    fn member(&self) -> &'static str {
        "tags"
    }

    fn is_legal(&self, name: &str) -> bool {
        Tag::is_legal(name)
    }
}
