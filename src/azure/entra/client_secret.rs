//! `POST {authority}/{tenant}/oauth2/v2.0/token`: client secrets and refresh tokens.

use crate::{
    Error, Limits, Secret,
    http::{Body, Form, Method, Request, Url},
};
use alloc::{format, string::String};

/// The client id of the Azure CLI, a public client that every tenant knows: for [`DeviceCode`](super::DeviceCode).
pub const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// OAuth2's client credentials grant. No refresh token comes of it.
pub(super) fn request(
    authority: &Url,
    tenant: &str,
    client_id: &str,
    secret: &Secret,
    scope: &str,
    limits: &Limits,
) -> Result<Request, Error> {
    let mut form = Form::default();
    form.add("grant_type", "client_credentials");
    form.add("client_id", client_id).add("client_secret", secret.expose()).add("scope", scope);
    posted(authority, tenant, "token", form.finish(), limits)
}

/// OAuth2's refresh grant; a new refresh token comes along.
pub(super) fn refresh(
    authority: &Url,
    tenant: &str,
    client_id: &str,
    token: &Secret,
    scope: &str,
    limits: &Limits,
) -> Result<Request, Error> {
    let mut form = Form::default();
    form.add("grant_type", "refresh_token").add("client_id", client_id);
    form.add("refresh_token", token.expose()).add("scope", &format!("{scope} offline_access"));
    posted(authority, tenant, "token", form.finish(), limits)
}

/// A form for one of the authority's endpoints.
pub(super) fn posted(
    authority: &Url,
    tenant: &str,
    endpoint: &str,
    form: String,
    limits: &Limits,
) -> Result<Request, Error> {
    let base = authority.path().trim_end_matches('/');
    let url = authority.join(&format!("{base}/{tenant}/oauth2/v2.0/{endpoint}"))?;
    let mut request = Request::new(Method::Post, url, limits);
    request.headers.push("Accept", "application/json");
    request.headers.push("Content-Type", "application/x-www-form-urlencoded");
    request.body = Body::Form(Secret::new(form));
    // Asking for a token changes nothing that asking again would spoil.
    request.repeatable = true;
    Ok(request)
}
