//! Imports: images that the service copies into a registry, without a client in between.

use super::{REGISTRY_API, object, versioned};
use crate::{
    Secret,
    azure::{Call, RegistryId},
    http::Method,
};
use alloc::{format, string::String, vec::Vec};
use serde_json::Value;

/// Where an image is imported from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ImportSource {
    /// A registry of Azure by its path at ARM, whatever its subscription; whoever imports must be able to read it.
    Azure(String),
    /// Any registry by its host (`docker.io`).
    Host(String),
}

/// An image to import, and what it is to be called.
///
/// ```
/// use portolan::azure::arm::imports::Import;
/// let import = Import::from_host("docker.io", "library/debian:trixie").tag("base/debian:trixie").force();
/// assert_eq!(import.tags, ["base/debian:trixie"]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    /// The registry that has it.
    pub source: ImportSource,
    /// Login at a host: a user's password, or a token, which has no user.
    pub login: Option<(Option<String>, Secret)>,
    /// `repository:tag` or `repository@digest`; an index comes with all of its images.
    pub image: String,
    /// `repository:tag` each; without a tag it gets the source's.
    pub tags: Vec<String>,
    /// Repositories that get it without a tag.
    pub repositories: Vec<String>,
    /// True if tags that are there may get another image.
    pub force: bool,
}

impl Import {
    /// An image of another registry of Azure.
    #[must_use]
    pub fn from_registry(registry: &RegistryId, image: impl Into<String>) -> Self {
        Self::of(ImportSource::Azure(registry.path()), image)
    }

    /// An image of any registry.
    #[must_use]
    pub fn from_host(host: impl Into<String>, image: impl Into<String>) -> Self {
        Self::of(ImportSource::Host(host.into()), image)
    }

    /// An image of a source.
    #[must_use]
    pub fn of(source: ImportSource, image: impl Into<String>) -> Self {
        let image = image.into();
        Self { source, login: None, image, tags: Vec::new(), repositories: Vec::new(), force: false }
    }

    /// With a login at the host.
    #[must_use]
    pub fn login(mut self, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.login = Some((Some(username.into()), password.into()));
        self
    }

    /// Adds a tag that it gets: `repository:tag`.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>) -> Self {
        self.tags.push(name.into());
        self
    }

    /// Adds a repository that gets it without a tag.
    #[must_use]
    pub fn repository(mut self, name: impl Into<String>) -> Self {
        self.repositories.push(name.into());
        self
    }

    /// Lets tags that are there get another image.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    fn body(&self) -> Value {
        let (key, place) = match &self.source {
            ImportSource::Azure(path) => ("resourceId", path),
            ImportSource::Host(host) => ("registryUri", host),
        };
        let credentials = self.login.as_ref().map_or(Value::Null, |(user, password)| {
            object([("username", Value::from(user.as_deref())), ("password", Value::from(password.expose()))])
        });
        let source = object([
            (key, Value::from(place.as_str())),
            ("sourceImage", Value::from(self.image.as_str())),
            ("credentials", credentials),
        ]);
        object([
            ("source", source),
            ("targetTags", self.tags.as_slice().into()),
            ("untaggedTargetRepositories", self.repositories.as_slice().into()),
            ("mode", Value::from(if self.force { "Force" } else { "NoForce" })),
        ])
    }
}

/// Imports an image and waits until all of it is there.
///
/// ```
/// use portolan::azure::arm::imports::{Import, import};
/// let target = "00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?;
/// let op = import(&target, &Import::from_host("docker.io", "library/debian:trixie").tag("debian:trixie"));
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn import(id: &RegistryId, what: &Import) -> Call<()> {
    let path = versioned(&format!("{}/importImage", id.path()), REGISTRY_API);
    Call::arm(Method::Post, path, |_| Ok(())).with(&what.body()).until_over()
}
