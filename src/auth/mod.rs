//! Challenges, scopes, tokens, realms and credentials: the Docker and OCI token protocol as values.

mod challenge;

pub use challenge::{Challenge, choose};
