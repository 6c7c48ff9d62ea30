//! The project's own commands: `cargo xtask --help`.

// A program for people who have an operating system: nothing here is meant for `no_std`.
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

mod emulator;
mod fixtures;
mod go;
mod http;
mod npm;
mod peers;
mod portal;
mod process;
mod registry;
mod sample;
mod say;
mod stop;
mod test;
mod tools;
mod wasm;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use registry::{Auth, Options, Registry};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, shows and tests portolan")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything and opens the portal, over an emulated registry with three regions unless others are named.
    Portal(portal::PortalArgs),
    /// Runs every check and prints a table.
    Test(test::TestArgs),
    /// Runs a real registry on a free loopback port until interrupted.
    Registry(RegistryArgs),
    /// Makes images of a real root file system, once, and prints the file that describes them.
    Real,
    /// Writes an image with one large layer of real files, as an OCI layout.
    Image(fixtures::big::ImageArgs),
    /// Builds the wasm modules of the npm package into pkg/wasm.
    Wasm {
        /// The compiler to use; the first that works when absent.
        #[arg(long, value_enum)]
        toolchain: Option<wasm::Kind>,
    },
}

#[derive(Args)]
struct RegistryArgs {
    /// How it wants to be spoken to.
    #[arg(long, value_enum, default_value = "none")]
    auth: Auth,
    /// Fills it with sample images first.
    #[arg(long)]
    fill: bool,
    /// Writes address and credentials to this JSON file once it is ready.
    #[arg(long, value_name = "FILE")]
    info: Option<PathBuf>,
    /// Lets pages of any origin call it.
    #[arg(long)]
    cors: bool,
    /// Life of a token in seconds.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    expires_in: u64,
    /// With token auth: nobody needs to log in to pull repositories that start with this.
    #[arg(long, value_name = "PREFIX")]
    anonymous: Option<String>,
}

fn main() -> ExitCode {
    match stop::install().and_then(|()| run(Cli::parse().command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if stop::requested() => ExitCode::from(130),
        Err(error) if error.is::<test::Failed>() => ExitCode::FAILURE,
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Portal(args) => portal::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Registry(args) => serve_registry(args),
        Command::Real => {
            say::result(fixtures::real::prepare()?.description().display());
            Ok(())
        }
        Command::Image(args) => fixtures::big::write(&args),
        Command::Wasm { toolchain } => wasm::build(toolchain),
    }
}

fn serve_registry(args: RegistryArgs) -> Result<()> {
    let data = tempfile::Builder::new().prefix("portolan-data-").tempdir()?;
    let options = Options {
        auth: args.auth,
        data: Some(data.path().into()),
        cors: args.cors,
        expires_in: args.expires_in,
        anonymous: args.anonymous,
    };
    if args.fill {
        registry::fill(data.path(), fixtures::real::offered().as_ref())?;
    }
    let mut registry = Registry::start(&options)?;
    let info = registry.info();
    if let Some(path) = &args.info {
        info.write(path)?;
    }
    say::result(serde_json::to_string(&info)?);
    stop::serve(|| registry.check())
}
