//! Resource groups.

use alloc::{collections::BTreeMap, string::String};
use serde::{Deserialize, Serialize};

/// Names and values that people put on resources.
pub(crate) type Tags = BTreeMap<String, String>;

/// A resource group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// As it was given when it was made.
    pub(crate) name: String,
    /// Region's name.
    pub(crate) location: String,
    /// What people put on it.
    pub(crate) tags: Tags,
}
