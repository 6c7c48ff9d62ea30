//! Challenges, scopes, tokens, realms and credentials: the Docker and OCI token protocol as values.

mod challenge;
mod credential;
mod realm;
mod scope;
mod token;

pub use challenge::{Challenge, choose};
pub use credential::Credential;
pub use realm::{RealmPolicy, Trust};
pub use scope::{Scope, ScopeSet};
pub use token::{ExchangeAnswer, TokenAnswer};
