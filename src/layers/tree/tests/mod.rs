//! The rules of laying layers over one another, and a model that follows them by brute force.

mod build;
mod model;
mod properties;
mod rules;
mod views;

pub(in super::super) use build::{digest, image, layer};
