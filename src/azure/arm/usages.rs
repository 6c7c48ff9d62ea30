//! What a registry uses of what its tier allows.

use super::{REGISTRY_API, versioned};
use crate::{
    Error,
    azure::{Call, RegistryId, read},
    http::Method,
};
use alloc::{format, string::String, vec::Vec};
use serde_json::Value;

/// One line of the usage: storage, webhooks, replications and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// What is counted: an open set.
    pub name: String,
    /// How much is allowed; nothing where there is no bound (ARM writes -1).
    pub limit: Option<u64>,
    /// How much there is.
    pub current: u64,
    /// `Bytes` or `Count`.
    pub unit: String,
}

fn read_all(raw: Value) -> Result<Vec<Usage>, Error> {
    read::list(&raw, "value").iter().map(usage).collect()
}

fn usage(entry: &Value) -> Result<Usage, Error> {
    Ok(Usage {
        name: read::needed(entry, "name")?,
        limit: read::signed(entry, "limit").and_then(|limit| u64::try_from(limit).ok()),
        current: read::number(entry, "currentValue").unwrap_or_default(),
        unit: read::string(entry, "unit").unwrap_or_default(),
    })
}

/// Shows the usage.
///
/// ```
/// use portolan::azure::arm::usages;
/// let op = usages::list(&"00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn list(id: &RegistryId) -> Call<Vec<Usage>> {
    // GET, unlike the other actions of a registry.
    Call::arm(Method::Get, versioned(&format!("{}/listUsages", id.path()), REGISTRY_API), read_all)
}
