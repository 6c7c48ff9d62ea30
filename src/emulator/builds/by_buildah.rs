//! Building by `buildah`: without a daemon, and without the network unless it was allowed.

use super::{bases, dockerfile::Dockerfile, image::Built, unpack::unpack, work::Work};
use crate::emulator::{
    buildah::{Buildah, OWN, ended},
    failure::Failure,
    images::{machine, read_folder},
};
use alloc::{format, vec::Vec};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// What the image is called until it has its names.
const OUT: &str = "localhost/built:latest";

/// Builds what the request asks for.
pub(super) fn build(work: &Work<'_>) -> Result<Built, Failure> {
    let context = work.scratch.folder("context")?;
    unpack(work, &context)?;
    let path = docker_file(work, &context)?;
    let text = fs::read_to_string(&path).map_err(|_| Failure::Failed("the Dockerfile is not UTF-8".into()))?;
    let file = Dockerfile::read(&text)?;
    let buildah = Buildah::new(work.scratch, work.stop)?;
    let mut bases = Vec::new();
    let target = file.target(work.request.target.as_deref()).map_err(Failure::Failed)?;
    for name in file.images(target, &work.request.arguments())? {
        let reference = bases::parse(&name)?;
        if bases::own(work, &reference).is_none() && work.outside {
            continue;
        }
        let pulled = bases::pull(work, &name, &mut bases)?;
        let id = buildah.load(work.images, &pulled, work.scratch)?;
        succeed(&buildah, work, &mut buildah.command(&["tag", &id, &name]))?;
    }
    let mut show = |line: &str| Ok(work.log.line(line)?);
    match buildah.run(build_command(&buildah, work, &path).arg(&context), &mut show)? {
        Some(0) => {}
        status => return Err(ended(status, "")),
    }
    let out = work.scratch.folder("out")?;
    succeed(&buildah, work, &mut push_command(&buildah, &out))?;
    Ok(Built { image: read_folder(&out)?, bases })
}

/// The Dockerfile, which must be in the context: a link does not lead out of it.
fn docker_file(work: &Work<'_>, context: &Path) -> Result<PathBuf, Failure> {
    let name = work.request.docker_file_path.trim_start_matches('/');
    let missing = || Failure::Failed(format!("unable to find Dockerfile '{name}' in the context"));
    let path = fs::canonicalize(context.join(name)).map_err(|_| missing())?;
    if path.starts_with(fs::canonicalize(context)?) && path.is_file() { Ok(path) } else { Err(missing()) }
}

/// Runs a command whose lines nobody wants to see unless it fails.
fn succeed(buildah: &Buildah, work: &Work<'_>, command: &mut Command) -> Result<(), Failure> {
    let (status, said) = buildah.answer(command)?;
    if status == Some(0) {
        return Ok(());
    }
    work.log.line(said.trim_end())?;
    Err(ended(status, ""))
}

fn build_command(buildah: &Buildah, work: &Work<'_>, file: &Path) -> Command {
    let request = work.request;
    let mut command = buildah.command(&["build", "--isolation", "chroot", "--format", "docker", "--tag", OUT]);
    command.arg("--signature-policy").arg(buildah.policy()).arg("--file").arg(file);
    command.arg("--layers=false");
    // With it, buildah warns of arguments that nobody gave.
    if !machine().matches(&request.platform.wanted()) {
        command.args(["--platform", &request.platform.text()]);
    }
    command.arg(if work.outside { "--pull" } else { "--pull-never" });
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
    command
}

fn push_command(buildah: &Buildah, out: &Path) -> Command {
    let mut command = buildah.command(&["push", "--quiet", "--format", "v2s2", "--compression-format", "gzip"]);
    command.arg("--disable-compression=false").arg("--signature-policy").arg(buildah.policy());
    command.arg(OUT).arg(format!("dir:{}", out.display()));
    command
}
