//! `repos` and `tags`.

use super::{
    Reading,
    exit::Failure,
    output::{self, Progress, cell},
    target::{self, Place},
};
use portolan::{
    client::{MaybeSend, Pages, Transport},
    op::{Names, Truncated},
};
use serde::Serialize;
use std::{io::Write as _, process::ExitCode};

/// Page size asked for: more than 1000 is refused by ECR and by Docker's own registry.
const PAGE: u32 = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Repositories<'a> {
    registry: &'a str,
    repositories: Vec<String>,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tags<'a> {
    repository: &'a str,
    tags: Vec<String>,
    #[serde(flatten)]
    rest: Rest,
}

/// What a listing does not show.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest {
    /// Names left out: illegal, empty or repeated.
    skipped: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    truncated: Option<Cut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cut {
    kind: &'static str,
    message: String,
    page: u32,
}

pub(super) async fn repos(text: &str, reading: &Reading) -> Result<ExitCode, Failure> {
    let place = Place::parse(text, reading.connection.plain_http)?;
    let registry = reading.connection.open(&place, None).await?.registry;
    let listed = collect(registry.repositories(Some(PAGE)), "repositories").await?;
    listed.finish(reading, |repositories, rest| {
        output::json(&Repositories { registry: place.host.as_str(), repositories, rest })
    })
}

pub(super) async fn tags(text: &str, reading: &Reading) -> Result<ExitCode, Failure> {
    let (place, reference) = target::reference(text, reading.connection.plain_http)?;
    if text.contains('@') || (reference.tag().is_some_and(|tag| text.ends_with(&format!(":{tag}")))) {
        return Err(Failure::Usage("a repository has neither tag nor digest".into()));
    }
    let repository = reference.repository();
    let registry = reading.connection.open(&place, Some(repository.as_str())).await?.registry;
    let listed = collect(registry.tags(repository, Some(PAGE)), "tags").await?;
    let name = format!("{}/{repository}", reference.host());
    listed.finish(reading, |tags, rest| output::json(&Tags { repository: &name, tags, rest }))
}

struct Listed {
    names: Vec<String>,
    skipped: usize,
    truncated: Option<Truncated>,
}

async fn collect<T: Transport, L: Names + MaybeSend>(mut pages: Pages<T, L>, what: &str) -> Result<Listed, Failure> {
    let progress = Progress::new(format!("asking for {what}"));
    let mut listed = Listed { names: Vec::new(), skipped: 0, truncated: None };
    while let Some(page) = pages.next().await? {
        listed.names.extend(page.names);
        listed.skipped += page.skipped;
        progress.say(format!("{} {what}", listed.names.len()));
        if page.truncated.is_some() {
            listed.truncated = page.truncated;
            break;
        }
    }
    Ok(listed)
}

impl Listed {
    /// Writes what there is; a listing that is not whole is a failure all the same.
    fn finish(
        self,
        reading: &Reading,
        json: impl FnOnce(Vec<String>, Rest) -> std::io::Result<()>,
    ) -> Result<ExitCode, Failure> {
        if reading.json {
            let truncated = self.truncated.as_ref().map(|t| Cut {
                kind: t.error.kind().as_str(),
                message: t.error.to_string(),
                page: t.page,
            });
            json(self.names, Rest { skipped: self.skipped, truncated })?;
        } else {
            let mut out = output::stdout();
            for name in &self.names {
                writeln!(out, "{}", cell(name))?;
            }
            out.flush()?;
            if self.skipped > 0 {
                writeln!(
                    std::io::stderr(),
                    "portolan: {} names were left out: illegal, empty or repeated",
                    self.skipped
                )?;
            }
        }
        match self.truncated {
            Some(truncated) => Err(Failure::Incomplete(truncated.error)),
            None => Ok(ExitCode::SUCCESS),
        }
    }
}
