//! Names and documents: tables by row of the behaviour table, golden documents, and properties.
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]

mod config;
mod golden;
mod layers;
mod manifest;
mod properties;
mod reference;
