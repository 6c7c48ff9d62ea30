//! Access tokens, by `GET` with Basic as Docker has it, and by `POST` as OAuth 2 has it.

use super::{
    TokenService,
    answer::{Refusal, token},
    claims,
    who::{NULL_GUID, Who},
};
use crate::{
    auth::{Scope, ScopeSet},
    emulator::{basic, form::Fields, state::Registry},
};
use alloc::string::String;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::Response,
};

/// The registry that we are for, if the network lets the caller in.
pub(super) fn registry_of(service: &TokenService) -> Result<Registry, Refusal> {
    let registry = service.cloud.state.read(|document| document.registry(&service.registry).cloned());
    let registry = registry.ok_or(Refusal::Unauthorized)?;
    if registry.closed() { Err(Refusal::Network) } else { Ok(registry) }
}

pub(super) async fn of_query(
    State(service): State<TokenService>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let registry = registry_of(&service)?;
    let query = Fields::parse(&query.unwrap_or_default());
    let who = match headers.contains_key(header::AUTHORIZATION) {
        true => basic::read(&headers).and_then(|(user, password)| with_password(&service, &registry, &user, &password)),
        false => Who::anonymous(&registry),
    };
    grant(&service, &registry, who, &query)
}

pub(super) async fn of_form(State(service): State<TokenService>, body: String) -> Result<Response, Refusal> {
    let registry = registry_of(&service)?;
    let form = Fields::parse(&body);
    let who = match form.get("grant_type").unwrap_or_default() {
        "refresh_token" => {
            let token = form.filled("refresh_token").unwrap_or_default();
            Who::with_refresh_token(&service.cloud, &registry, token)
        }
        "password" => match form.filled("username") {
            Some(user) => with_password(&service, &registry, user, form.get("password").unwrap_or_default()),
            None => Who::anonymous(&registry),
        },
        _ => return Err(Refusal::Unsupported("grant_type must be refresh_token or password")),
    };
    grant(&service, &registry, who, &form)
}

fn with_password(service: &TokenService, registry: &Registry, user: &str, password: &str) -> Option<Who> {
    if user == NULL_GUID {
        return Who::with_any_token(&service.cloud, registry, password);
    }
    service.cloud.state.read(|document| Who::with_password(document, registry, user, password))
}

/// Less than was asked for is no error; nothing at all, for somebody without any rights, is.
fn grant(service: &TokenService, registry: &Registry, who: Option<Who>, fields: &Fields) -> Result<Response, Refusal> {
    let who = who.filter(|who| !who.rights.is_empty()).ok_or(Refusal::Unauthorized)?;
    let words = fields.all("scope").flat_map(str::split_ascii_whitespace);
    // What is no scope is nothing that could be granted.
    let scopes: ScopeSet = words.filter_map(|word| word.parse::<Scope>().ok()).collect();
    Ok(token("access_token", &claims::access(&service.cloud, registry, &who.name, &who.rights, &scopes)?))
}
