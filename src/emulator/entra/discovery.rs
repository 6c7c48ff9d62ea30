//! Where everything is, for those who ask before they log in.

use super::{Entra, answer::public};
use alloc::{
    format,
    string::{String, ToString as _},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;

/// For `2.0`.
pub(super) async fn v2(state: State<Entra>, tenant: Path<String>) -> Response {
    document(&state, &tenant, "/v2.0")
}

/// For `1.0`.
pub(super) async fn v1(state: State<Entra>, tenant: Path<String>) -> Response {
    document(&state, &tenant, "")
}

fn document(entra: &Entra, tenant: &str, version: &str) -> Response {
    let authority = entra.cloud.authority();
    // `common` and `organizations` are answered as the one tenant that there is.
    let own = entra.cloud.state.read(|document| document.tenant.clone());
    let at = |path: &str| format!("{authority}/{tenant}/oauth2{version}/{path}");
    public(json!({
        "issuer": format!("{authority}/{own}{version}"),
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "device_authorization_endpoint": format!("{authority}/{tenant}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{authority}/{tenant}/discovery{version}/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": ["code"], "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "oid", "preferred_username"],
        "tenant_region_scope": null, "cloud_instance_name": entra.cloud.addresses.authority.to_string(),
        "cloud_graph_host_name": entra.cloud.addresses.authority.to_string(),
        "msgraph_host": entra.cloud.addresses.authority.to_string(),
    }))
}

/// The keys that tokens are signed with.
pub(super) async fn keys(State(entra): State<Entra>, _: Path<String>) -> Response {
    public(entra.cloud.keys.jwks())
}

/// That we are an authority.
pub(super) async fn instance(State(entra): State<Entra>) -> Response {
    let host = entra.cloud.addresses.authority.to_string();
    let tenant = entra.cloud.state.read(|document| document.tenant.clone());
    public(json!({
        "tenant_discovery_endpoint": format!("https://{host}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
}

/// That users log in here and nowhere else.
pub(super) async fn realm(State(entra): State<Entra>, Path(user): Path<String>) -> Response {
    public(json!({
        "ver": "1.0", "account_type": "Managed", "domain_name": "emulator.localhost", "user_name": user,
        "cloud_instance_name": entra.cloud.addresses.authority.to_string(),
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }))
}
