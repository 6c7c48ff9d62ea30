//! Challenges, scopes, tokens, realms and credentials: the Docker and OCI token protocol as values, and the flow that
//! joins them.

mod access;
mod cache;
mod challenge;
mod credential;
mod flow;
mod plan;
mod realm;
mod scope;
mod token;

pub use access::Access;
pub use challenge::{Challenge, choose};
pub use credential::Credential;
pub(crate) use flow::{Auth, Permit, Sent, Verdict};
pub(crate) use plan::{TokenNext, TokenPlan};
pub use realm::{RealmPolicy, Trust};
pub use scope::{Scope, ScopeSet};
pub use token::{ExchangeAnswer, TokenAnswer};
