//! Where contexts and logs are in the storage.

use super::{BlobName, Refused, Storage};
use crate::emulator::{clock::Instant, random};
use alloc::{format, string::String};
use std::path::PathBuf;

/// A place for a context: as runs name it, and in the storage.
pub(super) fn fresh(registry: &str) -> Result<(String, BlobName), Refused> {
    let now: String = Instant::now().rfc3339().chars().filter(char::is_ascii_digit).take(12).collect();
    let path = format!("source/{now}/{}.tar.gz", random::uuid()?);
    let name = blob(registry, &path).ok_or_else(|| Refused::broken("the registry has no name"))?;
    Ok((path, name))
}

fn blob(registry: &str, path: &str) -> Option<BlobName> {
    BlobName::new(&format!("tasks-{}/{path}", registry.to_ascii_lowercase()))
}

/// The log of a run.
pub(super) fn log(registry: &str, id: &str) -> BlobName {
    folder(registry, &format!("logs/{id}/rawtext.log"))
}

/// A folder of a registry. Names of registries and runs are words, so that there is one.
pub(super) fn folder(registry: &str, path: &str) -> BlobName {
    blob(registry, path).or_else(|| BlobName::new("tasks/none")).unwrap_or_else(|| unreachable!("the name is good"))
}

/// The file of a context that was put before.
pub(super) fn uploaded(registry: &str, location: &str, storage: &Storage) -> Result<PathBuf, Refused> {
    let missing = |message: String| Refused::bad("InvalidSourceLocation", message);
    let shown = crate::text::shown(location, 200);
    if location.contains("://") || location.starts_with("git@") || location.starts_with("github.com/") {
        return Err(missing(format!(
            "The source '{shown}' is not fetched: this emulator reaches nothing beyond its own machine. Upload a context."
        )));
    }
    let name = blob(registry, location).filter(|_| location.starts_with("source/"));
    let file = name.and_then(|name| storage.file(&name));
    file.ok_or_else(|| missing(format!("The source location '{shown}' does not exist.")))
}
