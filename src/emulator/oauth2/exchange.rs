//! A token of Entra for a refresh token of the registry.

use super::{
    TokenService,
    answer::{Refusal, token},
    claims,
    token::registry_of,
    who::Who,
};
use crate::emulator::{cloud::Cloud, entra, form::Fields, state::Registry};
use alloc::string::{String, ToString as _};
use axum::{extract::State, response::Response};
use serde_json::Value;

pub(super) async fn answer(State(service): State<TokenService>, body: String) -> Result<Response, Refusal> {
    let registry = registry_of(&service)?;
    let form = Fields::parse(&body);
    let cloud = &*service.cloud;
    let presented = match form.get("grant_type").unwrap_or_default() {
        "access_token" => with_access_token(cloud, &registry, &form),
        "access_token_refresh_token" => {
            with_access_token(cloud, &registry, &form).or_else(|| with_refresh_token(cloud, &form))
        }
        "refresh_token" => with_refresh_token(cloud, &form),
        _ => return Err(Refusal::Unsupported("grant_type must be access_token")),
    };
    let (object_id, app) = presented.ok_or(Refusal::Unauthorized)?;
    let who =
        cloud.state.read(|document| Who::principal(document, &registry, &object_id)).ok_or(Refusal::Unauthorized)?;
    if who.rights.is_empty() {
        return Err(Refusal::NoRights);
    }
    Ok(token("refresh_token", &claims::refresh(cloud, &registry, &who.name, &app, &who.rights)?))
}

/// Object id and application of Entra's access token.
fn with_access_token(cloud: &Cloud, registry: &Registry, form: &Fields) -> Option<(String, String)> {
    let claims = cloud.verify(form.filled("access_token")?).filter(|claims| entra::for_acr(cloud, claims))?;
    if entra::of_arm(cloud, &claims) && !registry.policies.arm_tokens {
        return None;
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_string);
    let tenant = form.filled("tenant");
    if tenant.is_some_and(|tenant| text("tid").is_none_or(|own| !own.eq_ignore_ascii_case(tenant))) {
        return None;
    }
    Some((text("oid")?, text("appid").unwrap_or_default()))
}

/// The same of Entra's refresh token.
fn with_refresh_token(cloud: &Cloud, form: &Fields) -> Option<(String, String)> {
    let (principal, client) = entra::of_refresh(cloud, form.filled("refresh_token")?)?;
    Some((principal.object_id, client))
}
