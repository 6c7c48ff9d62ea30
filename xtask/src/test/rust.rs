//! The Rust side. Feature sets are few on purpose: each one compiles its dependencies anew.

use std::process::Command;

use anyhow::{Result, bail};

use super::lab::Lab;
use crate::{npm, process, say, wasm, workspace};

/// Everything that runs natively.
const NATIVE: [&str; 4] = ["--package", "portolan", "--features", "cli"];
const CORE: [&str; 3] = ["--package", "portolan", "--no-default-features"];
const DENY: [&str; 3] = ["--", "-D", "warnings"];

fn cargo(subcommand: &str, words: &[&[&str]]) -> Command {
    let mut command = workspace::cargo();
    command.arg(subcommand).args(words.concat());
    command
}

fn run(mut command: Command) -> Result<()> {
    say::step(process::shown(&command).rsplit('/').next().unwrap_or_default());
    process::run(&mut command)
}

pub(super) fn fmt() -> Result<()> {
    run(cargo("fmt", &[&["--all", "--", "--check"]]))
}

pub(super) fn clippy(lab: &mut Lab) -> Result<()> {
    run(cargo("clippy", &[&NATIVE, &["--all-targets"], &DENY]))?;
    run(cargo("clippy", &[&["--package", "portolan", "--lib"], &DENY]))?;
    run(cargo("clippy", &[&CORE, &["--lib"], &DENY]))?;
    run(cargo("clippy", &[&["--package", "xtask", "--all-targets"], &DENY]))?;
    let toolchain = lab.toolchain()?;
    // Debian's compiler comes without clippy; its own warnings still count.
    let subcommand = if toolchain.has_clippy() { "clippy" } else { "check" };
    let mut command = toolchain.cargo(subcommand, true);
    command.args(CORE).args(["--features", "wasm", "--lib"]);
    if toolchain.has_clippy() {
        command.args(DENY);
    } else {
        command.env("CARGO_BUILD_WARNINGS", "deny");
    }
    run(command)
}

/// The probe builds; and with std let in it does not, for else it would prove nothing.
pub(super) fn no_std(lab: &mut Lab) -> Result<()> {
    let toolchain = lab.toolchain()?;
    let probe = |features: &[&str]| {
        let mut command = toolchain.cargo("build", false);
        command.args(["--package", "no_std_probe"]).args(features);
        command
    };
    run(probe(&[]))?;
    say::step("the same with std let in, which must fail");
    match process::output(&mut probe(&["--features", "std"])) {
        // Two panic handlers where std is at hand, no std at all where only core and alloc were built.
        Err(error) if ["E0152", "E0463"].iter().any(|code| error.to_string().contains(code)) => Ok(()),
        Err(error) => bail!("the probe failed for another reason than std: {error:#}"),
        Ok(_) => bail!("the probe does not notice std"),
    }
}

pub(super) fn doc() -> Result<()> {
    let mut command = cargo("doc", &[&NATIVE, &["--no-deps", "--lib"]]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    run(command)
}

pub(super) fn wasm(lab: &mut Lab) -> Result<()> {
    npm::install(&npm::tools_dir())?;
    wasm::build_with(lab.toolchain()?)?;
    wasm::over_budget()
}

pub(super) fn core() -> Result<()> {
    run(cargo("test", &[&CORE]))
}

pub(super) fn all(lab: &mut Lab) -> Result<()> {
    let variables = lab.registries()?.to_vec();
    let mut command = cargo("test", &[&NATIVE]);
    command.envs(variables);
    run(command)
}

pub(super) fn xtask() -> Result<()> {
    run(cargo("test", &[&["--package", "xtask"]]))
}
