//! `ImportImageParameters`.

use crate::{
    Reference, RepositoryName, Tag,
    emulator::{nulls, refused::Refused},
    reference::ReferenceTarget,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};
use serde::Deserialize;
use serde_json::Value;

/// A request to import.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) source: Source,
    #[serde(default)]
    target_tags: Vec<String>,
    #[serde(default)]
    untagged_target_repositories: Vec<String>,
    #[serde(default)]
    mode: String,
}

/// Where the image comes from.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Source {
    pub(crate) resource_id: Option<String>,
    pub(crate) registry_uri: Option<String>,
    pub(crate) credentials: Option<Credentials>,
    source_image: String,
}

/// A user name with a password, or a token alone.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    pub(crate) username: Option<String>,
    pub(crate) password: String,
}

impl Request {
    /// Reads the body of `importImage`. Nulls are as good as nothing, as Azure's libraries send them.
    pub(crate) fn read(body: &Value) -> Result<Self, Refused> {
        let mut body = body.clone();
        nulls::remove(&mut body);
        serde_json::from_value(body)
            .map_err(|error| Refused::bad("InvalidRequestContent", format!("The request cannot be read: {error}.")))
    }

    /// What of the source; the last version of it where nothing is said.
    pub(crate) fn image(&self) -> Result<(RepositoryName, ReferenceTarget), Refused> {
        let reference = parsed(&self.source.source_image)?;
        Ok((reference.repository().clone(), reference.target()))
    }

    /// Repositories with the tags that they get; a target without a tag gets the source's.
    pub(crate) fn targets(&self) -> Result<BTreeMap<RepositoryName, Vec<Tag>>, Refused> {
        let (_, source) = self.image()?;
        let mut targets: BTreeMap<RepositoryName, BTreeSet<Tag>> = BTreeMap::new();
        for target in &self.target_tags {
            let reference = parsed(target)?;
            // Where it names none, this is `latest`.
            let own = reference.tag().filter(|_| reference.digest().is_none()).ok_or_else(|| invalid(target))?;
            let names_none = !target.rsplit('/').next().is_some_and(|last| last.contains(':'));
            let tag = source.tag().filter(|_| names_none).unwrap_or(own).clone();
            targets.entry(reference.repository().clone()).or_default().insert(tag);
        }
        for target in &self.untagged_target_repositories {
            targets.entry(target.parse().map_err(|_| invalid(target))?).or_default();
        }
        if targets.is_empty() {
            return Err(Refused::bad(
                "InvalidRequestContent",
                "Neither a target tag nor a target repository was given.",
            ));
        }
        Ok(targets.into_iter().map(|(repository, tags)| (repository, tags.into_iter().collect())).collect())
    }

    /// Whether tags that are there may get another image.
    pub(crate) fn force(&self) -> bool {
        self.mode.eq_ignore_ascii_case("Force")
    }
}

fn parsed(name: &str) -> Result<Reference, Refused> {
    format!("registry.invalid/{name}").parse().map_err(|_| invalid(name))
}

fn invalid(name: &str) -> Refused {
    Refused::bad("InvalidImageName", format!("The image name '{}' is not valid.", crate::text::shown(name, 200)))
}
