//! What a request to a registry needs, and who may.

use alloc::string::String;

/// What may be done with a repository.
///
/// Names are those of ACR's token scopes (AAD-OAuth.md in Azure/acr).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Action {
    /// `pull`: manifests and blobs.
    Pull,
    /// `push`: uploads and manifests.
    Push,
    /// `delete`: manifests, tags, repositories.
    Delete,
    /// `metadata_read`: attributes.
    MetadataRead,
    /// `metadata_write`: locks.
    MetadataWrite,
}

impl Action {
    /// All of them that are about a repository.
    pub(crate) const OF_REPOSITORY: [Self; 5] =
        [Self::Pull, Self::Push, Self::Delete, Self::MetadataRead, Self::MetadataWrite];

    /// The word in a token's scope.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
            Self::MetadataRead => "metadata_read",
            Self::MetadataWrite => "metadata_write",
        }
    }

    /// The action of a repository with that name; old clients write two of them without the underscore.
    pub(crate) fn of_repository(name: &str) -> Option<Self> {
        match name {
            "metadataRead" => Some(Self::MetadataRead),
            "metadataWrite" => Some(Self::MetadataWrite),
            _ => Self::OF_REPOSITORY.into_iter().find(|action| action.name() == name),
        }
    }
}

/// One thing that a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need<'a> {
    /// Any authenticated caller: `GET /v2/`. Where anonymous pull is on, one with an anonymous token is.
    Known,
    /// The list of repositories.
    Catalog,
    /// All of `actions` on a repository.
    Repository(&'a str, &'a [Action]),
}

/// Who called: the identity for throttling, audit and created-by fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Object id of an Entra identity, `admin`, a scoped token's name, or `anonymous`.
    pub(crate) name: String,
}

/// Why not. The registry's handlers make the answer of it: 401 with a challenge, or 403 `DENIED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Nothing was presented: 401 with a challenge.
    Nothing,
    /// What was presented is unusable: 401, `error="invalid_token"`.
    Invalid,
    /// The token is good and does not hold this right: 401, `error="insufficient_scope"`.
    Scope,
    /// A network rule forbids the caller: 403.
    Network,
}

/// Knows who may do what: the management side, as the registry's handlers see it.
pub(crate) trait Gate: Send + Sync {
    /// Checks the value of `Authorization` (Basic, or Bearer with one of our tokens) against all of `needs` at `registry`.
    ///
    /// # Errors
    /// A [`Denial`] that says why not.
    fn authorize(&self, registry: &str, authorization: Option<&str>, needs: &[Need<'_>]) -> Result<Caller, Denial>;
}
