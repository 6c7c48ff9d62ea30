//! Azure Container Registry on one machine, for development: regions with stores of their own that replicate with a lag,
//! tokens and roles, the management API, quick builds. It binds to loopback and is no registry for production.
//!
//! `docs/architecture.md`, "Azure and the emulator", says which part owns what; `docs/emulator.md` how to use it.

pub(crate) mod access;
mod arm;
mod basic;
mod buildah;
pub(crate) mod builds;
mod callers;
pub(crate) mod clock;
mod cloud;
pub(crate) mod containers;
mod drain;
mod entra;
mod failure;
pub(crate) mod faults;
mod files;
mod form;
mod gate;
mod images;
mod imports;
mod lock;
mod mounts;
mod net;
mod nulls;
mod oauth2;
mod options;
#[cfg(target_os = "linux")]
mod orphans;
mod password;
mod process;
pub(crate) mod random;
mod refused;
pub(crate) mod registry;
pub(crate) mod replication;
mod scratch;
pub(crate) mod site;
mod start;
mod state;
mod storage;
pub(crate) mod store;
pub(crate) mod throttle;
mod tls;
mod token;

pub use faults::FaultsError;
pub use options::{Limits, Options, Order, RegionName, Work};
pub use start::{Emulator, Identity, Info, Running, User};
