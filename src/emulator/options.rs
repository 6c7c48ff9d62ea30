//! How an emulator is to behave.

use super::arm::locations;
use alloc::{format, string::String, vec::Vec};
use core::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};
use std::{io, path::PathBuf};

/// A region's name, as ARM has it: lower case letters and digits (`eastus`).
pub type RegionName = String;

/// In which order a region sees what happened in another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// As it happened.
    #[default]
    Kept,
    /// Anyhow, as far as a manifest's content allows: tags may arrive in another order than they were set.
    Shuffled,
}

/// Which of ACR's bounds hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// 429 with `Retry-After` by the service tier's rates; off for tests that are not about it.
    pub throttle: bool,
}

/// What quick builds and container groups may do on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Builds without `buildah` even where it is installed, and so without `RUN`.
    pub direct: bool,
    /// Lets `buildah` pull base images from registries elsewhere.
    pub outside: bool,
    /// Runs no containers: images are pulled and verified.
    pub idle: bool,
}

/// Options of `portolan emulate`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything is kept; in memory without it.
    pub data: Option<PathBuf>,
    /// Regions of the registry that is there from the start; the first is its home.
    pub regions: Vec<RegionName>,
    /// Name of that registry.
    pub registry: String,
    /// Address to listen at; loopback.
    pub address: IpAddr,
    /// Registries answer plain http alone: for clients that would take TLS wherever they find it. Azure's own do take it.
    pub plain_http: bool,
    /// First port to try for ARM; the others follow. Zero for free ones.
    pub port: u16,
    /// Time until a change is seen in another region.
    pub lag: Duration,
    /// Bytes a second between two regions; unbounded without it.
    pub bandwidth: Option<u64>,
    /// Order in which changes arrive.
    pub order: Order,
    /// Bounds that hold.
    pub limits: Limits,
    /// The file that says what goes wrong.
    pub faults: Option<PathBuf>,
    /// What builds and containers may do.
    pub work: Work,
}

impl Default for Options {
    /// In memory, at free ports of 127.0.0.1, with three regions and a lag of two seconds.
    fn default() -> Self {
        Self {
            data: None,
            regions: ["eastus", "westeurope", "japaneast"].map(String::from).into(),
            registry: String::from("harbour"),
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            plain_http: false,
            lag: Duration::from_secs(2),
            bandwidth: None,
            order: Order::default(),
            limits: Limits::default(),
            faults: None,
            work: Work::default(),
        }
    }
}

impl Options {
    /// Says what cannot be had.
    pub(super) fn check(&self) -> io::Result<()> {
        let refuse = |what: String| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        if !self.address.is_loopback() {
            return refuse(format!("{} is no loopback address, and this is no server for others", self.address));
        }
        if !(5..=50).contains(&self.registry.len()) || !self.registry.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return refuse(format!("{:?} is no name of a registry: 5 to 50 letters and digits", self.registry));
        }
        if let Some(unknown) = self.regions.iter().find(|region| !locations::exists(region)) {
            return refuse(format!("{unknown:?} is no region of Azure: names are like eastus"));
        }
        let twice =
            self.regions.iter().enumerate().find(|(at, region)| self.regions.iter().take(*at).any(|r| r == *region));
        match twice {
            Some((_, region)) => refuse(format!("the region {region} is named twice")),
            None if self.regions.is_empty() => refuse(String::from("a registry needs a region")),
            None => Ok(()),
        }
    }
}
