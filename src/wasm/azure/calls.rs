//! Calls by their names.

use super::{settings, unknown};
use crate::{
    Error,
    azure::{
        RawCall,
        acr::{manifest, repository, tag},
        arm::{
            container_groups,
            credentials::{self, Which},
            groups, imports, registries, replications, runs, scoped_tokens, tasks, usages,
        },
    },
};
use alloc::{string::String, vec::Vec};

/// The call `name` with these arguments.
pub(super) fn call(name: &str, args: &[String]) -> Result<RawCall, Error> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (resource, verb) = name.split_once('.').unwrap_or_default();
    match resource {
        "group" => group(verb, &args),
        "registry" => registry(verb, &args),
        "replication" => replication(verb, &args),
        "token" => token(verb, &args),
        "run" => run(verb, &args),
        "container" => container(verb, &args),
        "acr" => acr(verb, &args),
        _ => Err(unknown()),
    }
}

fn group(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("create", [id, location, tags]) => groups::create(&id.parse()?, location, &settings::texts(tags)?).raw(),
        ("show", [id]) => groups::show(&id.parse()?).raw(),
        ("delete", [id]) => groups::delete(&id.parse()?).raw(),
        _ => return Err(unknown()),
    })
}

fn registry(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("check", [subscription, name]) => registries::check_name(&subscription.parse()?, &name.parse()?).raw(),
        ("create", [id, location, text]) => {
            registries::create(&id.parse()?, location, &settings::registry(text)?).raw()
        }
        ("update", [id, text]) => registries::update(&id.parse()?, &settings::registry(text)?).raw(),
        ("show", [id]) => registries::show(&id.parse()?).raw(),
        ("delete", [id]) => registries::delete(&id.parse()?).raw(),
        ("usages", [id]) => usages::list(&id.parse()?).raw(),
        ("credentials", [id]) => credentials::list(&id.parse()?).raw(),
        ("regenerate", [id, which]) => {
            let which = if *which == "password2" { Which::Second } else { Which::First };
            credentials::regenerate(&id.parse()?, which).raw()
        }
        ("import", [id, text]) => imports::import(&id.parse()?, &settings::import(text)?).raw(),
        _ => return Err(unknown()),
    })
}

fn replication(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("create", [id, location, endpoint]) => {
            replications::create(&id.parse()?, &replications::name(location)?, location, *endpoint != "off").raw()
        }
        ("show", [id, location]) => replications::show(&id.parse()?, &replications::name(location)?).raw(),
        ("endpoint", [id, location, on]) => {
            replications::set_region_endpoint(&id.parse()?, &replications::name(location)?, *on == "on").raw()
        }
        ("delete", [id, location]) => replications::delete(&id.parse()?, &replications::name(location)?).raw(),
        _ => return Err(unknown()),
    })
}

fn token(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("map", [id, name, actions @ ..]) => scoped_tokens::create_map(&id.parse()?, &name.parse()?, actions).raw(),
        ("create", [id, name, map]) => scoped_tokens::create(&id.parse()?, &name.parse()?, &map.parse()?).raw(),
        ("generate", [id, name]) => scoped_tokens::generate(&id.parse()?, &name.parse()?).raw(),
        ("delete", [id, name]) => scoped_tokens::delete(&id.parse()?, &name.parse()?).raw(),
        _ => return Err(unknown()),
    })
}

fn run(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("schedule", [id, text]) => tasks::schedule(&id.parse()?, &settings::build(text)?).raw(),
        ("show", [id, run]) => runs::show(&id.parse()?, &run.parse()?).raw(),
        ("wait", [id, run]) => runs::wait(&id.parse()?, &run.parse()?).raw(),
        ("cancel", [id, run]) => runs::cancel(&id.parse()?, &run.parse()?).raw(),
        _ => return Err(unknown()),
    })
}

fn container(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("create", [group, name, text]) => {
            container_groups::create(&group.parse()?, &name.parse()?, &settings::container(text)?).raw()
        }
        ("show", [group, name]) => container_groups::show(&group.parse()?, &name.parse()?).raw(),
        ("delete", [group, name]) => container_groups::delete(&group.parse()?, &name.parse()?).raw(),
        _ => return Err(unknown()),
    })
}

fn acr(verb: &str, args: &[&str]) -> Result<RawCall, Error> {
    Ok(match (verb, args) {
        ("repository", [name]) => repository::show(&name.parse()?).raw(),
        ("update", [name, text]) => repository::update(&name.parse()?, settings::change(text)?).raw(),
        ("delete", [name]) => repository::delete(&name.parse()?).raw(),
        ("tag", [name, tag]) => tag::show(&name.parse()?, &tag.parse()?).raw(),
        ("updateTag", [name, tag, text]) => tag::update(&name.parse()?, &tag.parse()?, settings::change(text)?).raw(),
        ("untag", [name, tag]) => tag::delete(&name.parse()?, &tag.parse()?).raw(),
        ("manifest", [name, digest]) => manifest::show(&name.parse()?, &digest.parse()?).raw(),
        ("updateManifest", [name, digest, text]) => {
            manifest::update(&name.parse()?, &digest.parse()?, settings::change(text)?).raw()
        }
        ("deleteManifest", [name, digest]) => manifest::delete(&name.parse()?, &digest.parse()?).raw(),
        _ => return Err(unknown()),
    })
}
