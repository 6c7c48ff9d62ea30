//! Scope maps: what repository-scoped tokens may do.

use super::{
    Answer, Call, Cloud, Refusal, Route,
    registries::at,
    values::{check_name, child_id, text},
};
use crate::emulator::state::{Document, Registry, ScopeMap, SystemData, rights::valid_action};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, at!("/scopeMaps"), "Microsoft.ContainerRegistry/registries/scopeMaps/read", list),
    Route::now(Method::PUT, at!("/scopeMaps/{map}"), "Microsoft.ContainerRegistry/registries/scopeMaps/write", put),
    Route::now(Method::PATCH, at!("/scopeMaps/{map}"), "Microsoft.ContainerRegistry/registries/scopeMaps/write", patch),
    Route::now(Method::GET, at!("/scopeMaps/{map}"), "Microsoft.ContainerRegistry/registries/scopeMaps/read", show),
    Route::now(
        Method::DELETE,
        at!("/scopeMaps/{map}"),
        "Microsoft.ContainerRegistry/registries/scopeMaps/delete",
        delete,
    ),
];

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| {
        let registry = call.registry(document)?;
        let system = ScopeMap::system(registry);
        let shown = system.iter().chain(&registry.scope_maps).map(|map| shown(document, registry, map));
        Ok(Answer::list(shown.collect()))
    })
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| {
        let registry = call.registry(document)?;
        let system = ScopeMap::system(registry);
        let found =
            system.iter().chain(&registry.scope_maps).find(|map| map.name.eq_ignore_ascii_case(call.name("map")));
        found.map(|map| Answer::ok(shown(document, registry, map))).ok_or_else(|| missing(registry, call))
    })
}

fn missing(registry: &Registry, call: &Call) -> Refusal {
    Refusal::no_resource(&format!("registries/{}/scopeMaps", registry.name), call.name("map"), &registry.group)
}

fn put(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("map");
    if name.starts_with('_') {
        return Err(Refusal::bad("InvalidScopeMapName", format!("The scope map '{name}' is the system's.")));
    }
    // Hyphens are allowed here.
    check_name(&name.replace('-', "x"), "scope map")?;
    cloud.state.change(|document| {
        let registry = call.registry_mut(document)?;
        let known = registry.scope_maps.iter().any(|map| map.name.eq_ignore_ascii_case(name));
        if !known {
            if registry.scope_maps.len() >= registry.sku.tokens() {
                return Err(Refusal::bad("QuotaExceeded", "The registry has as many scope maps as its SKU allows."));
            }
            let system = SystemData::new(&call.identity.signature, call.identity.kind);
            let (name, description) = (name.to_string(), String::new());
            registry.scope_maps.push(ScopeMap { name, description, actions: Vec::new(), system });
        }
        let value = change(document, call)?;
        Ok(Answer::new(if known { 200 } else { 201 }, value))
    })
}

fn patch(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| change(document, call).map(Answer::ok))
}

/// Sets what the body has.
fn change(document: &mut Document, call: &Call) -> Result<Value, Refusal> {
    let absent = missing(call.registry(document)?, call);
    let registry = call.registry_mut(document)?;
    let map = registry.scope_maps.iter_mut().find(|map| map.name.eq_ignore_ascii_case(call.name("map")));
    let map = map.ok_or(absent)?;
    if let Some(description) = text(&call.body, "/properties/description") {
        map.description = description.to_string();
    }
    if let Some(actions) = call.body.pointer("/properties/actions").and_then(Value::as_array) {
        map.actions = actions.iter().filter_map(Value::as_str).map(str::to_string).collect();
    }
    if let Some(bad) = map.actions.iter().find(|action| !valid_action(action)) {
        return Err(Refusal::bad("InvalidScopeMapAction", format!("The action '{bad}' is invalid.")));
    }
    map.system.touch(&call.identity.signature, call.identity.kind);
    let name = map.name.clone();
    let registry = call.registry(document)?;
    let map = registry.scope_maps.iter().find(|map| map.name == name);
    map.map(|map| shown(document, registry, map)).ok_or_else(|| missing(registry, call))
}

fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let registry = call.registry_mut(document)?;
        let name = call.name("map");
        if registry.tokens.iter().any(|token| token.scope_map.eq_ignore_ascii_case(name)) {
            return Err(Refusal::new(409, "ScopeMapInUse", format!("The scope map '{name}' is used by a token.")));
        }
        let before = registry.scope_maps.len();
        registry.scope_maps.retain(|map| !map.name.eq_ignore_ascii_case(name));
        Ok(Answer::empty(if registry.scope_maps.len() < before { 200 } else { 204 }))
    })
}

fn shown(document: &Document, registry: &Registry, map: &ScopeMap) -> Value {
    let system = map.name.starts_with('_');
    json!({
        "id": child_id(document, registry, "scopeMaps", &map.name), "name": map.name,
        "type": "Microsoft.ContainerRegistry/registries/scopeMaps", "systemData": map.system.shown(),
        "properties": {
            "description": map.description, "actions": map.actions, "creationDate": map.system.created.rfc3339(),
            "provisioningState": "Succeeded", "type": if system { "SystemDefined" } else { "UserDefined" },
        },
    })
}
