//! Azure Container Registry on one machine, for development: regions with stores of their own that replicate with a lag,
//! tokens and roles, the management API, quick builds. It binds to loopback and is no registry for production.
//!
//! `docs/architecture.md`, "Azure and the emulator", says which part owns what; `docs/emulator.md` how to use it.

pub(crate) mod access;
mod clock;
mod options;

pub use options::{Limits, Options, Order, RegionName};
