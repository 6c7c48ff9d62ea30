//! Repository-scoped tokens and their passwords.

use super::{
    Answer, Call, Cloud, Refusal, Route,
    registries::at,
    values::{check_name, child_id, flag, text},
};
use crate::emulator::{
    clock::Instant,
    password,
    state::{Document, Registry, ScopeMap, SystemData, Token, TokenPassword},
};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, at!("/tokens"), "Microsoft.ContainerRegistry/registries/tokens/read", list),
    Route::now(Method::PUT, at!("/tokens/{token}"), "Microsoft.ContainerRegistry/registries/tokens/write", put),
    Route::now(Method::PATCH, at!("/tokens/{token}"), "Microsoft.ContainerRegistry/registries/tokens/write", patch),
    Route::now(Method::GET, at!("/tokens/{token}"), "Microsoft.ContainerRegistry/registries/tokens/read", show),
    Route::now(Method::DELETE, at!("/tokens/{token}"), "Microsoft.ContainerRegistry/registries/tokens/delete", delete),
    Route::now(
        Method::POST,
        at!("/generateCredentials"),
        "Microsoft.ContainerRegistry/registries/generateCredentials/action",
        generate,
    ),
];

/// Names of a token's passwords.
const PASSWORDS: [&str; 2] = ["password1", "password2"];

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| {
        let registry = call.registry(document)?;
        Ok(Answer::list(registry.tokens.iter().map(|token| shown(document, registry, token)).collect()))
    })
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| answered(document, call, call.name("token"), 200))
}

fn answered(document: &Document, call: &Call, name: &str, status: u16) -> Result<Answer, Refusal> {
    let registry = call.registry(document)?;
    let token = registry.tokens.iter().find(|token| token.name.eq_ignore_ascii_case(name));
    let kind = format!("registries/{}/tokens", registry.name);
    let token = token.ok_or_else(|| Refusal::no_resource(&kind, name, &registry.group))?;
    Ok(Answer::new(status, shown(document, registry, token)))
}

fn put(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("token");
    check_name(&name.replace('-', "x"), "token")?;
    cloud.state.change(|document| {
        let registry = call.registry_mut(document)?;
        let known = registry.tokens.iter().any(|token| token.name.eq_ignore_ascii_case(name));
        if !known {
            if registry.tokens.len() >= registry.sku.tokens() {
                return Err(Refusal::bad("QuotaExceeded", "The registry has as many tokens as its SKU allows."));
            }
            registry.tokens.push(Token {
                name: name.to_string(),
                scope_map: String::new(),
                enabled: true,
                passwords: Vec::new(),
                system: SystemData::new(&call.identity.signature, call.identity.kind),
            });
        }
        apply(registry, call)?;
        answered(document, call, name, if known { 200 } else { 201 })
    })
}

fn patch(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("token");
    cloud.state.change(|document| {
        answered(document, call, name, 200)?;
        apply(call.registry_mut(document)?, call)?;
        answered(document, call, name, 200)
    })
}

/// Sets what the body has.
fn apply(registry: &mut Registry, call: &Call) -> Result<(), Refusal> {
    let map = text(&call.body, "/properties/scopeMapId").and_then(|id| id.rsplit('/').next());
    let known = |name: &str| {
        let mut own = registry.scope_maps.iter().map(|map| map.name.clone());
        let mut system = ScopeMap::system(registry).into_iter().map(|map| map.name);
        own.find(|own| own.eq_ignore_ascii_case(name)).or_else(|| system.find(|own| own.eq_ignore_ascii_case(name)))
    };
    let map = map.map(|name| {
        known(name).ok_or_else(|| Refusal::bad("ScopeMapNotFound", format!("There is no scope map '{name}'.")))
    });
    let map = map.transpose()?;
    let name = call.name("token");
    let Some(token) = registry.tokens.iter_mut().find(|token| token.name.eq_ignore_ascii_case(name)) else {
        return Ok(());
    };
    token.scope_map = map.unwrap_or_else(|| token.scope_map.clone());
    token.enabled = flag(&call.body, "/properties/status", "enabled").unwrap_or(token.enabled);
    token.system.touch(&call.identity.signature, call.identity.kind);
    if token.scope_map.is_empty() {
        return Err(Refusal::bad("ScopeMapRequired", "The property 'scopeMapId' is needed."));
    }
    Ok(())
}

fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let registry = call.registry_mut(document)?;
        let before = registry.tokens.len();
        registry.tokens.retain(|token| !token.name.eq_ignore_ascii_case(call.name("token")));
        Ok(Answer::empty(if registry.tokens.len() < before { 200 } else { 204 }))
    })
}

/// New passwords: both, or the one that is named. They are shown here and never again.
fn generate(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let id = text(&call.body, "/tokenId").unwrap_or_default();
    let name = id.rsplit('/').next().unwrap_or_default().to_string();
    let expiry = text(&call.body, "/expiry")
        .map(|text| Instant::parse(text).ok_or_else(|| Refusal::bad("InvalidExpiry", format!("'{text}' is no time."))));
    let expiry = expiry.transpose()?;
    let wanted = text(&call.body, "/name");
    let names: Vec<&str> =
        PASSWORDS.into_iter().filter(|name| wanted.is_none_or(|w| w.eq_ignore_ascii_case(name))).collect();
    cloud.state.change(|document| {
        answered(document, call, &name, 200)?;
        let registry = call.registry_mut(document)?;
        let token = registry.tokens.iter_mut().find(|token| token.name.eq_ignore_ascii_case(&name));
        let Some(token) = token else { return Ok(Answer::empty(204)) };
        let created = Instant::now();
        for name in &names {
            token.passwords.retain(|password| password.name != *name);
            let (name, value) = ((*name).to_string(), password::new()?);
            token.passwords.push(TokenPassword { name, created, expiry, value });
        }
        token.passwords.sort_by(|a, b| a.name.cmp(&b.name));
        let passwords = token.passwords.iter().filter(|password| names.contains(&password.name.as_str()));
        let passwords: Vec<Value> = passwords.map(with_value).collect();
        Ok(Answer::ok(json!({ "username": token.name, "passwords": passwords })))
    })
}

fn with_value(password: &TokenPassword) -> Value {
    let mut value = without_value(password);
    value["value"] = password.value.as_str().into();
    value
}

fn without_value(password: &TokenPassword) -> Value {
    let mut value = json!({ "name": password.name, "creationTime": password.created.rfc3339() });
    if let Some(expiry) = password.expiry {
        value["expiry"] = expiry.rfc3339().into();
    }
    value
}

fn shown(document: &Document, registry: &Registry, token: &Token) -> Value {
    json!({
        "id": child_id(document, registry, "tokens", &token.name), "name": token.name,
        "type": "Microsoft.ContainerRegistry/registries/tokens", "systemData": token.system.shown(),
        "properties": {
            "creationDate": token.system.created.rfc3339(), "provisioningState": "Succeeded",
            "scopeMapId": child_id(document, registry, "scopeMaps", &token.scope_map),
            "status": super::values::status(token.enabled),
            "credentials": {
                "certificates": [], "passwords": token.passwords.iter().map(without_value).collect::<Vec<_>>(),
            },
        },
    })
}
