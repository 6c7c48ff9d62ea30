//! Repository-scoped tokens and the maps that say what they may do.

use super::SystemData;
use crate::emulator::clock::Instant;
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A scope map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeMap {
    /// Its name in the registry.
    pub(crate) name: String,
    /// For people.
    pub(crate) description: String,
    /// `repositories/{pattern}/{content|metadata}/{read|write|delete}`.
    pub(crate) actions: Vec<String>,
    /// Who and when.
    pub(crate) system: SystemData,
}

/// A repository-scoped token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    /// Its name in the registry, and the user name to log in with.
    pub(crate) name: String,
    /// Name of its scope map.
    pub(crate) scope_map: String,
    /// Whether it may log in.
    pub(crate) enabled: bool,
    /// At most one of each name.
    pub(crate) passwords: Vec<TokenPassword>,
    /// Who and when.
    pub(crate) system: SystemData,
}

/// A password of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenPassword {
    /// `password1` or `password2`.
    pub(crate) name: String,
    /// When it was made.
    pub(crate) created: Instant,
    /// When it ends, if ever.
    pub(crate) expiry: Option<Instant>,
    /// It itself; shown once.
    pub(crate) value: String,
}

impl Token {
    /// Whether it opens with that password now.
    pub(crate) fn opens(&self, password: &str) -> bool {
        let now = Instant::now();
        let valid = |p: &TokenPassword| p.value == password && p.expiry.is_none_or(|expiry| now < expiry);
        self.enabled && self.passwords.iter().any(valid)
    }
}
