//! Dockerfiles: read here for what they build on, and for being built without `buildah`.
//!
//! The grammar is that of Docker's reference ("Dockerfile reference", parser directives to `WORKDIR`). Here-documents are
//! recognised and left alone.

mod command;
mod error;
mod instruction;
mod lines;
mod stage;
#[cfg(test)]
mod tests;
mod words;

pub(super) use command::Command;
pub(super) use error::DockerfileError;
pub(super) use instruction::{Copying, Health, Instruction, Step};
pub(super) use stage::{Arguments, Dockerfile};
pub(super) use words::expand;
