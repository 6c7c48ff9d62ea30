//! The Rust side. Feature sets are few on purpose: each one compiles its dependencies anew.

use std::process::Command;

use anyhow::{Result, bail};

use super::lab::Lab;
use crate::{npm, peers, process, say, wasm, workspace};

/// Everything that runs natively.
const NATIVE: [&str; 4] = ["--package", "portolan", "--features", "cli"];
const CORE: [&str; 3] = ["--package", "portolan", "--no-default-features"];
const LAYERS: [&str; 2] = ["--features", "layers"];
const DENY: [&str; 3] = ["--", "-D", "warnings"];
/// House rules that are about code others run, not about tests.
const IN_TESTS: [&str; 12] = [
    "-A",
    "clippy::unwrap_used",
    "-A",
    "clippy::std_instead_of_core",
    "-A",
    "clippy::std_instead_of_alloc",
    "-A",
    "clippy::alloc_instead_of_core",
    "-A",
    "unreachable_pub",
    "-A",
    "missing_docs",
];

fn cargo(subcommand: &str, words: &[&[&str]]) -> Command {
    let mut command = workspace::cargo();
    command.arg(subcommand).args(words.concat());
    command
}

fn run(mut command: Command) -> Result<()> {
    say::step(process::shown(&command));
    process::run(&mut command)
}

pub(super) fn fmt() -> Result<()> {
    run(cargo("fmt", &[&["--all", "--", "--check"]]))
}

pub(super) fn clippy(lab: &mut Lab) -> Result<()> {
    let mut commands = vec![
        cargo("clippy", &[&NATIVE, &["--lib", "--bins"], &DENY]),
        cargo("clippy", &[&NATIVE, &["--tests", "--examples", "--benches"], &DENY, &IN_TESTS]),
        cargo("clippy", &[&["--package", "portolan", "--lib"], &DENY]),
        cargo("clippy", &[&CORE, &["--lib"], &DENY]),
        cargo("clippy", &[&CORE, &LAYERS, &["--lib"], &DENY]),
        cargo("clippy", &[&["--package", "xtask", "--all-targets"], &DENY]),
    ];
    let toolchain = lab.toolchain()?;
    // Debian's compiler comes without clippy; that the bindings compile is checked by their build.
    if toolchain.has_clippy() {
        for module in wasm::MODULES {
            let mut command = toolchain.cargo("clippy", true);
            command.args(CORE).args(["--features", module.feature, "--lib"]).args(DENY);
            commands.push(command);
        }
        let mut command = toolchain.cargo("clippy", false);
        command.args(["--package", "no_std_probe"]).args(DENY);
        commands.push(command);
    }
    every(commands)
}

/// Runs all of them, whatever fails on the way.
fn every(commands: Vec<Command>) -> Result<()> {
    let failures: Vec<_> = commands.into_iter().filter_map(|command| run(command).err()).collect();
    match failures.as_slice() {
        [] => Ok(()),
        failures => bail!("{}", failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n       ")),
    }
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
    run(cargo("test", &[&CORE, &LAYERS]))
}

pub(super) fn all(lab: &mut Lab) -> Result<()> {
    let mut variables = lab.registries()?.clone();
    variables.push(("PORTOLAN_TEST_CRANE", peers::crane()?.into()));
    variables.push(("PORTOLAN_CONFORMANCE", peers::conformance()?.into()));
    let mut command = cargo("test", &[&NATIVE]);
    command.envs(variables);
    run(command)
}

pub(super) fn xtask() -> Result<()> {
    run(cargo("test", &[&["--package", "xtask"]]))
}
