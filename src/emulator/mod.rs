//! Azure Container Registry on one machine, for development: regions with stores of their own that replicate with a lag,
//! tokens and roles, the management API, quick builds. It binds to loopback and is no registry for production.
//!
//! `docs/architecture.md`, "Azure and the emulator", says which part owns what; `docs/emulator.md` how to use it.

pub(crate) mod access;
#[allow(dead_code, reason = "used by what comes")]
pub(crate) mod builds;
mod clock;
#[allow(dead_code, reason = "used by what comes")]
mod files;
#[allow(dead_code, reason = "used by what comes")]
mod images;
mod options;
#[allow(dead_code, reason = "used by what comes")]
mod process;
#[allow(dead_code, reason = "used by what comes")]
mod random;
#[allow(dead_code, reason = "used by what comes")]
mod scratch;
#[allow(dead_code, reason = "used by what comes")]
mod storage;

pub use options::{Limits, Options, Order, RegionName};
