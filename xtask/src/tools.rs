//! Programs of the system: found, installed by apt where that is possible, or named in one sentence.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, say};

/// A program and where Debian has it.
pub(crate) struct Tool {
    /// The name to look for in `PATH`, or an absolute path.
    pub program: &'static str,
    /// Debian's package.
    pub package: &'static str,
    /// What it is wanted for.
    pub why: &'static str,
}

/// Debian's registry.
pub(crate) const REGISTRY: Tool =
    Tool { program: "docker-registry", package: "docker-registry", why: "to run a real registry" };
/// Copies images.
pub(crate) const SKOPEO: Tool = Tool { program: "skopeo", package: "skopeo", why: "to push sample images" };
/// Makes a Debian root file system.
pub(crate) const DEBOOTSTRAP: Tool =
    Tool { program: "debootstrap", package: "debootstrap", why: "to make an image of a real root file system" };
/// Makes, changes and unpacks images.
pub(crate) const UMOCI: Tool = Tool { program: "umoci", package: "umoci", why: "to make and unpack real images" };
/// Makes images, one command for each layer.
pub(crate) const BUILDAH: Tool = Tool { program: "buildah", package: "buildah", why: "to make a real image" };
/// Gives files extended attributes.
pub(crate) const SETFATTR: Tool =
    Tool { program: "setfattr", package: "attr", why: "to make files with extended attributes" };
/// Builds the programs in `tests/tools`.
pub(crate) const GO: Tool =
    Tool { program: "go", package: "golang-go", why: "to build programs that tests compare with" };
/// Runs Azure's command line.
pub(crate) const PYTHON: Tool =
    Tool { program: "python3", package: "python3-venv", why: "to run the tutorial with Azure's command line" };
/// The browser of the end-to-end tests.
pub(crate) const CHROMIUM: Tool =
    Tool { program: "chromium", package: "chromium", why: "to test the portal in a browser" };

/// Where the program is, if it is anywhere.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let executable = |path: &Path| path.metadata().is_ok_and(|meta| meta.is_file());
    if program.starts_with('/') {
        return Some(PathBuf::from(program)).filter(|path| executable(path));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|dir| dir.join(program))
        .find(|path| executable(path))
}

/// The program, installed first when it is missing and we may.
///
/// # Errors
/// One sentence that says what to install.
pub(crate) fn need(tool: &Tool) -> Result<PathBuf> {
    if let Some(path) = find(tool.program) {
        return Ok(path);
    }
    if let Err(error) = install(&[tool.package]) {
        bail!(
            "`{}` is needed {}: please install it (Debian: `apt-get install {}`); {error:#}",
            tool.program,
            tool.why,
            tool.package
        );
    }
    match find(tool.program) {
        Some(path) => Ok(path),
        None => bail!("Debian's package {} was installed but brought no `{}`", tool.package, tool.program),
    }
}

/// Installs Debian packages.
///
/// # Errors
/// When we are not root, there is no apt, or apt fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if find("apt-get").is_none() || !rustix::process::geteuid().is_root() {
        bail!("only root on Debian can install it from here");
    }
    say::step(format_args!("installing {} with apt", packages.join(", ")));
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]).args(words);
        process::run_quietly(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend(packages);
    if apt(&words).is_ok() {
        return Ok(());
    }
    say::note("refreshing apt's lists");
    apt(&["update"])?;
    apt(&words)
}
