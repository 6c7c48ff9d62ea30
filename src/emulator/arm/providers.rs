//! Resource providers, and what `az cloud register` reads before anybody has logged in.

use super::{Answer, Call, Cloud, Refusal, Route, locations::LOCATIONS};
use crate::emulator::{form::Fields, state::Document};
use alloc::{format, vec::Vec};
use axum::http::{Method, request::Parts};
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, "/subscriptions/{subscription}/providers", "", list),
    Route::now(Method::GET, "/subscriptions/{subscription}/providers/{namespace}", "", show),
    Route::now(
        Method::POST,
        "/subscriptions/{subscription}/providers/{namespace}/register",
        "Microsoft.Resources/subscriptions/providers/register/action",
        show,
    ),
];

const PROVIDERS: [(&str, &[&str]); 4] = [
    ("Microsoft.Authorization", &["roleAssignments", "roleDefinitions"]),
    ("Microsoft.ContainerInstance", &["containerGroups"]),
    (
        "Microsoft.ContainerRegistry",
        &["registries", "registries/replications", "registries/runs", "registries/scopeMaps", "registries/tokens"],
    ),
    ("Microsoft.Resources", &["resourceGroups", "subscriptions"]),
];

/// Versions of the API; others are taken as well.
const VERSIONS: [&str; 3] = ["2025-11-01", "2023-07-01", "2019-06-01-preview"];

/// Answers what needs no token.
pub(super) fn open(cloud: &Cloud, parts: &Parts) -> Option<Answer> {
    let endpoints = parts.uri.path().eq_ignore_ascii_case("/metadata/endpoints");
    (parts.method == Method::GET && endpoints).then(|| Answer::ok(metadata(cloud, parts.uri.query())))
}

/// Versions of 2019 to 2021 have a list of clouds; older and newer ones have this cloud.
fn metadata(cloud: &Cloud, query: Option<&str>) -> Value {
    let (arm, authority) = (cloud.arm(), cloud.authority());
    let tenant = cloud.state.read(|document| document.tenant.clone());
    let cloud = json!({
        "name": "PortolanEmulator",
        "portal": arm, "gallery": arm, "graph": authority, "graphAudience": authority,
        "microsoftGraphResourceId": format!("{authority}/"),
        "resourceManager": format!("{arm}/"),
        "authentication": {
            "loginEndpoint": authority, "tenant": tenant, "identityProvider": "AAD",
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
        },
        "media": "https://rest.media.azure.net", "batch": "https://batch.core.windows.net/",
        "activeDirectoryDataLake": "https://datalake.azure.net/", "sqlManagement": format!("{arm}/"),
        "vmImageAliasDoc": arm,
        "suffixes": {
            "acrLoginServer": "localhost", "storage": "localhost", "keyVaultDns": "vault.localhost",
            "sqlServerHostname": "database.localhost",
        },
    });
    let version = Fields::parse(query.unwrap_or_default());
    let listed = version.get("api-version").is_some_and(|version| ("2019".."2022").contains(&version));
    if listed { json!([cloud]) } else { cloud }
}

fn list(cloud: &Cloud, _: &Call) -> Result<Answer, Refusal> {
    let subscription = cloud.state.read(Document::subscription_id);
    Ok(Answer::list(PROVIDERS.iter().map(|(namespace, kinds)| shown(&subscription, namespace, kinds)).collect()))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("namespace");
    let known = PROVIDERS.iter().find(|(namespace, _)| namespace.eq_ignore_ascii_case(name));
    let (namespace, kinds) = known.ok_or_else(|| {
        Refusal::new(404, "InvalidResourceNamespace", format!("The resource namespace '{name}' is invalid."))
    })?;
    Ok(Answer::ok(shown(&cloud.state.read(Document::subscription_id), namespace, kinds)))
}

fn shown(subscription: &str, namespace: &str, kinds: &[&str]) -> Value {
    let locations: Vec<&str> = LOCATIONS.iter().map(|(_, display)| *display).collect();
    let kind = |kind: &&str| json!({ "resourceType": kind, "locations": locations, "apiVersions": VERSIONS });
    json!({
        "id": format!("{subscription}/providers/{namespace}"), "namespace": namespace,
        "registrationState": "Registered", "registrationPolicy": "RegistrationRequired",
        "resourceTypes": kinds.iter().map(kind).collect::<Vec<_>>(),
    })
}
