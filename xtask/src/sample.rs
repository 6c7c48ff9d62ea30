//! What the portal shows when no registry is named: one in Azure, emulated, with three regions, sample images, and a push now and then.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::fixtures::beacon::{self, Beacon};
use crate::fixtures::{self, real};
use crate::http::{Login, Target};
use crate::say;

/// The first is the home region.
const REGIONS: &str = "eastus,westeurope,japaneast";
/// Slow enough to be seen.
const LAG: &str = "6s";
/// Trouble of a push is said so often.
const COMPLAINTS: usize = 3;

/// An emulated registry; dropping it ends it and removes its files.
pub(crate) struct Sample {
    emulator: Emulator,
    beacon: Beacon,
    complaints: usize,
}

impl Sample {
    /// Starts the emulator of `program` and fills its registry.
    ///
    /// # Errors
    /// When it does not start, or refuses an image.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        // Made once, which takes minutes: before anything runs.
        let real = real::offered();
        say::step("starting Azure Container Registry, emulated, with three regions");
        let emulator = Emulator::start(program, &["--regions", REGIONS, "--lag", LAG])?;
        let login = pusher(&emulator)?;
        let target = Target { url: format!("http://{}", emulator.text("login_server")?), login: Some(login.clone()) };
        let regions = regions(&emulator)?;
        let hosts: Vec<String> = regions.values().chain([&target.host().to_owned()]).cloned().collect();
        login.write(&hosts)?;
        fixtures::fill(&target, real.as_ref())?;
        // Not from the home region alone: every region takes pushes.
        let region = |host: &String| Target { url: format!("http://{host}"), login: Some(login.clone()) };
        let beacon = Beacon::new(REGIONS.split(',').filter_map(|name| regions.get(name)).map(region).collect());
        Ok(Self { emulator, beacon, complaints: 0 })
    }

    /// Writes the portal's configuration, and gives `command` what it needs beside it: the identity that asks.
    ///
    /// # Errors
    /// When the emulator has not said enough, or the file cannot be written.
    pub(crate) fn configure(&self, command: &mut Command) -> Result<()> {
        let info = self.emulator.said()?;
        let text = |name: &str| self.emulator.text(name);
        let (id, secret) = principal(&info, "Reader")?;
        let url = |host: &str| format!("https://{host}");
        let addresses: BTreeMap<_, _> =
            regions(&self.emulator)?.into_iter().map(|(name, host)| (name, url(&host))).collect();
        let config = json!({
            "caFiles": [text("ca_certificate")?],
            "registries": [{
                "id": "harbour", "name": "Harbour", "url": url(&text("login_server")?),
                "azure": {
                    "resourceId": format!("{}/{}/{}", text("subscription")?, text("resource_group")?, text("registry")?),
                    "cloud": { "custom": { "arm": text("arm")?, "authority": text("authority")? } },
                    "regions": addresses,
                    "watch": beacon::REPOSITORY,
                },
            }],
        });
        let file = self.emulator.folder().join("portal.json");
        fs::write(&file, serde_json::to_vec_pretty(&config)?).context("cannot write the portal's configuration")?;
        command.arg("--config").arg(file);
        command.env("AZURE_TENANT_ID", text("tenant")?).env("AZURE_CLIENT_ID", id).env("AZURE_CLIENT_SECRET", secret);
        Ok(())
    }

    /// Says where things are for those who want to push to it themselves.
    ///
    /// # Errors
    /// When the emulator has not said enough.
    pub(crate) fn introduce(&self) -> Result<()> {
        say::note(format_args!(
            "registry: {} (docs/emulator.md says how to sign in)",
            self.emulator.text("login_server")?
        ));
        say::note(format_args!("where everything is, with secrets: {}", self.emulator.info().display()));
        say::note(format_args!("a push to {} every half minute, in one region after the other", beacon::REPOSITORY));
        Ok(())
    }

    /// Pushes when it is time to. Fails when the emulator has ended or we are interrupted.
    ///
    /// # Errors
    /// As said.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.emulator.check()?;
        if let Err(error) = self.beacon.tick() {
            self.complaints += 1;
            if self.complaints <= COMPLAINTS {
                say::note(format_args!("a sample push failed: {error:#}"));
            }
        }
        Ok(())
    }
}

fn pusher(emulator: &Emulator) -> Result<Login> {
    let (user, password) = principal(&emulator.said()?, "AcrPush")?;
    let file: PathBuf = emulator.folder().join("push.json");
    Ok(Login { user, password, file })
}

/// Id and secret of the service principal with a role.
fn principal(info: &Value, role: &str) -> Result<(String, String)> {
    let known = info["service_principals"].as_array().context("the emulator named no service principals")?;
    let found = known.iter().find(|one| one["role"] == role);
    let found = found.with_context(|| format!("the emulator named no service principal with the role {role}"))?;
    let text = |name: &str| found[name].as_str().map(ToOwned::to_owned);
    text("client_id").zip(text("client_secret")).with_context(|| format!("the principal {role} has no secret"))
}

/// `host:port` of each region's own endpoint.
fn regions(emulator: &Emulator) -> Result<BTreeMap<String, String>> {
    serde_json::from_value(emulator.said()?["regions"].take()).context("the emulator did not say its regions")
}
