//! Azure's own command line, `az`, in a virtual environment of Python below `target`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::lab::Lab;
use crate::{process, say, tools, workspace};

/// Runs the tutorial, then builds and containers, then imports.
///
/// # Errors
/// When a step of it shows something else than Azure does, or there is no `az`.
pub(super) fn tutorial(lab: &mut Lab) -> Result<()> {
    let environment = environment()?;
    let emulator = lab.emulator()?;
    for script in ["tutorial.py", "builds.py", "imports.py"] {
        let mut command = Command::new(environment.join("bin/python"));
        command.arg(workspace::root().join("tests/azure_cli").join(script));
        command.env("PORTOLAN_TEST_EMULATOR", emulator.info()).env("PORTOLAN_TEST_AZ", environment.join("bin/az"));
        process::run(&mut command)?;
    }
    Ok(())
}

/// The folder with `az` at the version in `tests/azure_cli/requirements.txt`, made when it is missing or another one.
fn environment() -> Result<PathBuf> {
    let requirements = workspace::root().join("tests/azure_cli/requirements.txt");
    let folder = workspace::target()?.join("azure-cli");
    let (program, stamp) = (folder.join("bin/az"), folder.join("requirements.txt"));
    let wanted = fs::read(&requirements)?;
    if program.exists() && fs::read(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(folder);
    }
    let python = tools::need(&tools::PYTHON)?;
    say::step("installing Azure's command line from PyPI (some 700 MB, a minute or two)");
    process::run_quietly(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements);
    process::run_quietly(&mut pip).context("Azure's command line could not be installed from PyPI")?;
    fs::write(stamp, wanted)?;
    Ok(folder)
}
