//! The emulator, kept running for tests and for the portal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::Service;
use crate::say;

const READY: Duration = Duration::from_secs(60);

/// A running emulator; dropping it ends it and removes its files.
pub(crate) struct Emulator {
    service: Service,
    info: PathBuf,
    files: TempDir,
}

impl Emulator {
    /// Starts `portolan emulate` of `program` with some more words, and waits until it has said where everything is.
    ///
    /// # Errors
    /// When it does not start, or says nothing.
    pub(crate) fn start(program: &Path, words: &[&str]) -> Result<Self> {
        let files = tempfile::Builder::new().prefix("portolan-emulator-").tempdir()?;
        let info = files.path().join("info.json");
        let mut command = Command::new(program);
        command.arg("emulate").args(words).arg("--info").arg(&info);
        let mut service = Service::start("portolan emulate", &mut command, &files.path().join("log"))?;
        service.until(READY, |_| Ok(info.exists().then_some(())))?;
        let emulator = Self { service, info, files };
        say::note(format_args!("emulator at {}", emulator.text("login_server")?));
        Ok(emulator)
    }

    /// The file that says where everything is.
    pub(crate) fn info(&self) -> &Path {
        &self.info
    }

    /// One of its texts.
    ///
    /// # Errors
    /// When there is no such text.
    pub(crate) fn text(&self, name: &str) -> Result<String> {
        let info = self.said()?;
        let text = info[name].as_str().with_context(|| format!("the emulator did not say its {name}"))?;
        Ok(text.to_owned())
    }

    /// All of what it said.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn said(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&fs::read(&self.info)?)?)
    }

    /// A folder that goes when it does.
    pub(crate) fn folder(&self) -> &Path {
        self.files.path()
    }

    /// Fails when it has ended or we are interrupted.
    ///
    /// # Errors
    /// As said.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.service.check()
    }
}
