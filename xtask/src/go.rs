//! Go programs of the tests, in `tests/tools`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{process, say, tools, workspace};

/// Builds `package` as the module `tests/tools/<tool>` pins it, with the Go that is there or with Debian's.
///
/// # Errors
/// When there is no Go, it is too old, or its modules cannot be had.
pub(crate) fn build(tool: &str, package: &str, program: &Path) -> Result<()> {
    let go = tools::need(&tools::GO)?;
    let module = workspace::root().join("tests/tools").join(tool);
    say::note(format!("building tests/tools/{tool}"));
    let mut command = Command::new(go);
    command.args(["build", "-mod=readonly", "-buildvcs=false", "-o"]).arg(program).arg(package);
    // Neither a C compiler nor another Go is fetched for it.
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local").env_remove("GOFLAGS");
    process::run_quietly(command.current_dir(module))
}
