//! What the module weighs, and what it may.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::{npm, process, say, workspace};

/// Sizes of the module in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// `pkg/size-budget.json`: the most that is allowed, in bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Budget {
    gzip: u64,
}

fn record() -> Result<std::path::PathBuf> {
    Ok(workspace::target()?.join("wasm-size.json"))
}

/// Weighs the module, says so and writes `wasm-size.json` under the target folder.
///
/// # Errors
/// When node fails or the file cannot be written.
pub(super) fn report(module: &Path) -> Result<()> {
    let script = npm::tools_dir().join("sizes.mjs");
    let json = process::output(Command::new(npm::node()?).arg(script).arg(module))?;
    let sizes: Sizes = serde_json::from_str(&json).context("the sizes are no JSON")?;
    fs::write(record()?, json)?;
    let shown = |count| say::bytes(count);
    say::note(format_args!(
        "wasm module: {} raw, {} gzip, {} brotli",
        shown(sizes.raw),
        shown(sizes.gzip),
        shown(sizes.brotli)
    ));
    Ok(())
}

/// Fails when the module weighed last is over the budget.
///
/// # Errors
/// As said, or when there is no weight or no budget.
pub(crate) fn over_budget() -> Result<()> {
    let sizes: Sizes = read(&record()?)?;
    let budget: Budget = read(&workspace::root().join("pkg/size-budget.json"))?;
    if sizes.gzip > budget.gzip {
        let excess = sizes.gzip - budget.gzip;
        bail!("the wasm module is {excess} bytes over its budget of {} bytes gzip (pkg/size-budget.json)", budget.gzip);
    }
    say::note(format_args!("{} of {} bytes gzip allowed", sizes.gzip, budget.gzip));
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not as expected", path.display()))
}
