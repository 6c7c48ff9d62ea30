//! Nulls in what clients send: Azure's libraries write them for what nobody set.

use serde_json::Value;

/// Takes out members that are null, at any depth.
pub(super) fn remove(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|_, value| !value.is_null());
            object.values_mut().for_each(remove);
        }
        Value::Array(list) => list.iter_mut().for_each(remove),
        _ => {}
    }
}
