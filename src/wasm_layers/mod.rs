//! Bindings of [`layers`](crate::layers) for JavaScript: the module that runs in the npm package's worker.
//!
//! They convert and rename; `pkg/src/layers` gives them types and documentation. Facts cross the boundary as one JSON text, rows
//! as columns: one text and one array of numbers, read in the order in which they were written. Nothing here fetches.

mod columns;
mod compare;
mod files;
mod filter;
mod hash;
mod index;
mod scan;

pub use crate::js::reading::Reading;
pub use compare::Differences;
pub use files::Files;
pub use hash::Sha256;
pub use index::Index;
pub use scan::{LayerScan, Tap};
