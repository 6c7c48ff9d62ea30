//! An image's config as instructions change it. Whatever a base image has beside is kept.

use crate::{
    Digest,
    emulator::{
        builds::dockerfile::{Command, Health},
        clock::Instant,
        failure::Failure,
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use serde_json::{Map, Value, json};

/// What programs find if the image says nothing of it.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A config that is being made.
#[derive(Clone, Debug)]
pub(super) struct Config {
    whole: Map<String, Value>,
    created: Instant,
    /// An entry point was set here, so that an older `CMD` no longer counts.
    command_set: bool,
}

impl Config {
    /// The config of `FROM scratch`.
    pub(super) fn scratch(os: &str, architecture: &str, variant: Option<&str>, created: Instant) -> Self {
        let mut whole = Map::new();
        whole.insert("architecture".into(), architecture.into());
        whole.insert("os".into(), os.into());
        if let Some(variant) = variant {
            whole.insert("variant".into(), variant.into());
        }
        Self { whole, created, command_set: false }.with_path()
    }

    /// The config of a base image.
    pub(super) fn of(base: &[u8], created: Instant) -> Result<Self, Failure> {
        let whole = serde_json::from_slice(base);
        let whole = whole.map_err(|_| Failure::Failed("the base image's config is no JSON object".into()))?;
        let mut config = Self { whole, created, command_set: false }.with_path();
        config.run_mut().remove("Image");
        Ok(config)
    }

    fn with_path(mut self) -> Self {
        if self.env().is_empty() {
            self.set_env("PATH", PATH);
        }
        self
    }

    fn member(&mut self, name: &str) -> &mut Map<String, Value> {
        object(&mut self.whole, name)
    }

    fn run_mut(&mut self) -> &mut Map<String, Value> {
        self.member("config")
    }

    fn run(&self) -> Option<&Map<String, Value>> {
        self.whole.get("config")?.as_object()
    }

    fn words(&self, name: &str) -> Vec<String> {
        let words = self.run().and_then(|run| run.get(name)?.as_array());
        words.into_iter().flatten().filter_map(Value::as_str).map(String::from).collect()
    }

    /// Names and values of the environment.
    pub(super) fn env(&self) -> Vec<(String, String)> {
        let env = self.words("Env");
        env.iter().filter_map(|word| word.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
    }

    pub(super) fn set_env(&mut self, name: &str, value: &str) {
        let mut env = self.words("Env");
        let entry = format!("{name}={value}");
        match env.iter_mut().find(|word| word.split_once('=').is_some_and(|(known, _)| known == name)) {
            Some(word) => *word = entry,
            None => env.push(entry),
        }
        self.set("Env", json!(env));
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.run_mut().insert(name.into(), value);
    }

    /// Adds a name to a set such as `ExposedPorts`.
    pub(super) fn add(&mut self, set: &str, name: &str) {
        object(self.run_mut(), set).insert(name.into(), json!({}));
    }

    pub(super) fn label(&mut self, name: &str, value: &str) {
        object(self.run_mut(), "Labels").insert(name.into(), value.into());
    }

    pub(super) fn on_build(&mut self, text: &str) {
        let mut triggers = self.words("OnBuild");
        triggers.push(text.into());
        self.set("OnBuild", json!(triggers));
    }

    /// What is to be done first with an image that is built on, and no more.
    pub(super) fn take_triggers(&mut self) -> Vec<String> {
        let triggers = self.words("OnBuild");
        self.run_mut().remove("OnBuild");
        triggers
    }

    pub(super) fn workdir(&self) -> String {
        let workdir = self.run().and_then(|run| run.get("WorkingDir")?.as_str());
        workdir.filter(|workdir| !workdir.is_empty()).unwrap_or("/").to_string()
    }

    /// The shell of commands that are lines.
    pub(super) fn shell(&self) -> Vec<String> {
        let shell = self.words("Shell");
        if shell.is_empty() { vec!["/bin/sh".into(), "-c".into()] } else { shell }
    }

    pub(super) fn command(&mut self, command: &Command) {
        let words = command.words(&self.shell());
        self.set("Cmd", json!(words));
        self.command_set = true;
    }

    /// An entry point of this file makes a base image's command meaningless.
    pub(super) fn entrypoint(&mut self, command: &Command) {
        let words = command.words(&self.shell());
        self.set("Entrypoint", json!(words));
        if !self.command_set {
            self.run_mut().remove("Cmd");
        }
    }

    pub(super) fn health(&mut self, health: Option<&Health>) {
        let Some(health) = health else { return self.set("Healthcheck", json!({ "Test": ["NONE"] })) };
        let test: Vec<String> = match &health.command {
            Command::Exec(words) => [String::from("CMD")].into_iter().chain(words.iter().cloned()).collect(),
            Command::Shell(line) => vec!["CMD-SHELL".into(), line.clone()],
        };
        let mut value = Map::new();
        value.insert("Test".into(), json!(test));
        value.extend(health.times.iter().map(|(name, time)| ((*name).into(), json!(time))));
        value.extend(health.retries.map(|retries| ("Retries".into(), json!(retries))));
        self.set("Healthcheck", Value::Object(value));
    }

    pub(super) fn author(&mut self, name: &str) {
        self.whole.insert("author".into(), name.into());
    }

    /// Says what was done, and which layer came of it.
    pub(super) fn history(&mut self, text: &str, layer: Option<&Digest>) {
        let mut entry = json!({ "created": self.created.rfc3339(), "created_by": format!("/bin/sh -c #(nop) {text}") });
        if layer.is_none()
            && let Some(entry) = entry.as_object_mut()
        {
            entry.insert("empty_layer".into(), true.into());
        }
        list(&mut self.whole, "history").push(entry);
        if let Some(layer) = layer {
            list(self.member("rootfs"), "diff_ids").push(layer.as_str().into());
        }
    }

    /// The document.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.whole.insert("created".into(), self.created.rfc3339().into());
        let rootfs = self.member("rootfs");
        rootfs.insert("type".into(), "layers".into());
        list(rootfs, "diff_ids");
        Value::Object(self.whole).to_string().into_bytes()
    }
}

/// The object of this name, in place of anything else.
fn object<'a>(whole: &'a mut Map<String, Value>, name: &str) -> &'a mut Map<String, Value> {
    let value = whole.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(object) => object,
        _ => unreachable!("it was made an object"),
    }
}

/// The array of this name, in place of anything else.
fn list<'a>(whole: &'a mut Map<String, Value>, name: &str) -> &'a mut Vec<Value> {
    let value = whole.entry(name).or_insert_with(|| json!([]));
    if !value.is_array() {
        *value = json!([]);
    }
    match value {
        Value::Array(list) => list,
        _ => unreachable!("it was made an array"),
    }
}
