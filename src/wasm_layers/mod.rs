//! Bindings of [`layers`](crate::layers) for JavaScript: the module that runs in the npm package's worker.

mod hash;

pub use hash::Sha256;
