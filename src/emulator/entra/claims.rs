//! What the tokens say, and for whom they are.

use crate::emulator::{
    clock::Instant,
    cloud::Cloud,
    random,
    state::{Kind, Principal},
};
use alloc::{format, string::String};
use serde_json::{Value, json};
use std::io;

/// Life of an access token, seconds.
pub(super) const LIFE: u64 = 3_600;

/// Life of a refresh token, seconds.
const REFRESH_LIFE: u64 = 90 * 86_400;

/// For whom a refresh token is: for us alone.
const REFRESH: &str = "urn:portolan:refresh";

const ARM: [&str; 2] = ["https://management.azure.com", "https://management.core.windows.net"];
const ACR: &str = "https://containerregistry.azure.net";
const GRAPH: &str = "https://graph.microsoft.com";

fn issuer(cloud: &Cloud) -> String {
    format!("https://sts.windows.net/{}/", cloud.state.read(|document| document.tenant.clone()))
}

/// An access token for `audience`, asked for by the application `client`.
pub(super) fn access(cloud: &Cloud, principal: &Principal, client: &str, audience: &str) -> io::Result<String> {
    let mut claims = base(cloud, principal, client, LIFE)?;
    claims["aud"] = audience.into();
    match &principal.user {
        Some((name, _)) => {
            claims["upn"] = name.as_str().into();
            claims["unique_name"] = name.as_str().into();
            claims["name"] = principal.name.as_str().into();
            claims["scp"] = "user_impersonation".into();
            claims["idtyp"] = "user".into();
        }
        None => claims["idtyp"] = "app".into(),
    }
    if principal.kind == Kind::ManagedIdentity {
        claims["xms_mirid"] = format!("/managedIdentities/{}", principal.name).into();
    }
    cloud.keys.sign(&claims)
}

fn base(cloud: &Cloud, principal: &Principal, client: &str, life: u64) -> io::Result<Value> {
    let now = Instant::now().seconds();
    let tenant = cloud.state.read(|document| document.tenant.clone());
    Ok(json!({
        "iss": issuer(cloud), "iat": now, "nbf": now, "exp": now.saturating_add(life),
        "appid": client, "appidacr": "1", "idp": issuer(cloud), "oid": principal.object_id, "sub": principal.object_id,
        "tid": tenant, "uti": random::hex::<11>()?, "ver": "1.0",
    }))
}

/// A token that gets others.
pub(super) fn refresh(cloud: &Cloud, principal: &Principal, client: &str) -> io::Result<String> {
    let mut claims = base(cloud, principal, client, REFRESH_LIFE)?;
    claims["aud"] = REFRESH.into();
    cloud.keys.sign(&claims)
}

/// Who a user is, for the application that asked (OpenID Connect).
pub(super) fn id(cloud: &Cloud, principal: &Principal, client: &str) -> io::Result<String> {
    let mut claims = base(cloud, principal, client, LIFE)?;
    let tenant = claims["tid"].as_str().unwrap_or_default();
    claims["iss"] = format!("{}/{tenant}/v2.0", cloud.authority()).into();
    claims["aud"] = client.into();
    claims["ver"] = "2.0".into();
    claims["name"] = principal.name.as_str().into();
    claims["preferred_username"] = principal.signature().into();
    cloud.keys.sign(&claims)
}

/// The principal and the application of a refresh token.
pub(crate) fn of_refresh(cloud: &Cloud, token: &str) -> Option<(Principal, String)> {
    let claims = cloud.verify(token).filter(|claims| ours(cloud, claims) && audience(claims) == REFRESH)?;
    let client = claims.get("appid")?.as_str()?.into();
    let principal = cloud.state.read(|document| document.directory.principal(claims.get("oid")?.as_str()?).cloned())?;
    Some((principal, client))
}

fn ours(cloud: &Cloud, claims: &Value) -> bool {
    claims.get("iss").and_then(Value::as_str) == Some(issuer(cloud).as_str())
}

fn audience(claims: &Value) -> &str {
    claims.get("aud").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/')
}

/// Whether ARM takes a token with these claims.
pub(crate) fn for_arm(cloud: &Cloud, claims: &Value) -> bool {
    ours(cloud, claims) && of_arm(cloud, claims)
}

/// Whether a token is for ARM rather than for registries.
pub(crate) fn of_arm(cloud: &Cloud, claims: &Value) -> bool {
    ARM.contains(&audience(claims)) || audience(claims) == cloud.arm()
}

/// Whether registries take a token with these claims, unless they refuse ARM's.
pub(crate) fn for_acr(cloud: &Cloud, claims: &Value) -> bool {
    ours(cloud, claims) && (audience(claims) == ACR || of_arm(cloud, claims))
}

/// The object id of a token that registries take.
pub(crate) fn object_for_acr(cloud: &Cloud, token: &str) -> Option<String> {
    let claims = cloud.verify(token).filter(|claims| for_acr(cloud, claims))?;
    claims.get("oid")?.as_str().map(String::from)
}

/// Whether Graph takes a token with these claims.
pub(super) fn for_graph(cloud: &Cloud, claims: &Value) -> bool {
    ours(cloud, claims) && (audience(claims) == GRAPH || audience(claims) == cloud.authority())
}
