//! The tenant, its subscription, and where resources can be.

use super::{Answer, Call, Cloud, Refusal, Route, locations::LOCATIONS};
use crate::emulator::state::Document;
use alloc::{format, vec::Vec};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, "/tenants", "", tenants),
    Route::now(Method::GET, "/subscriptions", "", list),
    Route::now(Method::GET, "/subscriptions/{subscription}", "", show),
    Route::now(Method::GET, "/subscriptions/{subscription}/locations", "", locations),
];

fn tenants(cloud: &Cloud, _: &Call) -> Result<Answer, Refusal> {
    let tenant = cloud.state.read(|document| document.tenant.clone());
    Ok(Answer::list(Vec::from([json!({
        "id": format!("/tenants/{tenant}"), "tenantId": tenant, "tenantCategory": "Home",
        "displayName": "portolan emulator", "defaultDomain": "emulator.localhost", "domains": ["emulator.localhost"],
        "countryCode": "ZZ", "tenantType": "AAD",
    })])))
}

/// Shown to whoever has a role in it.
fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::list(cloud.state.read(|document| {
        let seen = document.sees(&call.identity.object_id, &document.subscription_id());
        seen.then(|| shown(document)).into_iter().collect()
    })))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| {
        let id = document.subscription_id();
        if document.sees(&call.identity.object_id, &id) {
            return Ok(Answer::ok(shown(document)));
        }
        Err(Refusal::forbidden(&call.identity, "Microsoft.Resources/subscriptions/read", &id))
    })
}

fn shown(document: &Document) -> Value {
    let subscription = &document.subscription;
    json!({
        "id": document.subscription_id(), "subscriptionId": subscription.id, "tenantId": document.tenant,
        "displayName": subscription.name, "state": "Enabled", "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01", "quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off",
        },
        "managedByTenants": [],
    })
}

fn locations(cloud: &Cloud, _: &Call) -> Result<Answer, Refusal> {
    let subscription = cloud.state.read(Document::subscription_id);
    let location = |(name, display): (&str, &str)| {
        json!({
            "id": format!("{subscription}/locations/{name}"), "name": name, "type": "Region", "displayName": display,
            "regionalDisplayName": display,
            "metadata": { "regionType": "Physical", "regionCategory": "Recommended", "geographyGroup": "Emulated" },
        })
    };
    Ok(Answer::list(LOCATIONS.into_iter().map(location).collect()))
}
