//! Programs by others that tests compare with, or drive us with: built once, kept below `target`.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::{go, http, workspace};

/// `crane`, of go-containerregistry.
///
/// # Errors
/// When there is no Go, or its modules cannot be had.
pub(crate) fn crane() -> Result<PathBuf> {
    built("crane", "github.com/google/go-containerregistry/cmd/crane")
}

/// The distribution specification's conformance suite.
///
/// # Errors
/// As for [`crane`].
pub(crate) fn conformance() -> Result<PathBuf> {
    built("conformance", "github.com/opencontainers/distribution-spec/conformance")
}

/// The package, at the version in `tests/tools/<name>`.
fn built(name: &str, package: &str) -> Result<PathBuf> {
    let folder = workspace::target()?.join("peers");
    let (program, stamp) = (folder.join(name), folder.join(format!("{name}.from")));
    let wanted = http::digest(&fs::read(workspace::root().join("tests/tools").join(name).join("go.sum"))?);
    if program.exists() && fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(program);
    }
    fs::create_dir_all(&folder)?;
    go::build(name, package, &program)?;
    fs::write(stamp, wanted)?;
    Ok(program)
}
