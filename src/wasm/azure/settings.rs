//! What the facade asks for, as JSON text, read into the core's own values.

use crate::{
    Error, Limits, Secret,
    azure::{
        acr::Change,
        arm::{
            container_groups::NewContainer,
            imports::{Import, ImportSource},
            registries::{Settings, Sku},
            tasks::{Argument, Build, BuildPlatform},
        },
        read,
    },
    json,
};
use alloc::{collections::BTreeMap, string::String};
use serde_json::Value;

fn parse(text: &str) -> Result<Value, Error> {
    json::parse(text.as_bytes(), &Limits::DEFAULT)
}

pub(super) fn texts(text: &str) -> Result<BTreeMap<String, String>, Error> {
    Ok(read::map(&Value::Object([(String::from("it"), parse(text)?)].into_iter().collect()), "it"))
}

pub(super) fn registry(text: &str) -> Result<Settings, Error> {
    let value = parse(text)?;
    let flag = |name| read::flag(&value, name);
    let more = read::at(&value, "properties").and_then(Value::as_object).into_iter().flatten();
    Ok(Settings {
        sku: read::text(&value, "sku").map(Sku::from),
        tags: read::at(&value, "tags").map(|_| read::map(&value, "tags")),
        admin_user_enabled: flag("adminUserEnabled"),
        anonymous_pull_enabled: flag("anonymousPullEnabled"),
        data_endpoint_enabled: flag("dataEndpointEnabled"),
        more: more.map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

pub(super) fn build(text: &str) -> Result<Build, Error> {
    let value = parse(text)?;
    let mut build = Build::of(read::needed(&value, "source")?);
    if let Some(dockerfile) = read::string(&value, "dockerfile") {
        build.dockerfile = dockerfile;
    }
    build.images = read::texts(&value, "images");
    build.push = read::flag(&value, "push").unwrap_or(true);
    build.no_cache = read::flag(&value, "noCache").unwrap_or_default();
    build.target = read::string(&value, "target");
    build.arguments = read::list(&value, "arguments").iter().filter_map(argument).collect();
    let linux = BuildPlatform::default();
    build.platform = BuildPlatform {
        os: read::string(&value, "platform.os").unwrap_or(linux.os),
        architecture: read::string(&value, "platform.architecture").unwrap_or(linux.architecture),
        variant: read::string(&value, "platform.variant"),
    };
    build.timeout = number(&value, "timeout");
    build.cpu = number(&value, "cpu");
    Ok(build)
}

fn argument(entry: &Value) -> Option<Argument> {
    let value = Secret::new(read::text(entry, "value")?);
    let is_secret = read::flag(entry, "isSecret").unwrap_or_default();
    Some(Argument { name: read::string(entry, "name")?, value, is_secret })
}

fn number(value: &Value, name: &str) -> Option<u32> {
    read::number(value, name).and_then(|number| number.try_into().ok())
}

pub(super) fn container(text: &str) -> Result<NewContainer, Error> {
    let value = parse(text)?;
    let mut container = NewContainer::of(read::needed(&value, "image")?, read::needed(&value, "location")?);
    if let (Some(username), Some(password)) = (read::text(&value, "username"), read::text(&value, "password")) {
        container = container.login(username, password);
    }
    if read::at(&value, "ports").is_some() {
        let ports = read::list(&value, "ports").iter();
        container.ports = ports.filter_map(|port| port.as_u64()?.try_into().ok()).collect();
    }
    container.dns_label = read::string(&value, "dnsLabel");
    container.cpu = number(&value, "cpu").unwrap_or(container.cpu);
    container.memory_tenths = number(&value, "memoryTenths").unwrap_or(container.memory_tenths);
    container.command = read::texts(&value, "command");
    let environment = read::map(&value, "environment").into_iter();
    container.environment = environment.map(|(name, value)| (name, Secret::new(value))).collect();
    if let Some(policy) = read::string(&value, "restartPolicy") {
        container.restart_policy = policy;
    }
    Ok(container)
}

pub(super) fn import(text: &str) -> Result<Import, Error> {
    let value = parse(text)?;
    let source = match read::string(&value, "from.resourceId") {
        Some(path) => ImportSource::Azure(path),
        None => ImportSource::Host(read::needed(&value, "from.host")?),
    };
    let mut import = Import::of(source, read::needed(&value, "image")?);
    let password = read::text(&value, "from.password").map(Secret::new);
    import.login = password.map(|password| (read::string(&value, "from.username"), password));
    import.tags = read::texts(&value, "tags");
    import.repositories = read::texts(&value, "repositories");
    import.force = read::flag(&value, "force").unwrap_or_default();
    Ok(import)
}

pub(super) fn change(text: &str) -> Result<Change, Error> {
    let value = parse(text)?;
    Ok(Change {
        delete_enabled: read::flag(&value, "deleteEnabled"),
        write_enabled: read::flag(&value, "writeEnabled"),
        read_enabled: read::flag(&value, "readEnabled"),
        list_enabled: read::flag(&value, "listEnabled"),
    })
}
