//! Running a container, by `buildah`: its own root, and the machine's network and processes.

use super::{Containers, log::ContainerLog, request::Wanted};
use crate::{
    ImageConfig, Limits,
    emulator::{
        buildah::{self, Buildah, ended, last},
        failure::{Failure, Stop},
        images::Pulled,
        scratch::Scratch,
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use serde_json::Value;

/// A container that is ready, or why there is none.
pub(super) enum Prepared {
    Run(Run),
    Nothing(String),
}

/// A container that can be run.
pub(super) struct Run {
    buildah: Buildah,
    container: String,
    words: Vec<String>,
    environment: Vec<(String, String)>,
    /// Holds the container's files as long as this is there.
    _scratch: Scratch,
}

/// Makes a container of an image. Blocks.
pub(super) fn prepare(
    containers: &Containers,
    pulled: &Pulled,
    wanted: &Wanted,
    stop: &Stop,
) -> Result<Prepared, Failure> {
    if !buildah::is_there() {
        return Ok(Prepared::Nothing("no container runtime is installed on this machine (buildah would do)".into()));
    }
    let words = words(pulled, wanted)?;
    if words.is_empty() {
        return Ok(Prepared::Nothing("the image names no command, and none was given".into()));
    }
    let scratch = containers.scratch()?;
    let buildah = Buildah::new(&scratch, stop)?;
    let id = buildah.load(&*containers.images, pulled, &scratch)?;
    let mut from = buildah.command(&["from", "--pull-never", "--quiet", "--signature-policy"]);
    let (status, said) = buildah.answer(from.arg(buildah.policy()).arg(&id))?;
    if status != Some(0) {
        return Err(ended(status, &said));
    }
    let environment = wanted.environment.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Prepared::Run(Run { buildah, container: last(&said), words, environment, _scratch: scratch }))
}

/// What is to be run: what was asked for, else what the image says.
fn words(pulled: &Pulled, wanted: &Wanted) -> Result<Vec<String>, Failure> {
    if !wanted.command.is_empty() {
        return Ok(wanted.command.clone());
    }
    ImageConfig::parse(&pulled.config, &Limits::DEFAULT).map_err(|error| Failure::Failed(error.to_string()))?;
    let config: Value = serde_json::from_slice(&pulled.config).map_err(|error| Failure::Failed(error.to_string()))?;
    let list = |name: &str| {
        let words = config.pointer(&format!("/config/{name}")).and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str).map(String::from).collect::<Vec<_>>()
    };
    Ok([list("Entrypoint"), list("Cmd")].concat())
}

impl Run {
    /// Runs it to its end; the status that it ended with.
    pub(super) async fn run(&self, log: &ContainerLog, ending: &Stop) -> Result<Option<i32>, Failure> {
        ending.check()?;
        let mut command = self.buildah.command(&["run", "--isolation", "chroot"]);
        for (name, value) in &self.environment {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        command.arg(&self.container).arg("--").args(&self.words);
        let mut take = |line: &str| {
            if !is_buildahs(line) {
                log.line(line);
            }
            Ok(())
        };
        self.buildah.follow(&mut command, &mut take).await
    }
}

/// What the program adds when a container ends with another status than zero.
fn is_buildahs(line: &str) -> bool {
    let status =
        line.strip_prefix("subprocess exited with status ").or_else(|| line.strip_prefix("Error: exit status "));
    status.is_some_and(|status| status.parse::<u8>().is_ok())
}
