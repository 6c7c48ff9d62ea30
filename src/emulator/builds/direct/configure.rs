//! Instructions that change nothing but the config.

use super::{config::Config, copy};
use crate::emulator::{
    builds::dockerfile::{Instruction, expand},
    failure::Failure,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use serde_json::json;

/// Resolves the words of an instruction.
pub(super) struct Words {
    pub(super) variables: BTreeMap<String, String>,
    pub(super) escape: char,
    pub(super) line: usize,
}

impl Words {
    pub(super) fn word(&self, word: &str) -> Result<String, Failure> {
        expand(word, self.escape, &|name| self.variables.get(name).cloned()).map_err(|reason| self.wrong(reason))
    }

    fn pairs(&self, pairs: &[(String, String)]) -> Result<Vec<(String, String)>, Failure> {
        pairs.iter().map(|(name, value)| Ok((self.word(name)?, self.word(value)?))).collect()
    }

    fn wrong(&self, reason: impl Into<String>) -> Failure {
        Failure::Failed(reason.into()).at(self.line)
    }
}

/// Instructions that change nothing but the config.
pub(super) fn configure(config: &mut Config, instruction: &Instruction, words: &Words) -> Result<(), Failure> {
    match instruction {
        Instruction::Env(pairs) => words.pairs(pairs)?.iter().for_each(|(name, value)| config.set_env(name, value)),
        Instruction::Label(pairs) => words.pairs(pairs)?.iter().for_each(|(name, value)| config.label(name, value)),
        Instruction::Workdir(path) => {
            let path = copy::absolute(&words.word(path)?, &config.workdir());
            let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(&path);
            config.set("WorkingDir", path.into());
        }
        Instruction::User(user) => config.set("User", words.word(user)?.into()),
        Instruction::StopSignal(signal) => config.set("StopSignal", words.word(signal)?.into()),
        Instruction::Expose(ports) => {
            for port in ports {
                let port = words.word(port)?;
                config.add("ExposedPorts", &if port.contains('/') { port } else { format!("{port}/tcp") });
            }
        }
        Instruction::Volume(paths) => {
            for path in paths {
                config.add("Volumes", &words.word(path)?);
            }
        }
        Instruction::Cmd(command) => config.command(command),
        Instruction::Entrypoint(command) => config.entrypoint(command),
        Instruction::Shell(shell) => config.set("Shell", json!(shell)),
        Instruction::Healthcheck(health) => config.health(health.as_ref()),
        Instruction::OnBuild(text) => config.on_build(text),
        Instruction::Maintainer(name) => config.author(&words.word(name)?),
        _ => return Err(words.wrong("this instruction cannot be carried out without buildah")),
    }
    Ok(())
}
