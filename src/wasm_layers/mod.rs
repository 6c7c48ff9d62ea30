//! Bindings of [`layers`](crate::layers) for JavaScript: the module that runs in the npm package's worker.

mod hash;
mod scan;

pub use hash::Sha256;
pub use scan::{LayerScan, Tap};
