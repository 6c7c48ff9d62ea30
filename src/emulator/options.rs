//! How an emulator is to behave.

use alloc::{string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};
use std::path::PathBuf;

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
}
