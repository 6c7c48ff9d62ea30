//! The wasm modules of the npm package: compiled, bound to JavaScript, made small, weighed.

mod check;
mod module;
mod size;
mod split;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{http, npm, process, say, workspace};
use module::Later;
pub(crate) use module::{MODULES, Module, built};
pub(crate) use size::over_budget;
pub(crate) use toolchain::{Kind, Toolchain};

/// What the modules may use; whoever runs them has all of this (see the support table of the README).
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/// What makes them smallest once compressed. Nothing lies in the first KiB of memory: there the stack would end.
const SMALL: [&str; 5] = [
    "--low-memory-unused",
    "-Oz",
    "--one-caller-inline-max-function-size=4",
    "--flexible-inline-max-function-size=0",
    "-Oz",
];

/// The part of a digest that is a stamp: enough for no two modules to have the same.
const STAMP: std::ops::Range<usize> = 7..15;

/// Does all of it, and says what they weigh.
///
/// # Errors
/// When a step fails, or a module imports what only C programs need.
pub(crate) fn build(wanted: Option<Kind>) -> Result<()> {
    build_with(&Toolchain::choose(wanted)?)
}

/// The same with a compiler already chosen.
///
/// # Errors
/// As for [`build`].
pub(crate) fn build_with(toolchain: &Toolchain) -> Result<()> {
    MODULES.iter().try_for_each(|module| make(*module, toolchain))?;
    size::report()
}

fn make(module: Module, toolchain: &Toolchain) -> Result<()> {
    let compiled = compile(module, toolchain)?;
    // Bindings and optimisation depend on these bytes, the versions in the lock files, and how this file goes about it.
    let stamp = stamp(module, &compiled)?;
    if fs::read_to_string(module.stamp()).is_ok_and(|old| old == stamp)
        && module.files().all(|name| module::path(name).exists())
    {
        say::note(format_args!("{} is as it was", module.name));
    } else {
        bind(module, &compiled)?;
        optimise(&module.path())?;
        if let Some(later) = module.later {
            halve(&module.path(), later)?;
        }
        fs::write(module.stamp(), stamp)?;
    }
    module.files().try_for_each(|name| {
        let bytes = fs::read(module::path(name))?;
        check::imports(&bytes)?;
        check::paths(&bytes, &[&cargo_home()?, workspace::root()])
    })
}

fn compile(module: Module, toolchain: &Toolchain) -> Result<PathBuf> {
    say::step(format_args!("building the wasm module {} ({})", module.name, toolchain.name()));
    let mut cargo = toolchain.cargo("rustc", true);
    cargo.args(["--profile", "wasm", "--package", "portolan", "--lib", "--crate-type", "cdylib"]);
    cargo.arg("--config").arg(remapped(toolchain)?);
    process::run(cargo.args(["--no-default-features", "--features", module.feature]))?;
    Ok(toolchain.artifact("wasm", "portolan.wasm"))
}

/// Panics name source files: in a published module, those of no particular machine, and by short names.
fn remapped(toolchain: &Toolchain) -> Result<String> {
    let flag = |from: &Path| format!("'--remap-path-prefix={}='", from.display());
    let crates = cargo_home()?.join("registry/src");
    let library = toolchain.sysroot()?.join("lib/rustlib/src/rust/library");
    // The last that fits counts, and any of them is better than a folder of this machine.
    let flags = [&cargo_home()?, workspace::root(), &crates, &library].map(flag);
    Ok(format!("target.{}.rustflags=[{}]", toolchain::TARGET, flags.join(",")))
}

fn cargo_home() -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.context("neither CARGO_HOME nor a home directory is set")
}

fn stamp(module: Module, compiled: &Path) -> Result<String> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))?;
    let mut bytes = fs::read(compiled).with_context(|| format!("cargo made no {}", compiled.display()))?;
    bytes.extend(same_bindgen(&lock)?.bytes());
    bytes.extend(fs::read(npm::tools_dir().join("package-lock.json"))?);
    bytes.extend(include_bytes!("mod.rs"));
    if let Some(later) = module.later {
        bytes.extend(format!("{later:?}{}{:?}", split::SOURCE, split::BINDING).bytes());
    }
    Ok(http::digest(&bytes))
}

/// The version of `wasm-bindgen`, which must be that of the library that reads its output.
fn same_bindgen(lock: &str) -> Result<&str> {
    let version = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        rest.split_once('"').map(|(version, _)| version)
    };
    match (version("wasm-bindgen"), version("wasm-bindgen-cli-support")) {
        (Some(bound), Some(reader)) if bound == reader => Ok(bound),
        (bound, reader) => bail!(
            "Cargo.lock has wasm-bindgen {bound:?} and wasm-bindgen-cli-support {reader:?}: \
             run `cargo update -p wasm-bindgen-cli-support --precise VERSION`"
        ),
    }
}

fn bind(module: Module, compiled: &Path) -> Result<()> {
    say::step("binding it to JavaScript");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).web(true)?.out_name(module.name).typescript(true);
    // Bundlers find the module by the address that the loader asks for when nobody gives it another.
    bindgen.omit_default_module_path(false);
    bindgen.remove_producers_section(true).generate(module::out_dir())
}

fn optimise(module: &Path) -> Result<()> {
    npm::install(&npm::tools_dir())?;
    say::step("making it small with wasm-opt");
    let mut command = Command::new(npm::node()?);
    command.arg(npm::tools_dir().join("node_modules/binaryen/bin/wasm-opt"));
    command.args(SMALL).args(["--strip-debug", "--strip-producers", "--strip-target-features"]).args(FEATURES);
    process::run(command.arg(module).arg("-o").arg(module))
}

/// Makes two modules of one. Its own bytes give the halves their stamp.
fn halve(module: &Path, later: Later) -> Result<()> {
    say::step(format_args!("moving to {} what can wait", later.name));
    let bytes = fs::read(module)?;
    let stamp = http::digest(&bytes);
    let halves = split::split(&bytes, later.exports, stamp.get(STAMP).unwrap_or(&stamp))?;
    fs::write(module::path(later.name), halves.later)?;
    for (kind, text) in split::BINDING {
        fs::write(module::out_dir().join(format!("{}.{kind}", later.name)), text.replace("NAME", later.name))?;
    }
    fs::write(module, halves.first)?;
    Ok(())
}
