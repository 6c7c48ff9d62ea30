//! The program `buildah`, which leaves no traces here: its storage is a folder that goes away, and images go in and out as
//! folders (`dir:`), so that it needs no registry and no credential.

use super::{
    failure::{Failure, Stop},
    images::{Images, Pulled, write_folder},
    process::Running,
    scratch::Scratch,
};
use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
};
use core::time::Duration;
use std::{fs, path::PathBuf};
use tokio::{process::Command, runtime::Handle};

/// How often a running program is asked whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// Variables that the program itself reads.
pub(crate) const OWN: [&str; 6] =
    ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "BUILDAH_ISOLATION", "REGISTRY_AUTH_FILE"];

/// True if the program is there.
pub(crate) fn is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("buildah").is_file())
}

/// The program, with a storage of its own in a folder.
pub(crate) struct Buildah {
    folder: PathBuf,
    driver: &'static str,
    stop: Stop,
}

impl Buildah {
    /// Prepares the folder. Where the file system or the user has no overlay, layers are copied. Blocks, as all but
    /// [`Buildah::follow`] does.
    pub(crate) fn new(scratch: &Scratch, stop: &Stop) -> Result<Self, Failure> {
        for folder in ["root", "runroot", "home", "tmp"] {
            scratch.folder(folder)?;
        }
        let mut buildah = Self { folder: scratch.path().into(), driver: "overlay", stop: stop.clone() };
        fs::write(buildah.policy(), r#"{"default":[{"type":"insecureAcceptAnything"}]}"#)?;
        fs::write(buildah.folder.join("auth.json"), "{}")?;
        let mut info = buildah.command(&["info"]);
        if buildah.run(&mut info, &mut |_| Ok(()))? != Some(0) {
            buildah.driver = "vfs";
        }
        Ok(buildah)
    }

    /// The file that says which signatures images need: none.
    pub(crate) fn policy(&self) -> PathBuf {
        self.folder.join("policy.json")
    }

    /// A command of the program.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let at = |name: &str| self.folder.join(name);
        let mut command = Command::new("buildah");
        command.arg("--root").arg(at("root")).arg("--runroot").arg(at("runroot"));
        command.args(["--storage-driver", self.driver]).args(arguments);
        command.env("HOME", at("home")).env("TMPDIR", at("tmp")).env("XDG_RUNTIME_DIR", at("tmp"));
        command.env("REGISTRY_AUTH_FILE", at("auth.json")).env("BUILDAH_ISOLATION", "chroot");
        command.current_dir(&self.folder);
        command
    }

    /// Makes an image of a registry known; its id.
    pub(crate) fn load(&self, images: &dyn Images, pulled: &Pulled, scratch: &Scratch) -> Result<String, Failure> {
        let folder = scratch.fresh()?;
        fs::create_dir(&folder)?;
        write_folder(images, pulled, &folder)?;
        let source = format!("dir:{}", folder.display());
        let mut pull = self.command(&["pull", "--quiet", "--signature-policy"]);
        let (status, said) = self.answer(pull.arg(self.policy()).arg(source))?;
        fs::remove_dir_all(folder)?;
        if status == Some(0) { Ok(last(&said)) } else { Err(ended(status, &said)) }
    }

    /// Runs a command for what it says.
    pub(crate) fn answer(&self, command: &mut Command) -> Result<(Option<i32>, String), Failure> {
        let mut said = String::new();
        let status = self.run(command, &mut |line| {
            said.push_str(line);
            said.push('\n');
            Ok(())
        })?;
        Ok((status, said))
    }

    /// As [`Buildah::follow`], on a thread that may wait.
    pub(crate) fn run(
        &self,
        command: &mut Command,
        take: &mut (dyn FnMut(&str) -> Result<(), Failure> + Send),
    ) -> Result<Option<i32>, Failure> {
        Handle::current().block_on(self.follow(command, take))
    }

    /// Runs a command to its end, or until it is to end; the status that it ended with, if it was not killed.
    pub(crate) async fn follow(
        &self,
        command: &mut Command,
        take: &mut (dyn FnMut(&str) -> Result<(), Failure> + Send),
    ) -> Result<Option<i32>, Failure> {
        let mut running = Running::start(command)?;
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                line = running.lines.recv() => match line {
                    Some(line) => take(String::from_utf8_lossy(&line).trim_end())?,
                    None => return Ok(running.wait().await?),
                },
                _ = look.tick() => if let Err(failure) = self.stop.check() {
                    running.end().await?;
                    return Err(failure);
                },
            }
        }
    }
}

/// The last line.
pub(crate) fn last(said: &str) -> String {
    said.lines().last().unwrap_or_default().trim().to_owned()
}

/// How it ended, with its last words.
pub(crate) fn ended(status: Option<i32>, said: &str) -> Failure {
    let status = status.map_or_else(|| "buildah was killed".to_string(), |status| format!("exit status {status}"));
    let said = last(said);
    Failure::Failed(if said.is_empty() { status } else { format!("{status}: {said}") })
}
