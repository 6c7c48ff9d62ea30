//! Challenges, scopes, tokens, realms and credentials: the Docker and OCI token protocol as values.

mod challenge;
mod realm;
mod scope;
mod token;

pub use challenge::{Challenge, choose};
pub use realm::{RealmPolicy, Trust};
pub use scope::{Scope, ScopeSet};
pub use token::{ExchangeAnswer, TokenAnswer};
