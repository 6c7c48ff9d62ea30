//! Whether a name is free.

use super::super::{
    Answer, Call, Cloud, Refusal,
    values::{check_name, text},
};
use alloc::format;
use serde_json::json;

pub(super) fn check(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = text(&call.body, "/name").unwrap_or_default();
    if check_name(name, "registry").is_err() {
        let message = format!("The registry name {name} is invalid: 5 to 50 letters and digits.");
        return Ok(Answer::ok(json!({ "nameAvailable": false, "reason": "Invalid", "message": message })));
    }
    if cloud.state.read(|document| document.registry(name).is_some()) {
        let message = format!("The registry {name} is already in use.");
        return Ok(Answer::ok(json!({ "nameAvailable": false, "reason": "AlreadyExists", "message": message })));
    }
    Ok(Answer::ok(json!({ "nameAvailable": true })))
}
