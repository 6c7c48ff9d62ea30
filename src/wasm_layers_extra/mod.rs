//! Bindings of what few layers need, a module that is loaded for these: zstd, and tables of contents.
//!
//! What it makes of a layer goes to the module with the other bindings as uncompressed bytes, or as an index in the format of
//! `docs/index-format.md`.

mod hash;
mod read;
mod toc;
mod unzstd;

pub use crate::js::reading::Reading;
pub use hash::Sha512;
pub use toc::Toc;
pub use unzstd::{Taker, Unzstd};
