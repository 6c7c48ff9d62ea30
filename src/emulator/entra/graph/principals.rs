//! Service principals, managed identities and users.

use super::{
    super::Entra,
    caller::{Caller, Refusal, body, list},
};
use crate::emulator::{
    random,
    state::{Kind, Principal},
};
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

pub(super) async fn services(State(entra): State<Entra>, caller: Caller) -> Result<Response, Refusal> {
    let filter = caller.filter()?;
    Ok(listed(&entra, |principal| {
        let Some(filter) = &filter else { return principal.kind != Kind::User };
        principal.kind != Kind::User
            && match filter.field.as_str() {
                "appId" | "servicePrincipalNames" => filter.fits(principal.app_id.as_deref().unwrap_or_default()),
                "displayName" => filter.fits(&principal.name),
                "id" => filter.fits(&principal.object_id),
                _ => false,
            }
    }))
}

pub(super) async fn users(State(entra): State<Entra>, caller: Caller) -> Result<Response, Refusal> {
    let filter = caller.filter()?;
    Ok(listed(&entra, |principal| {
        let Some((name, _)) = &principal.user else { return false };
        let Some(filter) = &filter else { return true };
        match filter.field.as_str() {
            "userPrincipalName" | "mail" => filter.fits(name),
            "displayName" => filter.fits(&principal.name),
            _ => false,
        }
    }))
}

fn listed(entra: &Entra, fits: impl Fn(&Principal) -> bool) -> Response {
    list(
        entra.cloud.state.read(|document| {
            document.directory.principals.iter().filter(|principal| fits(principal)).map(shown).collect()
        }),
    )
}

/// The service principal of an application.
pub(super) async fn create(State(entra): State<Entra>, caller: Caller, text: String) -> Result<Response, Refusal> {
    let body = body(&text)?;
    let app_id = body.get("appId").and_then(Value::as_str).unwrap_or_default();
    let object_id = random::uuid()?;
    let answer = entra.cloud.state.change(|document| {
        caller.may_change(document)?;
        let directory = &mut document.directory;
        let bad = |code, message: String| Refusal::new(StatusCode::BAD_REQUEST, code, message);
        let application = directory.application(app_id).cloned();
        let application = application.ok_or_else(|| {
            let message = alloc::format!("The appId '{app_id}' of the service principal does not reference a valid application object.");
            bad("Request_BadRequest", message)
        })?;
        if directory.service(app_id).is_some() {
            let message = "The service principal cannot be created, updated, or restored because the service principal name is already in use.";
            return Err(bad("Request_MultipleObjectsWithSameKeyValue", message.to_string()));
        }
        let principal = Principal {
            object_id,
            kind: Kind::ServicePrincipal,
            name: application.name,
            app_id: Some(application.app_id),
            user: None,
        };
        let answer = shown(&principal);
        directory.principals.push(principal);
        Ok(answer)
    })?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// One, by its object id or, of a user, by its name.
pub(super) async fn show(State(entra): State<Entra>, _: Caller, Path(id): Path<String>) -> Result<Response, Refusal> {
    entra.cloud.state.read(|document| {
        let principal = document.directory.principal(&id).or_else(|| document.directory.user(&id));
        principal.map(|principal| Json(shown(principal)).into_response()).ok_or_else(|| Refusal::missing(&id))
    })
}

pub(super) async fn me(State(entra): State<Entra>, caller: Caller) -> Result<Response, Refusal> {
    let id = caller.identity.object_id.clone();
    show(State(entra), caller, Path(id)).await
}

/// With its roles; its application stays.
pub(super) async fn delete(
    State(entra): State<Entra>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    entra.cloud.state.change(|document| {
        caller.may_change(document)?;
        let known = document.directory.principal(&id).is_some_and(|principal| principal.kind != Kind::User);
        if !known {
            return Err(Refusal::missing(&id));
        }
        document.directory.principals.retain(|principal| !principal.object_id.eq_ignore_ascii_case(&id));
        document.assignments.retain(|assignment| !assignment.principal.eq_ignore_ascii_case(&id));
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

pub(super) async fn by_ids(State(entra): State<Entra>, _: Caller, text: String) -> Result<Response, Refusal> {
    let body = body(&text)?;
    let ids = body.get("ids").and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
    Ok(listed(&entra, |principal| ids.iter().any(|id| principal.object_id.eq_ignore_ascii_case(id))))
}

fn shown(principal: &Principal) -> Value {
    if let Some((name, _)) = &principal.user {
        return json!({
            "@odata.type": "#microsoft.graph.user", "id": principal.object_id, "displayName": principal.name,
            "userPrincipalName": name, "mail": name, "accountEnabled": true,
        });
    }
    let managed = principal.kind == Kind::ManagedIdentity;
    json!({
        "@odata.type": "#microsoft.graph.servicePrincipal", "id": principal.object_id, "appId": principal.app_id,
        "displayName": principal.name, "appDisplayName": principal.name, "accountEnabled": true,
        "servicePrincipalType": if managed { "ManagedIdentity" } else { "Application" },
        "servicePrincipalNames": [principal.app_id], "passwordCredentials": [], "keyCredentials": [],
    })
}
