//! Go programs of the tests, in `tests/tools`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{process, say, tools, workspace};

/// Builds `package` as the module `tests/tools/<tool>` pins it, with the Go that is there or with Debian's.
///
/// # Errors
/// When there is no Go, it is too old, or its modules cannot be had.
pub(crate) fn build(tool: &str, package: &str, program: &Path) -> Result<()> {
    let go = tools::need(&tools::GO)?;
    let module = workspace::root().join("tests/tools").join(tool);
    new_enough(&go, &module)?;
    say::note(format!("building tests/tools/{tool}"));
    let mut command = Command::new(go);
    command.args(["build", "-mod=readonly", "-buildvcs=false", "-o"]).arg(program).arg(package);
    // Neither a C compiler nor another Go is fetched for it.
    command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local").env_remove("GOFLAGS");
    process::run_quietly(command.current_dir(module))
}

/// An older one would fail with a page of errors about packages that it does not have.
fn new_enough(go: &Path, module: &Path) -> Result<()> {
    let wanted = wanted(&fs::read_to_string(module.join("go.mod"))?);
    let mut command = Command::new(go);
    let found = process::output(command.args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local"))?;
    let found = found.trim().trim_start_matches("go");
    if parts(found) < parts(&wanted) {
        bail!(
            "Go {wanted} or newer is needed, and {} is {found}: please install it from https://go.dev/dl",
            go.display()
        );
    }
    Ok(())
}

/// The version that a `go.mod` asks for.
fn wanted(module: &str) -> String {
    module.lines().find_map(|line| line.strip_prefix("go ")).unwrap_or_default().trim().to_owned()
}

fn parts(version: &str) -> Vec<u32> {
    version.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{parts, wanted};

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(wanted("module x\n\ngo 1.24.0\n\nrequire y v1\n"), "1.24.0");
        assert!(parts("1.9") < parts("1.19.8") && parts("1.24") <= parts("1.24.0"));
        assert!(parts("1.26.8") >= parts("1.24.0") && parts("1.25rc1") > parts("1.24.0"));
    }
}
