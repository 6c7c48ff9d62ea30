//! `[host[:port]/]repository[:tag][@digest]`, with Docker's short names.

use super::{ReferenceTarget, RegistryHost, RepositoryName, Tag, host::DOCKER_HUB, repository};
use crate::{Digest, ReferenceError, checked::checked_text};
use alloc::{
    format,
    string::{String, ToString},
};
use core::{fmt, str::FromStr};

/// Longest reference looked at, in bytes: host, name, tag and digest at their longest.
const MAX_LEN: usize = 1_024;

/// Names an image or artifact.
///
/// The first component is a host if it has a `.` or a `:`, or is `localhost`; otherwise the name is Docker Hub's, where
/// a name of one component lies in `library/`. With neither tag nor digest, the tag is `latest`. If both are there, the
/// digest decides and the tag is kept.
///
/// ```
/// use portolan::Reference;
/// let alpine: Reference = "alpine".parse()?;
/// assert_eq!(alpine.to_string(), "docker.io/library/alpine:latest");
/// assert_eq!(alpine.familiar(), "alpine:latest");
///
/// let app: Reference = "myregistry.azurecr.io/team/app:1.4".parse()?;
/// assert_eq!(app.host().as_str(), "myregistry.azurecr.io");
/// assert_eq!(app.tag().map(|tag| tag.as_str()), Some("1.4"));
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    host: RegistryHost,
    repository: RepositoryName,
    tag: Option<Tag>,
    digest: Option<Digest>,
}

impl Reference {
    /// Joins checked parts, by the rules above for the tag and for Docker Hub's `library/`.
    ///
    /// # Errors
    /// If host and repository are longer than 255 characters together, or the host is a bare word such as `registry`,
    /// whose references would read as names on Docker Hub; write its port then.
    pub fn new(
        host: RegistryHost,
        repository: RepositoryName,
        tag: Option<Tag>,
        digest: Option<Digest>,
    ) -> Result<Self, ReferenceError> {
        if host.as_str().len() + 1 + repository.as_str().len() > repository::MAX_LEN {
            return Err(ReferenceError::Repository("is longer than 255 characters with its host"));
        }
        if host.is_bare_word() {
            return Err(ReferenceError::Host("a host without a dot needs its port in a reference"));
        }
        let official = host.is_docker_hub() && !repository.as_str().contains('/');
        let repository = if official { format!("{LIBRARY}{repository}").parse()? } else { repository };
        let tag = tag.or_else(|| digest.is_none().then(Tag::latest));
        Ok(Self { host, repository, tag, digest })
    }

    /// The registry.
    #[must_use]
    pub fn host(&self) -> &RegistryHost {
        &self.host
    }

    /// The repository.
    #[must_use]
    pub fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    /// The tag; `latest` if neither tag nor digest was given.
    #[must_use]
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// The digest, if one was given.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// What to ask the registry for: the digest if there is one, else the tag.
    #[must_use]
    pub fn target(&self) -> ReferenceTarget {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => ReferenceTarget::Digest(digest.clone()),
            (None, Some(tag)) => ReferenceTarget::Tag(tag.clone()),
            (None, None) => ReferenceTarget::Tag(Tag::latest()),
        }
    }

    /// The same repository at another tag or digest.
    #[must_use]
    pub fn at(&self, target: impl Into<ReferenceTarget>) -> Self {
        let (tag, digest) = match target.into() {
            ReferenceTarget::Digest(digest) => (None, Some(digest)),
            ReferenceTarget::Tag(tag) => (Some(tag), None),
        };
        Self { host: self.host.clone(), repository: self.repository.clone(), tag, digest }
    }

    /// The short form that Docker shows: without `docker.io/` and `library/`.
    #[must_use]
    pub fn familiar(&self) -> String {
        let full = self.to_string();
        let Some(short) = full.strip_prefix(DOCKER_HUB).and_then(|rest| rest.strip_prefix('/')) else {
            return full;
        };
        let short = short.strip_prefix(LIBRARY).filter(|name| !name.contains('/')).unwrap_or(short);
        // A namespace such as `a.b` would read as a host.
        if short.parse().as_ref() == Ok(self) { short.into() } else { full }
    }
}

/// Namespace of Docker Hub's official images.
const LIBRARY: &str = "library/";

checked_text!(Reference);

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_LEN {
            return Err(ReferenceError::Repository("is too long"));
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest.parse()?)),
            None => (text, None),
        };
        let (host, rest) = split_host(name)?;
        let (path, tag) = match rest.split_once(':') {
            Some((path, tag)) => (path, Some(tag.parse()?)),
            None => (rest, None),
        };
        Self::new(host, path.parse()?, tag, digest)
    }
}

fn split_host(name: &str) -> Result<(RegistryHost, &str), ReferenceError> {
    match name.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost") => {
            Ok((first.parse()?, rest))
        }
        _ => Ok((RegistryHost::docker_hub(), name)),
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}
