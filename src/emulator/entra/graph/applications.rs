//! Applications and their secrets.

use super::{
    super::Entra,
    caller::{Caller, Refusal, body, list as whole},
};
use crate::emulator::{
    clock::Instant,
    state::{Application, Password},
};
use alloc::{string::String, vec::Vec};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

pub(super) async fn list(State(entra): State<Entra>, caller: Caller) -> Result<Response, Refusal> {
    let filter = caller.filter()?;
    Ok(whole(entra.cloud.state.read(|document| {
        let fits = |application: &&Application| {
            let Some(filter) = &filter else { return true };
            match filter.field.as_str() {
                "appId" => filter.fits(&application.app_id),
                "displayName" => filter.fits(&application.name),
                _ => false,
            }
        };
        document.directory.applications.iter().filter(fits).map(shown).collect()
    })))
}

pub(super) async fn create(State(entra): State<Entra>, caller: Caller, text: String) -> Result<Response, Refusal> {
    let body = body(&text)?;
    let name = body.get("displayName").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "Request_BadRequest", "A displayName is needed."));
    }
    let application = Application::new(name)?;
    let answer = shown(&application);
    entra.cloud.state.change(|document| {
        caller.may_change(document)?;
        document.directory.applications.push(application);
        Ok::<_, Refusal>(())
    })?;
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

pub(super) async fn show(State(entra): State<Entra>, _: Caller, Path(id): Path<String>) -> Result<Response, Refusal> {
    entra.cloud.state.read(|document| {
        let found = document.directory.applications.iter().find(|application| application.object_id == id);
        found.map(|application| Json(shown(application)).into_response()).ok_or_else(|| Refusal::missing(&id))
    })
}

/// With its service principal.
pub(super) async fn delete(
    State(entra): State<Entra>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    entra.cloud.state.change(|document| {
        caller.may_change(document)?;
        let gone = document.directory.applications.iter().find(|application| application.object_id == id).cloned();
        let gone = gone.ok_or_else(|| Refusal::missing(&id))?;
        document.directory.applications.retain(|application| *application != gone);
        document.directory.principals.retain(|principal| principal.app_id.as_ref() != Some(&gone.app_id));
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

pub(super) async fn add_password(
    State(entra): State<Entra>,
    caller: Caller,
    Path(id): Path<String>,
    text: String,
) -> Result<Response, Refusal> {
    let body = body(&text)?;
    let wanted = body.get("passwordCredential").cloned().unwrap_or_default();
    let field = |name: &str| wanted.get(name).and_then(Value::as_str);
    let mut password = Password::new(field("displayName").unwrap_or_default())?;
    password.start = field("startDateTime").and_then(Instant::parse).unwrap_or(password.start);
    password.end = field("endDateTime").and_then(Instant::parse).unwrap_or(password.end);
    let mut answer = hinted(&password);
    answer["secretText"] = password.value.as_str().into();
    change(&entra, &caller, &id, |application| application.passwords.push(password))?;
    Ok(Json(answer).into_response())
}

pub(super) async fn remove_password(
    State(entra): State<Entra>,
    caller: Caller,
    Path(id): Path<String>,
    text: String,
) -> Result<Response, Refusal> {
    let body = body(&text)?;
    let key = body.get("keyId").and_then(Value::as_str).unwrap_or_default();
    change(&entra, &caller, &id, |application| application.passwords.retain(|password| password.key_id != key))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn change(entra: &Entra, caller: &Caller, id: &str, act: impl FnOnce(&mut Application)) -> Result<(), Refusal> {
    entra.cloud.state.change(|document| {
        caller.may_change(document)?;
        let application = document.directory.applications.iter_mut().find(|application| application.object_id == id);
        application.map(act).ok_or_else(|| Refusal::missing(id))
    })
}

fn shown(application: &Application) -> Value {
    json!({
        "id": application.object_id, "appId": application.app_id, "displayName": application.name,
        "createdDateTime": application.created.rfc3339(), "signInAudience": "AzureADMyOrg",
        "identifierUris": [], "keyCredentials": [], "requiredResourceAccess": [], "appRoles": [],
        "passwordCredentials": application.passwords.iter().map(hinted).collect::<Vec<_>>(),
    })
}

/// A secret without itself.
fn hinted(password: &Password) -> Value {
    json!({
        "keyId": password.key_id, "displayName": password.name, "hint": password.value.get(..3),
        "startDateTime": password.start.rfc3339(), "endDateTime": password.end.rfc3339(), "secretText": null,
        "customKeyIdentifier": null,
    })
}
