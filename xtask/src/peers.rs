//! Programs by others that tests compare with, or drive us with: built once, kept below `target`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{http, process, say, tools, workspace};

/// `crane`, of go-containerregistry, at the version in `tests/tools/crane`.
///
/// # Errors
/// When there is no Go, or its modules cannot be had.
pub(crate) fn crane() -> Result<PathBuf> {
    let module = workspace::root().join("tests/tools/crane");
    let folder = workspace::target()?.join("peers");
    let (program, stamp) = (folder.join("crane"), folder.join("crane.from"));
    let wanted = http::digest(&fs::read(module.join("go.sum"))?);
    if program.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(program);
    }
    let go = tools::need(&tools::GO)?;
    say::step("building crane");
    fs::create_dir_all(&folder)?;
    let mut command = Command::new(go);
    command.args(["build", "-mod=readonly", "-buildvcs=false", "-o"]).arg(&program);
    // Neither a C compiler nor another Go is fetched for it.
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local").env_remove("GOFLAGS");
    process::run_quietly(command.arg("github.com/google/go-containerregistry/cmd/crane").current_dir(module))?;
    fs::write(stamp, wanted)?;
    Ok(program)
}
