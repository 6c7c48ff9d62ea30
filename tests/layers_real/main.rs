//! Layers and images of real root file systems against what umoci unpacks and what GNU tar lists.
//!
//! `cargo xtask test` makes the images, by debootstrap, apt, umoci, buildah, skopeo and others, and names the file that
//! describes them; `PORTOLAN_TEST_REAL=$(cargo xtask real)` does it for one run. Without it these tests say that they did not run.
#![cfg(all(feature = "layers", unix))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stderr, reason = "a test that does not run says so")]

mod contents;
mod merged;
mod report;
mod set;
mod single;
mod tables;
#[path = "../yardstick/mod.rs"]
mod yardstick;
