//! `portolan emulate`: ACR on this machine.

use super::{ended::asked_to_end, exit::Failure, output};
use clap::{Args, ValueEnum};
use portolan::emulator::{Emulator, Info, Limits, Options, Order, Work};
use std::{
    fmt::Display,
    io::{self, Write as _},
    net::IpAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// A development tool: it binds to loopback, its passwords lie in its data folder, and nothing of it is made to last.
/// For production take Azure Container Registry itself, or distribution, Harbor or zot. `docs/emulator.md` says how to
/// drive it with `az`, `skopeo` and others.
#[derive(Args)]
pub(super) struct EmulateArgs {
    /// Address to listen at; a loopback address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Registries answer plain http alone, without TLS; `az` needs TLS.
    #[arg(long)]
    plain_http: bool,
    /// First port to try; further ones are counted up. Without it, free ones are taken.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Regions of the registry that is there from the start; the first is its home.
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', default_value = "eastus,westeurope,japaneast")]
    regions: Vec<String>,
    /// Name of that registry: 5 to 50 letters and digits.
    #[arg(long, value_name = "NAME", default_value = "harbour")]
    registry: String,
    /// Keeps everything in this folder; in memory without it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Time until a change is seen in other regions: `500ms`, `5s`, `2m`.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    lag: Duration,
    /// Bytes a second between two regions; unbounded without it.
    #[arg(long, value_name = "N")]
    bandwidth: Option<u64>,
    /// Order in which changes arrive in other regions.
    #[arg(long, value_enum, default_value_t = Arrival::Kept)]
    order: Arrival,
    /// Answers 429 where ACR would, by the rates of the service tier.
    #[arg(long)]
    throttle: bool,
    /// File that says what goes wrong; see docs/emulator.md.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Builds images without buildah even where it is installed, and so without RUN.
    #[arg(long)]
    build_direct: bool,
    /// Lets builds pull base images from registries elsewhere; wants buildah.
    #[arg(long, conflicts_with = "build_direct")]
    pull_outside: bool,
    /// Runs no containers: images of container groups are pulled and verified.
    #[arg(long)]
    no_run: bool,
    /// Writes where everything is, with the secrets that open it, to this file as JSON.
    #[arg(long, value_name = "FILE")]
    info: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Arrival {
    /// As they happened.
    Kept,
    /// Anyhow, as far as content allows.
    Shuffled,
}

pub(super) async fn run(args: EmulateArgs) -> Result<ExitCode, Failure> {
    let file = args.info.clone();
    let running = Emulator::start(args.options()).await.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => Failure::Usage(error.to_string()),
        _ => Failure::Local(error),
    })?;
    say(running.info())?;
    if let Some(file) = file {
        running.info().write(&file)?;
    }
    asked_to_end().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

fn say(info: &Info) -> io::Result<()> {
    let mut out = output::stdout();
    let mut line = |name: &str, value: &dyn Display| writeln!(out, "{name:<16}{value}");
    line("Registry:", &format_args!("{} in {}", info.registry, info.resource_group))?;
    line("Login server:", &info.login_server)?;
    for (name, address) in &info.regions {
        let home = if *name == info.home_region { " (home)" } else { "" };
        line("  region:", &format_args!("{address} {name}{home}"))?;
    }
    line("ARM:", &info.arm)?;
    line("Authority:", &format_args!("{}/{}", info.authority, info.tenant))?;
    line("Subscription:", &info.subscription)?;
    line("Certificate:", &info.ca_certificate.display())?;
    for service in &info.service_principals {
        let secret = service.client_secret.as_deref().unwrap_or_default();
        line("Principal:", &format_args!("{:<12}{} {secret}", service.role, service.client_id))?;
    }
    writeln!(out, "For development only. Ctrl-C ends it.")?;
    out.flush()
}

impl EmulateArgs {
    fn options(self) -> Options {
        Options {
            data: self.data,
            regions: self.regions,
            registry: self.registry,
            address: self.listen,
            port: self.port,
            plain_http: self.plain_http,
            lag: self.lag,
            bandwidth: self.bandwidth,
            order: match self.order {
                Arrival::Kept => Order::Kept,
                Arrival::Shuffled => Order::Shuffled,
            },
            limits: Limits { throttle: self.throttle },
            faults: self.faults,
            work: Work { direct: self.build_direct, outside: self.pull_outside, idle: self.no_run },
        }
    }
}

/// A number with `ms`, `s`, `m` or nothing (seconds) after it.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| format!("{text:?} is no time like 500ms, 5s or 2m"))?;
    match text.get(digits.len()..).unwrap_or_default() {
        "ms" => Ok(Duration::from_millis(number)),
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        unit => Err(format!("{unit:?} is none of ms, s, m")),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn times_have_units() {
        let times = [("500ms", 500), ("5s", 5_000), ("5", 5_000), ("2m", 120_000)];
        for (text, millis) in times {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)));
        }
        for bad in ["", "s", "5h", "-1s", "1.5s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
