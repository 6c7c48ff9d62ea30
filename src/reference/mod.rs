//! Names: registry host, repository, tag, and the reference that joins them.

mod full;
mod host;
mod repository;
mod tag;

pub use full::Reference;
pub use host::RegistryHost;
pub use repository::RepositoryName;
pub use tag::{ReferenceTarget, Tag};
