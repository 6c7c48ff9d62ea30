//! What the modules weigh, and what they may.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{MODULES, Module, module};
use crate::{npm, process, say, workspace};

/// Sizes of a module in bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// The most that is allowed, in bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Budget {
    gzip: u64,
}

fn record() -> Result<std::path::PathBuf> {
    Ok(workspace::target()?.join("wasm-size.json"))
}

/// Weighs the modules, says so and writes `wasm-size.json` under the target folder.
///
/// # Errors
/// When node fails or the file cannot be written.
pub(super) fn report() -> Result<()> {
    let mut all = BTreeMap::new();
    for name in names() {
        let sizes = weigh(name)?;
        let (raw, gzip, brotli) = (say::bytes(sizes.raw), say::bytes(sizes.gzip), say::bytes(sizes.brotli));
        say::note(format_args!("{name}: {raw} raw, {gzip} gzip, {brotli} brotli"));
        all.insert(name, sizes);
    }
    fs::write(record()?, serde_json::to_string(&all)?).context("cannot write the sizes")
}

/// All files that are weighed.
fn names() -> impl Iterator<Item = &'static str> {
    MODULES.into_iter().flat_map(Module::files)
}

fn weigh(name: &str) -> Result<Sizes> {
    let script = npm::tools_dir().join("sizes.mjs");
    let json = process::output(Command::new(npm::node()?).arg(script).arg(module::path(name)))?;
    serde_json::from_str(&json).context("the sizes are no JSON")
}

/// Fails when a module weighed last is over its budget in `pkg/size-budget.json`.
///
/// # Errors
/// As said, or when there is no weight or no budget.
pub(crate) fn over_budget() -> Result<()> {
    let sizes: BTreeMap<String, Sizes> = read(&record()?)?;
    let budgets: BTreeMap<String, Budget> = read(&workspace::root().join("pkg/size-budget.json"))?;
    for name in names() {
        let sizes = sizes.get(name).with_context(|| format!("{name} was not weighed"))?;
        let budget = budgets.get(name).with_context(|| format!("{name} has no budget (pkg/size-budget.json)"))?;
        if sizes.gzip > budget.gzip {
            let excess = sizes.gzip - budget.gzip;
            bail!("{name} is {excess} bytes over its budget of {} bytes gzip (pkg/size-budget.json)", budget.gzip);
        }
        say::note(format_args!("{name}: {} of {} bytes gzip allowed", sizes.gzip, budget.gzip));
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not as expected", path.display()))
}
