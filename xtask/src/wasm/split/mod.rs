//! Splits a module in two that share their memory: what is needed at once, and what can be loaded when somebody asks for it.
//!
//! Both halves together are the module, and no function is in both. Exports that go to the second half stay exports of the first, as
//! stubs that call through its table; the second half fills the places of the table when it is instantiated with the exports of
//! the first as its imports, so that the bindings of the whole module fit the first half as they are.

mod first;
mod later;
mod parts;
mod plan;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use wasmparser::Validator;

use parts::Parts;
use plan::Plan;

/// What halves are made by.
pub(super) const SOURCE: &str = concat!(
    include_str!("mod.rs"),
    include_str!("parts.rs"),
    include_str!("plan.rs"),
    include_str!("first.rs"),
    include_str!("later.rs")
);

/// Where the second half looks for the exports of the first.
pub(super) const FIRST: &str = "first";

/// The JavaScript that loads a second half, where NAME is its name, and the types of that.
pub(super) const BINDING: [(&str, &str); 2] = [("js", include_str!("later.js")), ("d.ts", include_str!("later.d.ts"))];

/// The halves of a module.
#[derive(Debug)]
pub(super) struct Halves {
    pub(super) first: Vec<u8>,
    pub(super) later: Vec<u8>,
}

/// Moves to the second half what only the exports named `wanted` need. One export has the name `stamp`: halves of different
/// modules do not fit each other.
///
/// # Errors
/// When the bytes are no module, or one that has no such exports or is not made as compilers make them.
pub(super) fn split(module: &[u8], wanted: &[&str], stamp: &str) -> Result<Halves> {
    let plan = Plan::new(Parts::read(module)?, wanted, stamp)?;
    let halves = Halves { first: first::encode(&plan, module)?, later: later::encode(&plan)? };
    Validator::new().validate_all(&halves.first).context("the first half is no module")?;
    Validator::new().validate_all(&halves.later).context("the second half is no module")?;
    Ok(halves)
}
