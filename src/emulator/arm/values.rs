//! Values out of what was sent: names of fields in any case are one name, as ARM has it for enumerations at least.

use super::Refusal;
use crate::emulator::state::Document;
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
};
use serde_json::Value;

/// `tags`, if they were sent.
pub(super) fn tags(body: &Value) -> Result<Option<BTreeMap<String, String>>, Refusal> {
    let Some(tags) = body.get("tags").filter(|tags| !tags.is_null()) else { return Ok(None) };
    let bad = || Refusal::bad("InvalidRequestContent", "Tags are names with texts.");
    let tags = tags.as_object().ok_or_else(bad)?;
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_string()));
    tags.iter().map(|tag| text(tag).ok_or_else(bad)).collect::<Result<_, _>>().map(Some)
}

/// A text.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// True or false, or whether a word is the one that stands for true.
pub(super) fn flag(value: &Value, pointer: &str, word: &str) -> Option<bool> {
    match value.pointer(pointer)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => Some(text.eq_ignore_ascii_case(word)),
        _ => None,
    }
}

/// Whether a registry or a replication may have that name.
pub(super) fn check_name(name: &str, what: &str) -> Result<(), Refusal> {
    if (5..=50).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(());
    }
    let message =
        format!("The {what} name '{name}' is invalid. Names may have letters and digits only, and 5 to 50 of them.");
    Err(Refusal::bad("InvalidResourceName", message))
}

/// The id of a resource of a registry.
pub(super) fn child_id(
    document: &Document,
    registry: &crate::emulator::state::Registry,
    kind: &str,
    name: &str,
) -> String {
    format!("{}/{kind}/{name}", document.registry_id(registry))
}

/// `Enabled` or `Disabled`, in small letters: policies have them so.
pub(super) const fn status(enabled: bool) -> &'static str {
    if enabled { "enabled" } else { "disabled" }
}
