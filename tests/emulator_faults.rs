//! Faults and replication as clients of a whole emulator meet them.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(dead_code, reason = "the laboratory is shared")]

#[path = "emulator_faults/callers.rs"]
mod callers;
#[path = "emulator_faults/home.rs"]
mod home;
#[path = "emulator/http.rs"]
mod http;
#[path = "emulator/lab.rs"]
mod lab;
#[path = "emulator_faults/pulls.rs"]
mod pulls;
#[path = "emulator_faults/regions.rs"]
mod regions;
#[path = "emulator_faults/setting.rs"]
mod setting;
