//! The npm side: packages installed from their lock files, scripts run.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{http, process, say, tools, workspace};

/// The oldest node that works.
const NODE: u32 = 20;
const STAMP: &str = "node_modules/.installed-from";

/// Where the programs of the wasm build are.
pub(crate) fn tools_dir() -> PathBuf {
    workspace::root().join("xtask/node")
}

/// Node, new enough.
///
/// # Errors
/// One sentence that says what to install.
pub(crate) fn node() -> Result<PathBuf> {
    let Some(path) = tools::find("node") else {
        bail!("Node {NODE} or newer is needed: please install it from https://nodejs.org (with npm)");
    };
    let version = process::output(Command::new(&path).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("Node {NODE} or newer is needed, and {} is {}", path.display(), version.trim());
    }
    Ok(path)
}

/// npm, with a node that it can run on.
///
/// # Errors
/// One sentence that says what to install.
pub(crate) fn program() -> Result<PathBuf> {
    node()?;
    tools::find("npm").context("npm is needed: please install it (it comes with Node)")
}

fn npm(folder: &Path) -> Result<Command> {
    let mut command = Command::new(program()?);
    command.current_dir(folder).env("npm_config_fund", "false").env("npm_config_audit", "false");
    command.env("npm_config_update_notifier", "false");
    Ok(command)
}

/// Installs exactly what `package-lock.json` says, unless that is there already.
///
/// # Errors
/// When there is no lock file, or npm fails.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let bytes = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let (stamp, wanted) = (folder.join(STAMP), http::digest(&bytes));
    if fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(());
    }
    say::step(format_args!("installing the npm packages of {}", shown(folder)));
    process::run_quietly(npm(folder)?.arg("ci"))?;
    fs::write(stamp, wanted).context("cannot note what was installed")
}

/// Runs a script of `package.json`, its packages installed first.
///
/// # Errors
/// When there is no such script, or it fails.
pub(crate) fn script(folder: &Path, name: &str, variables: &[(&str, OsString)]) -> Result<()> {
    install(folder)?;
    say::step(format_args!("{}: npm run {name}", shown(folder)));
    let mut command = npm(folder)?;
    command.args(["run", "--silent", name]).envs(variables.iter().map(|(name, value)| (name, value)));
    process::run(&mut command)
}

fn shown(folder: &Path) -> String {
    folder.strip_prefix(workspace::root()).unwrap_or(folder).display().to_string()
}
