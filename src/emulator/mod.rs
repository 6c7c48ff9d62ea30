//! Azure Container Registry on one machine, for development: regions with stores of their own that replicate with a lag,
//! tokens and roles, the management API, quick builds. It binds to loopback and is no registry for production.
//!
//! `docs/architecture.md`, "Azure and the emulator", says which part owns what; `docs/emulator.md` how to use it.

pub(crate) mod access;
pub(crate) mod clock;
#[allow(dead_code, unused_imports, reason = "listeners come with the registry")]
pub(crate) mod faults;
mod options;
pub(crate) mod random;
#[allow(dead_code, unused_imports, reason = "listeners come with the registry")]
pub(crate) mod replication;
pub(crate) mod store;
#[allow(dead_code, unused_imports, reason = "listeners come with the registry")]
pub(crate) mod throttle;

pub use faults::FaultsError;
pub use options::{Limits, Options, Order, RegionName};
