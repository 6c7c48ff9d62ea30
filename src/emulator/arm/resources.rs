//! Lists of resources of any kind.

use super::{Answer, Call, Cloud, Refusal, Route, registries};
use crate::emulator::state::Document;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, "/subscriptions/{subscription}/resources", "", of_subscription),
    Route::now(Method::GET, "/subscriptions/{subscription}/resourceGroups/{group}/resources", "", of_group),
];

fn of_subscription(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let conditions = conditions(call)?;
    cloud.state.read(|document| Ok(Answer::list(listed(document, call, &document.subscription_id(), &conditions))))
}

fn of_group(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let conditions = conditions(call)?;
    cloud.state.read(|document| {
        let id = document.group_id(&call.group(document)?.name);
        Ok(Answer::list(listed(document, call, &id, &conditions)))
    })
}

/// Resources below `scope` that the caller may read and that fit.
fn listed(document: &Document, call: &Call, scope: &str, conditions: &[(String, String)]) -> Vec<Value> {
    let registries = document.registries.iter().map(|registry| registries::shown(document, registry));
    // Of the others, only those that belong to a group and no other resource: `providers/{namespace}/{kind}/{name}`.
    let own = document.resources.iter().filter(|(id, _)| id.split('/').count() == 9).map(|(_, value)| value.clone());
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_string();
    let fits = |value: &Value| {
        let id = text(value, "id");
        let read = format!("{}/read", text(value, "type"));
        crate::emulator::state::within(&id, scope)
            && document.allows(&call.identity.object_id, &read, &id)
            && conditions.iter().all(|(field, wanted)| fits(value, field, wanted))
    };
    let short = |value: Value| {
        let mut short = json!({});
        for key in ["id", "name", "type", "location", "tags", "sku", "systemData", "identity"] {
            if let Some(part) = value.get(key).filter(|part| !part.is_null()) {
                short[key] = part.clone();
            }
        }
        short
    };
    registries.chain(own).filter(fits).map(short).collect()
}

fn fits(value: &Value, field: &str, wanted: &str) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let held = match field {
        "resourcetype" => text("type"),
        "resourcegroup" => text("id").split('/').nth(4).unwrap_or_default(),
        other => text(other),
    };
    held.eq_ignore_ascii_case(wanted)
}

/// `$filter`: `field eq 'value'`, joined by `and`.
fn conditions(call: &Call) -> Result<Vec<(String, String)>, Refusal> {
    let Some(filter) = call.query.filled("$filter") else { return Ok(Vec::new()) };
    let bad = || Refusal::bad("InvalidFilterInQueryString", format!("The filter '{filter}' is not understood."));
    let condition = |part: &str| {
        let (field, value) = part.trim().split_once(" eq ")?;
        let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        Some((field.trim().to_ascii_lowercase(), value.to_string()))
    };
    filter.split(" and ").map(|part| condition(part).ok_or_else(bad)).collect()
}
