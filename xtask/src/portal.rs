//! `cargo xtask portal`: everything built, an emulated registry with sample images unless real ones are named, and the portal open.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::Service;
use crate::sample::Sample;
use crate::{http, npm, process, say, stop, tools, wasm, workspace};

const READY: Duration = Duration::from_secs(30);

#[derive(Args)]
pub(crate) struct PortalArgs {
    /// A registry to show instead of the emulated one: an address, or a name for it and its address (repeatable).
    #[arg(long = "registry", value_name = "[NAME=]URL")]
    registries: Vec<String>,
    /// Where the portal listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Does not open a browser.
    #[arg(long)]
    no_open: bool,
}

/// Builds, starts, prints the address and serves until interrupted.
///
/// # Errors
/// When a step fails or a server ends by itself.
pub(crate) fn run(args: &PortalArgs) -> Result<()> {
    need_tools(args)?;
    wasm::build(None)?;
    build_pages()?;
    let program = build_program("release")?;
    let mut sample = args.registries.is_empty().then(|| Sample::start(&program)).transpose()?;
    let log = tempfile::Builder::new().prefix("portolan-portal-").tempdir()?;
    let mut command = Command::new(program);
    command.arg("serve").arg("--listen").arg(args.listen.to_string()).arg("--assets").arg(assets());
    for registry in &args.registries {
        command.arg("--registry").arg(named(registry));
    }
    if let Some(sample) = &sample {
        sample.configure(&mut command)?;
    }
    say::step("starting the portal");
    let mut portal = Service::start("portolan serve", &mut command, &log.path().join("log"))?;
    let url = portal.until(READY, address)?;
    portal.until(READY, |_| Ok(http::status(&url).ok().filter(|status| *status == 200)))?;
    say::result(format_args!("Portal: {url}"));
    if let Some(sample) = &sample {
        sample.introduce()?;
    }
    say::note("Ctrl-C ends it");
    if !args.no_open {
        open(&url);
    }
    stop::serve(|| {
        portal.check()?;
        sample.as_mut().map_or(Ok(()), Sample::check)
    })
}

/// What is missing is said, or installed, before the builds take their minutes.
fn need_tools(args: &PortalArgs) -> Result<()> {
    npm::program()?;
    if args.registries.is_empty() {
        tools::need(&tools::SKOPEO)?;
    }
    Ok(())
}

/// Where the built portal is.
pub(crate) fn assets() -> PathBuf {
    workspace::root().join("www/dist")
}

/// Builds the npm package, then the portal, which uses it.
///
/// # Errors
/// When npm fails.
fn build_pages() -> Result<()> {
    for folder in ["pkg", "www"] {
        npm::script(&workspace::root().join(folder), "build", &[])?;
    }
    Ok(())
}

/// Builds the command line in a profile and says where it is.
///
/// # Errors
/// When cargo fails.
pub(crate) fn build_program(profile: &str) -> Result<PathBuf> {
    say::step(format_args!("building the portolan program ({profile})"));
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--package", "portolan", "--bin", "portolan", "--features", "cli", "--profile", profile]);
    process::run(&mut cargo)?;
    // Cargo's `dev` profile has a folder of another name.
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(workspace::target()?.join(folder).join("portolan"))
}

/// `NAME=URL`, the name taken from the host when there is none.
fn named(text: &str) -> String {
    let scheme = text.find("://");
    if text.find('=').is_some_and(|equals| scheme.is_none_or(|scheme| equals < scheme)) {
        return text.into();
    }
    let url = if scheme.is_some() { text.to_owned() } else { format!("https://{text}") };
    let host = url.split("://").nth(1).unwrap_or(&url).split('/').next().unwrap_or_default();
    let name: String =
        host.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("{}={url}", name.trim_matches('-'))
}

/// The address that the server says, once its line is whole.
fn address(log: &Path) -> Result<Option<String>> {
    let text = fs::read_to_string(log).context("cannot read the portal's log")?;
    let line = text.split_inclusive('\n').find_map(|line| line.strip_prefix("Portal: ")?.strip_suffix('\n'));
    Ok(line.map(Into::into))
}

/// Opens the page where there is something to open it with and a screen to see it on.
fn open(url: &str) {
    let screen =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if !screen && !cfg!(target_os = "macos") {
        return;
    }
    if let Some(path) = tools::find(program) {
        // The page opens in a program of its own; whether that works is seen on the screen.
        let _ = Command::new(path).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn registries_get_names() {
        assert_eq!(named("home=https://r.example.com"), "home=https://r.example.com");
        assert_eq!(named("https://R.example.com:5000/"), "r-example-com-5000=https://R.example.com:5000/");
        assert_eq!(named("r.example.com"), "r-example-com=https://r.example.com");
        assert_eq!(named("http://127.0.0.1:5000/?a=b"), "127-0-0-1-5000=http://127.0.0.1:5000/?a=b");
    }
}
