//! Commands, and how they end. Shapes of `--json` and exit codes: `docs/cli.md`.

mod cat;
mod connect;
mod diff;
mod emulate;
mod ended;
mod exit;
mod fetch;
mod files;
mod harmless;
mod inspect;
mod layers;
mod listing;
mod opened;
mod output;
mod row;
mod serve;
mod target;
mod time;
mod waste;

use clap::{Args, Parser, Subcommand};
use connect::Connection;
use exit::Failure;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "portolan", version, about = "Looks into container registries", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the repositories of a registry.
    Repos {
        /// `host[:port]`, or an http or https address.
        registry: String,
        #[command(flatten)]
        reading: Reading,
    },
    /// Lists the tags of a repository.
    Tags {
        /// `host[:port]/name`, or an http or https address; without a host, Docker Hub's.
        repository: String,
        #[command(flatten)]
        reading: Reading,
    },
    /// Shows what a reference names: manifest, platforms, config, layers.
    Inspect {
        /// `host[:port]/name[:tag][@digest]`.
        reference: String,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        reading: Reading,
    },
    /// Lists the layers of an image with the commands that made them.
    Layers {
        /// `host[:port]/name[:tag][@digest]`.
        reference: String,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        reading: Reading,
    },
    /// Lists the files of an image, all layers merged.
    Files {
        #[command(flatten)]
        args: files::FilesArgs,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        reading: Reading,
    },
    /// Writes a file of an image to standard output.
    Cat {
        #[command(flatten)]
        args: cat::CatArgs,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        connection: Connection,
    },
    /// Says what is different in another image: layers, config, files.
    Diff {
        #[command(flatten)]
        args: diff::DiffArgs,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        reading: Reading,
    },
    /// Says what an image carries without showing it, and what it would save not to.
    Waste {
        #[command(flatten)]
        args: waste::WasteArgs,
        #[command(flatten)]
        platform: Platform,
        #[command(flatten)]
        reading: Reading,
    },
    /// Serves the portal, and relays it to the registries named.
    Serve(serve::ServeArgs),
    /// Runs Azure Container Registry on this machine, for development: regions, tokens, roles, the management API.
    Emulate(emulate::EmulateArgs),
}

/// What every reading command takes.
#[derive(Args)]
struct Reading {
    /// Writes JSON of a stable shape.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Args)]
struct Platform {
    /// Which image of an index: `os/arch[/variant]`.
    #[arg(long, value_name = "OS/ARCH")]
    platform: Option<portolan::Platform>,
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit::report(&error.into()),
    };
    let ended = runtime.block_on(run(cli.command));
    // A helper or a name being looked up must not hold the program.
    runtime.shutdown_background();
    ended.unwrap_or_else(|failure| exit::report(&failure))
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Emulate(args) => emulate::run(args).await,
        reading => tokio::select! {
            ended = read(reading) => ended,
            // By the shell's custom: 128 + SIGINT.
            Ok(()) = tokio::signal::ctrl_c() => Ok(ExitCode::from(130)),
        },
    }
}

async fn read(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Repos { registry, reading } => listing::repos(&registry, &reading).await,
        Command::Tags { repository, reading } => listing::tags(&repository, &reading).await,
        Command::Inspect { reference, platform, reading } => {
            inspect::run(&reference, platform.platform.as_ref(), &reading).await
        }
        Command::Layers { reference, platform, reading } => {
            layers::run(&reference, platform.platform.as_ref(), &reading).await
        }
        Command::Files { args, platform, reading } => files::run(&args, platform.platform.as_ref(), &reading).await,
        Command::Cat { args, platform, connection } => {
            cat::run(&args, platform.platform.as_ref(), &Reading { json: false, connection }).await
        }
        Command::Diff { args, platform, reading } => diff::run(&args, platform.platform.as_ref(), &reading).await,
        Command::Waste { args, platform, reading } => waste::run(&args, platform.platform.as_ref(), &reading).await,
        Command::Serve(args) => serve::run(args).await,
        Command::Emulate(args) => emulate::run(args).await,
    }
}
