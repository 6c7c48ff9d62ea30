//! ARM: a file per resource. Records hold what the SDK reads, and beside it the document as it came.

pub mod container_groups;
pub mod credentials;
pub mod groups;
pub mod imports;
pub mod registries;
pub mod replications;
pub mod runs;
pub mod scoped_tokens;
pub mod tasks;
pub mod usages;

use super::{Call, List, list, read};
use crate::{Error, Stage, http::Method};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
};
use serde_json::Value;

/// Of registries, replications, tokens and scope maps.
const REGISTRY_API: &str = "2025-11-01";

/// What all resources have.
///
/// ```
/// let resource = portolan::azure::arm::Resource::default();
/// assert!(resource.name.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Its path at ARM.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Microsoft.ContainerRegistry/registries` and so on.
    pub kind: String,
    /// Where it is; empty for what is everywhere.
    pub location: String,
    /// Its owner's labels.
    pub tags: BTreeMap<String, String>,
    /// `Succeeded` when it is ready; empty where the resource has no such state.
    pub provisioning_state: String,
    /// The document as it came, fields unknown here among them.
    pub raw: Value,
}

impl Resource {
    pub(crate) fn read(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path).unwrap_or_default();
        Ok(Self {
            id: read::needed(&raw, "id")?,
            name: read::needed(&raw, "name")?,
            kind: text("type"),
            location: text("location"),
            tags: read::map(&raw, "tags"),
            provisioning_state: text("properties.provisioningState"),
            raw,
        })
    }

    /// The group that it is in, by its id.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        let mut parts = self.id.split('/');
        parts.find(|part| part.eq_ignore_ascii_case("resourceGroups"))?;
        parts.next()
    }

    /// True if it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.provisioning_state == "Succeeded"
    }
}

fn versioned(path: &str, version: &str) -> String {
    format!("{path}?api-version={version}")
}

/// A list of ARM's; `path` has its query.
fn listed<R>(path: String, read: fn(Value) -> Result<R, Error>) -> List<R> {
    List::of(list::Kind { stage: Stage::Arm, access: None, path, member: "value", key: id }, read)
}

fn id(record: &Value) -> Option<&str> {
    read::text(record, "id")
}

/// A deletion that is followed to its end. False if there was nothing to delete.
fn deletion(path: String) -> Call<bool> {
    Call::arm(Method::Delete, path, |_| Ok(true)).until_over().or_absent(|| false)
}

/// Tags and further fields of a body.
fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(fields.map(|(key, value)| (key.to_string(), value)).collect())
}

fn tags_value(tags: &BTreeMap<String, String>) -> Value {
    if tags.is_empty() {
        return Value::Null;
    }
    Value::Object(tags.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect())
}
