//! `cargo xtask test`: every check, one after the other, whatever fails on the way; a table at the end.

mod azure_cli;
mod deps;
mod lab;
mod node;
mod rust;
mod table;

use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{say, stop};
use lab::Lab;
use table::Row;

#[derive(Args)]
pub(crate) struct TestArgs {
    /// Only these steps, in the usual order.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Step>,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Formatting of all Rust code.
    Fmt,
    /// What the core depends on, against a list.
    Deps,
    /// Lints, for every way to build.
    Clippy,
    /// The core without std, and that the probe notices std.
    NoStd,
    /// Documentation without warnings.
    Doc,
    /// The wasm modules: build, imports, size budgets.
    Wasm,
    /// Rust tests of the core alone.
    Core,
    /// All Rust tests, against real registries too.
    Rust,
    /// The emulator, driven by Azure's own SDKs.
    Emulator,
    /// The tutorial with Azure's command line, against the emulator.
    AzureCli,
    /// The tests of these commands.
    Xtask,
    /// The npm package: types, build, tests in Node.
    Pkg,
    /// The npm package as others see it.
    PkgLint,
    /// The npm package through bundlers.
    Bundlers,
    /// The portal: types, tests, build.
    Www,
    /// The portal in Chromium against real registries.
    E2e,
}

impl Step {
    fn run(self, lab: &mut Lab) -> Result<()> {
        match self {
            Self::Fmt => rust::fmt(),
            Self::Deps => deps::check(),
            Self::Clippy => rust::clippy(lab),
            Self::NoStd => rust::no_std(lab),
            Self::Doc => rust::doc(),
            Self::Wasm => rust::wasm(lab),
            Self::Core => rust::core(),
            Self::Rust => rust::all(lab),
            Self::Emulator => node::azure_sdk(lab),
            Self::AzureCli => azure_cli::tutorial(lab),
            Self::Xtask => rust::xtask(),
            Self::Pkg => node::pkg(lab),
            Self::PkgLint => node::pkg_lint(lab),
            Self::Bundlers => node::bundlers(lab),
            Self::Www => node::www(lab),
            Self::E2e => node::e2e(lab),
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Runs the steps and prints the table; the last line counts.
///
/// # Errors
/// When a step failed or we were interrupted.
pub(crate) fn run(args: &TestArgs) -> Result<()> {
    let wanted = |step: &Step| args.only.is_empty() || args.only.contains(step);
    let mut lab = Lab::default();
    let mut rows = Vec::new();
    for step in Step::value_variants().iter().copied().filter(wanted) {
        say::heading(step.name());
        let start = Instant::now();
        let result = step.run(&mut lab);
        if stop::requested() {
            bail!("interrupted");
        }
        if let Err(error) = &result {
            say::failure(error);
        }
        rows.push(Row { name: step.name(), time: start.elapsed(), passed: result.is_ok() });
    }
    drop(lab);
    if table::print(&rows) { Ok(()) } else { Err(Failed.into()) }
}

/// Some step failed; everything was said already.
#[derive(Debug)]
pub(crate) struct Failed;

impl core::fmt::Display for Failed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("some steps failed")
    }
}

impl core::error::Error for Failed {}
