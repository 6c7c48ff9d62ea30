//! Reading fields that are there, and of the type that they should be; ARM's documents grow, and differ by version.

use crate::{Error, ProtocolError};
use alloc::{
    borrow::ToOwned,
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde_json::Value;

/// Steps down a dotted path.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| value.get(key)).filter(|value| !value.is_null())
}

pub(crate) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path)?.as_str()
}

pub(crate) fn string(value: &Value, path: &str) -> Option<String> {
    text(value, path).map(ToOwned::to_owned)
}

pub(crate) fn needed(value: &Value, path: &str) -> Result<String, Error> {
    string(value, path)
        .ok_or_else(|| ProtocolError::Document { path: format!("$.{path}"), reason: "missing or not a string" }.into())
}

pub(crate) fn flag(value: &Value, path: &str) -> Option<bool> {
    at(value, path)?.as_bool()
}

/// A count. Some services write numbers as strings.
pub(crate) fn number(value: &Value, path: &str) -> Option<u64> {
    let value = at(value, path)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(crate) fn signed(value: &Value, path: &str) -> Option<i64> {
    at(value, path)?.as_i64()
}

pub(crate) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(crate) fn texts(value: &Value, path: &str) -> Vec<String> {
    list(value, path).iter().filter_map(Value::as_str).map(ToString::to_string).collect()
}

pub(crate) fn map(value: &Value, path: &str) -> BTreeMap<String, String> {
    let fields = at(value, path).and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}
