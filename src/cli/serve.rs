//! `serve`.

use super::{ended::asked_to_end, exit::Failure, output};
use clap::Args;
use portolan::{
    credentials::CredentialStore,
    server::{Config, Mode, RegistryConfig, Server},
};
use std::{
    io::Write as _,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::net::TcpListener;

#[derive(Args)]
pub(super) struct ServeArgs {
    /// Address to listen at; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// Relays to a registry. May be repeated.
    #[arg(long, value_name = "NAME=URL")]
    registry: Vec<RegistryConfig>,
    /// Offers a registry that browsers call themselves; it must send CORS headers. May be repeated.
    #[arg(long, value_name = "NAME=URL")]
    direct: Vec<RegistryConfig>,
    /// Lets the token service at URL have the credential of the registry called NAME. May be repeated.
    #[arg(long, value_name = "NAME=URL")]
    trust_realm: Vec<String>,
    /// JSON file with registries and more; see docs/cli.md.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory with the built portal.
    #[arg(long, value_name = "DIR", env = "PORTOLAN_ASSETS")]
    assets: Option<PathBuf>,
    /// Another `host[:port]` under which browsers reach this server. May be repeated.
    #[arg(long, value_name = "HOST")]
    public_host: Vec<String>,
    /// A `host[:port]` that may be spoken to without TLS, beside loopback. May be repeated.
    #[arg(long, value_name = "HOST")]
    plain_http_host: Vec<String>,
    /// Trusts the certificates in this PEM file beside the platform's. May be repeated.
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<PathBuf>,
}

pub(super) async fn run(args: ServeArgs) -> Result<ExitCode, Failure> {
    let listen = args.listen;
    let server = Server::new(&args.config()?, CredentialStore::from_environment())?;
    let listener =
        TcpListener::bind(listen).await.map_err(|e| Failure::Usage(format!("cannot listen at {listen}: {e}")))?;
    let address = reachable(listener.local_addr()?);
    let mut out = output::stdout();
    writeln!(out, "Portal: http://{address}/")?;
    out.flush()?;
    drop(out);
    server.serve(listener, asked_to_end()).await;
    Ok(ExitCode::SUCCESS)
}

/// Where a browser on this machine finds who listens at `address`. All addresses at once are none to call by name.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

impl ServeArgs {
    /// The file first, then the arguments.
    fn config(self) -> Result<Config, Failure> {
        let mut config = match &self.config {
            Some(file) => read(file)?,
            None => Config::default(),
        };
        config.registries.extend(self.registry);
        config.registries.extend(self.direct.into_iter().map(|mut registry| {
            registry.mode = Mode::Direct;
            registry
        }));
        for pair in self.trust_realm {
            trust(&mut config.registries, &pair)?;
        }
        config.public_hosts.extend(self.public_host);
        config.plain_http_hosts.extend(self.plain_http_host);
        config.ca_files.extend(self.ca_file);
        config.assets = Some(self.assets.or(config.assets).unwrap_or_else(built_portal));
        Ok(config)
    }
}

fn trust(registries: &mut [RegistryConfig], pair: &str) -> Result<(), Failure> {
    let (name, realm) = pair.split_once('=').ok_or_else(|| Failure::Usage(format!("{pair:?} is not NAME=URL")))?;
    let registry = registries.iter_mut().find(|registry| registry.name == name);
    let registry = registry.ok_or_else(|| Failure::Usage(format!("no registry is called {name:?}")))?;
    registry.trusted_realms.push(realm.to_owned());
    Ok(())
}

fn read(file: &Path) -> Result<Config, Failure> {
    let fail = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", file.display()));
    let text = std::fs::read(file).map_err(|e| fail(&e))?;
    serde_json::from_slice(&text).map_err(|e| fail(&e))
}

/// `www/dist` beside the program or one of the folders above it (`target/release` in a checkout), else here.
fn built_portal() -> PathBuf {
    let relative = Path::new("www/dist");
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(1).take(4).map(|folder| folder.join(relative));
    beside.into_iter().find(|folder| folder.join("index.html").is_file()).unwrap_or_else(|| relative.into())
}
