//! The token endpoint, for both versions of the protocol.

use super::{
    Entra,
    answer::{Refusal, fresh},
    claims, device,
};
use crate::emulator::{form::Fields, state::Principal};
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::{extract::State, http::HeaderMap, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

/// Who proved to be whom, to which application.
pub(super) struct Proven {
    pub(super) principal: Principal,
    pub(super) client: String,
    /// What was asked for before; the request may ask for something else.
    pub(super) scope: Option<String>,
}

pub(super) async fn answer(State(entra): State<Entra>, headers: HeaderMap, body: String) -> Result<Response, Refusal> {
    let form = Fields::parse(&body);
    let grant = form.get("grant_type").unwrap_or_default();
    let proven = match grant {
        "client_credentials" => client(&entra, &form, &headers)?,
        "refresh_token" => refreshed(&entra, &form)?,
        "password" => user(&entra, &form)?,
        "device_code" | "urn:ietf:params:oauth:grant-type:device_code" => device::redeem(&entra, &form)?,
        other => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            return Err(Refusal::new("unsupported_grant_type", 70_003, text));
        }
    };
    tokens(&entra, &proven, &form, grant == "client_credentials")
}

/// The application's own secret, in the form or as Basic.
fn client(entra: &Entra, form: &Fields, headers: &HeaderMap) -> Result<Proven, Refusal> {
    if form.filled("client_assertion").is_some() {
        let text = "The emulator takes client secrets only; an assertion cannot be checked.";
        return Err(Refusal::client(700_027, text));
    }
    let basic = crate::emulator::basic::read(headers);
    let (id, secret) = match (form.filled("client_id"), form.filled("client_secret"), &basic) {
        (Some(id), Some(secret), _) => (id, secret),
        (_, _, Some((id, secret))) => (id.as_str(), secret.as_str()),
        _ => {
            let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
            return Err(Refusal::client(7_000_218, text));
        }
    };
    entra.cloud.state.read(|document| {
        let directory = &document.directory;
        if directory.application(id).is_none() {
            let text =
                format!("Application with identifier '{id}' was not found in the directory 'portolan emulator'.");
            return Err(Refusal::new("unauthorized_client", 700_016, text));
        }
        let principal = directory
            .service_with_secret(id, secret)
            .cloned()
            .ok_or_else(|| Refusal::client(7_000_215, format!("Invalid client secret provided for app '{id}'.")))?;
        Ok(Proven { principal, client: id.to_string(), scope: None })
    })
}

fn refreshed(entra: &Entra, form: &Fields) -> Result<Proven, Refusal> {
    let token = form.get("refresh_token").unwrap_or_default();
    let proven = claims::of_refresh(&entra.cloud, token);
    let expired = || Refusal::new("invalid_grant", 70_000, "The refresh token is malformed, expired, or not ours.");
    let (principal, client) = proven.ok_or_else(expired)?;
    Ok(Proven { principal, client: form.filled("client_id").map_or(client, str::to_string), scope: None })
}

fn user(entra: &Entra, form: &Fields) -> Result<Proven, Refusal> {
    let (name, password) = (form.get("username").unwrap_or_default(), form.get("password").unwrap_or_default());
    let client = form.get("client_id").unwrap_or_default().to_string();
    let user = entra.cloud.state.read(|document| document.directory.user_with_password(name, password).cloned());
    let wrong =
        || Refusal::new("invalid_grant", 50_126, "Error validating credentials due to invalid username or password.");
    Ok(Proven { principal: user.ok_or_else(wrong)?, client, scope: None })
}

fn tokens(entra: &Entra, proven: &Proven, form: &Fields, of_client: bool) -> Result<Response, Refusal> {
    let (cloud, principal, client) = (&entra.cloud, &proven.principal, proven.client.as_str());
    let scope = form.filled("scope").or(proven.scope.as_deref()).unwrap_or_default();
    let audience = audience(form, scope)?;
    let mut body = json!({
        "token_type": "Bearer", "expires_in": claims::LIFE - 1, "ext_expires_in": claims::LIFE - 1,
        "access_token": claims::access(cloud, principal, client, &audience)?,
    });
    if form.filled("resource").is_some() {
        // The first version of the protocol has texts for numbers.
        let now = crate::emulator::clock::Instant::now().seconds();
        body["expires_in"] = (claims::LIFE - 1).to_string().into();
        body["ext_expires_in"] = (claims::LIFE - 1).to_string().into();
        body["expires_on"] = now.saturating_add(claims::LIFE).to_string().into();
        body["not_before"] = now.to_string().into();
        body["resource"] = audience.as_str().into();
    }
    if !of_client {
        body["scope"] = scope.into();
        body["refresh_token"] = claims::refresh(cloud, principal, client)?.into();
        body["id_token"] = claims::id(cloud, principal, client)?.into();
        let tenant = cloud.state.read(|document| document.tenant.clone());
        let info = json!({ "uid": principal.object_id, "utid": tenant }).to_string();
        body["client_info"] = URL_SAFE_NO_PAD.encode(info).into();
    }
    Ok(fresh(body))
}

/// `resource` of the first version, or what stands before the last `/` of the first address among the scopes.
fn audience(form: &Fields, scope: &str) -> Result<String, Refusal> {
    if let Some(resource) = form.filled("resource") {
        return Ok(resource.to_string());
    }
    let scopes = scope.split_ascii_whitespace();
    let address = scopes.filter(|scope| scope.contains("://")).find_map(|scope| scope.rsplit_once('/'));
    match address {
        Some((resource, _)) => Ok(resource.to_string()),
        // Only OpenID's own scopes: a token for Graph, as Entra has it.
        None if !scope.is_empty() => Ok("https://graph.microsoft.com".to_string()),
        None => Err(Refusal::new(
            "invalid_request",
            900_144,
            "The request body must contain the following parameter: 'scope'.",
        )),
    }
}
