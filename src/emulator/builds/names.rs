//! The names that an image gets.

use super::{Refused, Target};
use crate::{Reference, RepositoryName, Tag, emulator::clock::Instant};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// Checks names before there is a run.
pub(super) fn check(names: &[String], registry: &Target<'_>) -> Result<(), Refused> {
    resolved(names, registry, "cf1", Instant::now()).map(|_| ())
}

/// Repositories and tags, with what stands in double braces put in.
pub(super) fn resolved(
    names: &[String],
    registry: &Target<'_>,
    run: &str,
    now: Instant,
) -> Result<Vec<(RepositoryName, Tag)>, Refused> {
    names.iter().map(|name| one(&filled(name, registry, run, now), registry)).collect()
}

fn one(name: &str, registry: &Target<'_>) -> Result<(RepositoryName, Tag), Refused> {
    let wrong = || {
        Refused::bad("InvalidImageName", format!("The image name '{}' is not valid.", crate::text::shown(name, 200)))
    };
    let host = format!("{}/", registry.login_server);
    let name = name.strip_prefix(&host).unwrap_or(name);
    // As Docker reads names: a first part with a dot or a port is a host.
    if name.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':'])) {
        return Err(wrong());
    }
    let reference: Reference = format!("registry.invalid/{name}").parse().map_err(|_| wrong())?;
    let tag = reference.tag().filter(|_| reference.digest().is_none()).ok_or_else(wrong)?;
    Ok((reference.repository().clone(), tag.clone()))
}

fn filled(name: &str, registry: &Target<'_>, run: &str, now: Instant) -> String {
    let date: String = now.rfc3339().chars().filter(char::is_ascii_digit).take(14).collect();
    let (day, time) = date.split_at_checked(8).unwrap_or((&date, ""));
    let values = [
        ("Run.ID", run.to_string()),
        ("Build.ID", run.to_string()),
        ("ID", run.to_string()),
        ("Run.Registry", registry.login_server.to_string()),
        ("Run.RegistryName", registry.name.to_string()),
        ("Run.Date", format!("{day}-{time}z")),
        ("Run.OS", "linux".to_string()),
    ];
    let mut name = name.to_string();
    for (key, value) in values {
        for braces in [format!("{{{{.{key}}}}}"), format!("{{{{ .{key} }}}}")] {
            name = name.replace(&braces, &value);
        }
    }
    name
}
