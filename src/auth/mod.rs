//! Challenges, scopes, tokens, realms and credentials: the Docker and OCI token protocol as values, and the flow that
//! joins them.

mod access;
mod cache;
mod challenge;
mod credential;
#[cfg(feature = "azure")]
mod entra;
mod fetch;
mod flow;
mod plan;
mod realm;
mod scope;
mod token;

pub use access::Access;
pub use challenge::{Challenge, choose};
pub use credential::Credential;
pub(crate) use fetch::Fetch;
pub(crate) use flow::{Auth, Permit, Sent, Verdict};
pub(crate) use plan::{TokenNext, TokenPlan};
pub use realm::{RealmPolicy, Trust};
pub use scope::{Scope, ScopeSet};
#[cfg(feature = "azure")]
pub(crate) use token::fits_header;
pub use token::{ExchangeAnswer, TokenAnswer};
