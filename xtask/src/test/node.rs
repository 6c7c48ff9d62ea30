//! The npm side: each package brings its own scripts.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::lab::Lab;
use crate::{npm, portal, tools, wasm, workspace};

fn folder(name: &str) -> PathBuf {
    workspace::root().join(name)
}

/// The modules must have been built; `--only` may have left that out.
fn modules(lab: &mut Lab) -> Result<()> {
    if !wasm::built() {
        wasm::build_with(lab.toolchain()?)?;
    }
    Ok(())
}

fn scripts(lab: &mut Lab, package: &str, names: &[&str]) -> Result<()> {
    let variables = lab.variables()?;
    names.iter().try_for_each(|name| npm::script(&folder(package), name, &variables))
}

/// Azure's own SDKs for JavaScript.
pub(super) fn azure_sdk(lab: &mut Lab) -> Result<()> {
    let emulator = lab.emulator()?;
    let certificate = emulator.text("ca_certificate")?;
    let variables = [("PORTOLAN_TEST_EMULATOR", emulator.info().into()), ("NODE_EXTRA_CA_CERTS", certificate.into())];
    npm::script(&folder("tests/azure_sdk"), "test", &variables)
}

pub(super) fn pkg(lab: &mut Lab) -> Result<()> {
    modules(lab)?;
    npm::script(&folder("pkg"), "build", &[])?;
    scripts(lab, "pkg", &["typecheck", "test"])
}

pub(super) fn pkg_lint(lab: &mut Lab) -> Result<()> {
    modules(lab)?;
    npm::script(&folder("pkg"), "build", &[])?;
    npm::script(&folder("pkg"), "lint", &[])
}

pub(super) fn bundlers(lab: &mut Lab) -> Result<()> {
    modules(lab)?;
    tools::need(&tools::CHROMIUM)?;
    npm::script(&folder("pkg"), "build", &[])?;
    scripts(lab, "pkg", &["test:bundlers"])
}

pub(super) fn www(lab: &mut Lab) -> Result<()> {
    modules(lab)?;
    npm::script(&folder("pkg"), "build", &[])?;
    ["typecheck", "test", "build"].iter().try_for_each(|name| npm::script(&folder("www"), name, &[]))
}

pub(super) fn e2e(lab: &mut Lab) -> Result<()> {
    tools::need(&tools::CHROMIUM)?;
    if !portal::assets().join("index.html").exists() {
        www(lab)?;
    }
    if !portal::assets().join("index.html").exists() {
        bail!("the portal's build left no www/dist/index.html");
    }
    scripts(lab, "www", &["test:e2e"])
}
