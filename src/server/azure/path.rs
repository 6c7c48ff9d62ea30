//! What may be asked below `azure/`: read before anything is dialled.
//!
//! ```text
//! path   = "registry" / "usages" / "replications"
//!        / "regions/" region
//!        / "regions/" region "/" name "/manifests/" ( tag / digest )
//!        / "regions/" region "/" name "/tags/newest"
//!        / "acr/v1/" name [ "/_tags/" tag / "/_manifests" [ "/" digest ] ]
//! ```

use super::super::{path::check_query, refusal::Refusal};
use crate::{Digest, ReferenceTarget, RepositoryName, Tag};
use alloc::{format, string::String};

/// Longest path looked at, bytes.
const MAX_PATH: usize = 1_024;
/// Longest name of a region.
const MAX_REGION: usize = 50;

/// A request that has been read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Question {
    /// The registry's settings.
    Settings,
    /// What it uses.
    Usages,
    /// What Azure says of its regions.
    Replications,
    /// What a region's own endpoint says.
    Region(String, Probe),
    /// ACR's own document: path and query at the registry.
    Acr { repository: RepositoryName, address: String, list: bool },
}

/// What a region's endpoint is asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Probe {
    /// Whether it answers.
    Answer,
    /// Whether it serves a manifest.
    Serves(RepositoryName, ReferenceTarget),
    /// Its newest tag.
    Newest(RepositoryName),
}

impl Question {
    /// Reads path (below `azure/`) and query.
    pub(super) fn parse(path: &str, query: Option<&str>) -> Result<Self, Refusal> {
        if path.len() > MAX_PATH {
            return Err(Refusal::bad_request("the path is too long"));
        }
        let question = match path {
            "registry" => Self::Settings,
            "usages" => Self::Usages,
            "replications" => Self::Replications,
            _ => match (path.strip_prefix("regions/"), path.strip_prefix("acr/v1/")) {
                (Some(rest), _) => region(rest)?,
                (_, Some(rest)) => acr(rest)?,
                _ => return Err(Refusal::NOT_FOUND),
            },
        };
        question.with_query(query)
    }

    fn with_query(self, query: Option<&str>) -> Result<Self, Refusal> {
        match (self, query) {
            (question, None) => Ok(question),
            (Self::Acr { repository, address, list: true }, Some(query)) => {
                check_query(query)?;
                Ok(Self::Acr { repository, address: format!("{address}?{query}"), list: true })
            }
            _ => Err(Refusal::bad_request("this path takes no query")),
        }
    }
}

fn region(rest: &str) -> Result<Question, Refusal> {
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    if name.is_empty() || name.len() > MAX_REGION || !name.bytes().all(fine) {
        return Err(Refusal::bad_request("not the name of a region"));
    }
    Ok(Question::Region(name.into(), probe(rest)?))
}

fn probe(rest: &str) -> Result<Probe, Refusal> {
    if rest.is_empty() {
        return Ok(Probe::Answer);
    }
    if let Some(name) = rest.strip_suffix("/tags/newest") {
        return Ok(Probe::Newest(repository(name)?));
    }
    let (name, target) = rest.rsplit_once("/manifests/").ok_or(Refusal::NOT_FOUND)?;
    Ok(Probe::Serves(repository(name)?, reference(target)?))
}

fn acr(rest: &str) -> Result<Question, Refusal> {
    let (name, list) = if let Some(name) = rest.strip_suffix("/_manifests") {
        (name, true)
    } else if let Some((name, tag)) = rest.split_once("/_tags/") {
        tag.parse::<Tag>().map_err(|_| Refusal::bad_request("not a tag"))?;
        (name, false)
    } else if let Some((name, digest)) = rest.split_once("/_manifests/") {
        digest.parse::<Digest>().map_err(|_| Refusal::bad_request("not a digest"))?;
        (name, false)
    } else {
        (rest, false)
    };
    Ok(Question::Acr { repository: repository(name)?, address: format!("/acr/v1/{rest}"), list })
}

fn reference(text: &str) -> Result<ReferenceTarget, Refusal> {
    text.parse().map_err(|_| Refusal::bad_request("not a tag or digest"))
}

fn repository(name: &str) -> Result<RepositoryName, Refusal> {
    name.parse().map_err(|_| Refusal::bad_request("not a repository name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn questions_are_known() {
        let asked = |path: &str| Question::parse(path, None).unwrap();
        assert_eq!(asked("replications"), Question::Replications);
        assert_eq!(asked("regions/eastus"), Question::Region("eastus".into(), Probe::Answer));
        let served = Probe::Serves("a/b".parse().unwrap(), "1.0".parse().unwrap());
        assert_eq!(asked("regions/eastus/a/b/manifests/1.0"), Question::Region("eastus".into(), served));
        assert!(matches!(asked("regions/eastus/a/b/tags/newest"), Question::Region(_, Probe::Newest(_))));
        for path in ["acr/v1/a/b", "acr/v1/a/_tags/1.0", &format!("acr/v1/a/_manifests/{DIGEST}")] {
            assert!(matches!(asked(path), Question::Acr { list: false, .. }), "{path}");
        }
        let list = Question::parse("acr/v1/a/_manifests", Some("n=100&orderby=timedesc&last=x")).unwrap();
        assert!(
            matches!(list, Question::Acr { address, .. } if address == "/acr/v1/a/_manifests?n=100&orderby=timedesc&last=x")
        );
    }

    #[test]
    fn s01_anything_else_is_refused() {
        for path in [
            "",
            "credentials",
            "registry/",
            "registry/listCredentials",
            "regions/",
            "regions/East",
            "regions/../x",
            "regions/a.b",
            "regions/127.0.0.1:80",
            "regions/eastus/a",
            "regions/eastus/a/tags/list",
            "regions/eastus/A/manifests/1",
            "regions/eastus//manifests/1",
            "regions/eastus/a/manifests/..",
            "acr/v1/",
            "acr/v1/_catalog",
            "acr/v1/a/../b",
            "acr/v1/a/_tags/",
            "acr/v1/a/_tags/x/y",
            "acr/v1/a/_manifests/latest",
            "acr/v1/a/_deleted",
            "acr/v2/a",
        ] {
            assert!(Question::parse(path, None).is_err(), "{path}");
        }
        assert!(Question::parse("replications", Some("api-version=1")).is_err());
        assert!(Question::parse("acr/v1/a/_manifests", Some("last=http://evil.example")).is_err());
        assert!(Question::parse("acr/v1/a", Some("n=1")).is_err());
    }
}
