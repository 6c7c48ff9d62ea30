//! Building by `buildah`: without a daemon, without the network unless it was allowed, and without traces. Its storage is a
//! folder of the build; images go in and out as folders (`dir:`), so that it needs no registry and no credential.

use super::{bases, dockerfile::Dockerfile, failure::Failure, image::Built, unpack::unpack, work::Work};
use crate::emulator::{
    images::{self, read_folder, write_folder},
    process::Running,
};
use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::time::Duration;
use std::{fs, path::PathBuf};
use tokio::{process::Command, runtime::Handle};

/// How often a running program is asked whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);
/// What the image is called until it has its names.
const OUT: &str = "localhost/built:latest";
/// Variables that buildah itself reads, and no argument may set through the environment.
const OWN: [&str; 6] = ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "BUILDAH_ISOLATION", "REGISTRY_AUTH_FILE"];

/// True if the program is there.
pub(crate) fn is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join("buildah").is_file())
}

/// Builds what the request asks for.
pub(super) fn build(work: &Work<'_>) -> Result<Built, Failure> {
    let context = work.scratch.folder("context")?;
    unpack(work, &context)?;
    let path = docker_file(work, &context)?;
    let text = fs::read_to_string(&path).map_err(|_| Failure::Failed("the Dockerfile is not UTF-8".into()))?;
    let file = Dockerfile::read(&text)?;
    let buildah = Buildah::new(work)?;
    let mut bases = Vec::new();
    let target = file.target(work.request.target.as_deref()).map_err(Failure::Failed)?;
    for name in file.images(target, &work.request.arguments())? {
        let reference = bases::parse(&name)?;
        if bases::own(work, &reference).is_none() && work.outside {
            continue;
        }
        let pulled = bases::pull(work, &name, &mut bases)?;
        buildah.load(&name, &pulled)?;
    }
    buildah.build(&path, &context)?;
    let out = work.scratch.folder("out")?;
    buildah.push(&out)?;
    Ok(Built { image: read_folder(&out)?, bases })
}

/// The Dockerfile, which must be in the context: a link does not lead out of it.
fn docker_file(work: &Work<'_>, context: &std::path::Path) -> Result<PathBuf, Failure> {
    let name = work.request.docker_file_path.trim_start_matches('/');
    let missing = || Failure::Failed(format!("unable to find Dockerfile '{name}' in the context"));
    let path = fs::canonicalize(context.join(name)).map_err(|_| missing())?;
    if path.starts_with(fs::canonicalize(context)?) && path.is_file() { Ok(path) } else { Err(missing()) }
}

/// The program, with a storage of its own.
struct Buildah<'a> {
    work: &'a Work<'a>,
    driver: &'static str,
    policy: PathBuf,
}

impl<'a> Buildah<'a> {
    fn new(work: &'a Work<'a>) -> Result<Self, Failure> {
        for folder in ["root", "runroot", "home", "tmp"] {
            work.scratch.folder(folder)?;
        }
        let policy = work.scratch.path().join("policy.json");
        fs::write(&policy, r#"{"default":[{"type":"insecureAcceptAnything"}]}"#)?;
        fs::write(work.scratch.path().join("auth.json"), "{}")?;
        let mut buildah = Self { work, driver: "overlay", policy };
        // Where the file system or the user has no overlay, layers are copied.
        if !buildah.runs(&mut buildah.command(&["info"]))? {
            buildah.driver = "vfs";
        }
        Ok(buildah)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let at = |name: &str| self.work.scratch.path().join(name);
        let mut command = Command::new("buildah");
        command.arg("--root").arg(at("root")).arg("--runroot").arg(at("runroot"));
        command.args(["--storage-driver", self.driver]).args(arguments);
        command.env("HOME", at("home")).env("TMPDIR", at("tmp")).env("XDG_RUNTIME_DIR", at("tmp"));
        command.env("REGISTRY_AUTH_FILE", at("auth.json")).env("BUILDAH_ISOLATION", "chroot");
        command.current_dir(self.work.scratch.path());
        command
    }

    /// Makes an image of the registry known by its name.
    fn load(&self, name: &str, pulled: &images::Pulled) -> Result<(), Failure> {
        let folder = self.work.scratch.fresh()?;
        fs::create_dir(&folder)?;
        write_folder(self.work.images, pulled, &folder)?;
        let source = format!("dir:{}", folder.display());
        let mut pull = self.command(&["pull", "--quiet", "--signature-policy"]);
        let said = self.answer(pull.arg(&self.policy).arg(source))?;
        let id = said.lines().last().unwrap_or_default().trim().to_owned();
        self.answer(&mut self.command(&["tag", &id, name]))?;
        fs::remove_dir_all(folder)?;
        Ok(())
    }

    fn build(&self, file: &std::path::Path, context: &std::path::Path) -> Result<(), Failure> {
        let request = self.work.request;
        let mut command = self.command(&["build", "--isolation", "chroot", "--format", "docker", "--tag", OUT]);
        command.arg("--signature-policy").arg(&self.policy).arg("--file").arg(file);
        command.args(["--platform", &request.platform.text(), "--layers=false"]);
        command.arg(if self.work.outside { "--pull" } else { "--pull-never" });
        if let Some(target) = request.target.as_deref().filter(|target| !target.is_empty()) {
            command.args(["--target", target]);
        }
        if request.no_cache {
            command.arg("--no-cache");
        }
        for (name, value) in request.arguments() {
            // Other users can read a program's arguments, and not its environment.
            if OWN.contains(&name.as_str()) || name.contains(['=', '\0']) || name.is_empty() {
                command.arg("--build-arg").arg(format!("{name}={value}"));
            } else {
                command.env(&name, value).arg("--build-arg").arg(name);
            }
        }
        self.shown(command.arg(context))
    }

    fn push(&self, out: &std::path::Path) -> Result<(), Failure> {
        let mut command = self.command(&[
            "push",
            "--quiet",
            "--format",
            "v2s2",
            "--compression-format",
            "gzip",
            "--disable-compression=false",
        ]);
        command.arg("--signature-policy").arg(&self.policy).arg(OUT).arg(format!("dir:{}", out.display()));
        self.answer(&mut command).map(|_| ())
    }

    /// Runs a program whose lines belong into the log.
    fn shown(&self, command: &mut Command) -> Result<(), Failure> {
        let mut show = |line: &str| Ok(self.work.log.line(line)?);
        match self.run(command, &mut show)? {
            Some(0) => Ok(()),
            status => Err(ended(status)),
        }
    }

    /// Runs a program for what it says; its lines are in the log if it fails.
    fn answer(&self, command: &mut Command) -> Result<String, Failure> {
        let mut said = String::new();
        let mut keep = |line: &str| {
            said.push_str(line);
            said.push('\n');
            Ok(())
        };
        let status = self.run(command, &mut keep)?;
        if status == Some(0) {
            return Ok(said);
        }
        self.work.log.line(said.trim_end())?;
        Err(ended(status))
    }

    fn runs(&self, command: &mut Command) -> Result<bool, Failure> {
        Ok(self.run(command, &mut |_| Ok(()))? == Some(0))
    }

    /// Runs a program to its end, or until the build is to end.
    fn run(
        &self,
        command: &mut Command,
        take: &mut dyn FnMut(&str) -> Result<(), Failure>,
    ) -> Result<Option<i32>, Failure> {
        Handle::current().block_on(async {
            let mut running = Running::start(command)?;
            let mut look = tokio::time::interval(LOOK);
            loop {
                tokio::select! {
                    line = running.lines.recv() => match line {
                        Some(line) => take(String::from_utf8_lossy(&line).trim_end())?,
                        None => return Ok(running.wait().await?),
                    },
                    _ = look.tick() => if let Err(failure) = self.work.stop.check() {
                        running.end().await?;
                        return Err(failure);
                    },
                }
            }
        })
    }
}

fn ended(status: Option<i32>) -> Failure {
    Failure::Failed(status.map_or_else(|| "buildah was killed".to_string(), |status| format!("exit status {status}")))
}
