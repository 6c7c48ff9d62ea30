//! What of a registry can be set, when it is made and later.

use super::{
    super::{
        Answer, Call, Cloud, Refusal,
        values::{flag, tags, text},
    },
    shown,
};
use crate::emulator::{
    clock::Instant,
    state::{Policies, Registry, Sku},
};
use alloc::{format, string::ToString as _};
use serde_json::Value;

pub(super) fn patch(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let registry = call.registry_mut(document)?;
        apply(registry, &call.body)?;
        registry.system.touch(&call.identity.signature, call.identity.kind);
        Ok(Answer::ok(shown(document, call.registry(document)?)))
    })
}

/// Sets what the body has, and leaves the rest.
pub(super) fn apply(registry: &mut Registry, body: &Value) -> Result<(), Refusal> {
    if let Some(tags) = tags(body)? {
        registry.tags = tags;
    }
    if let Some(identity) = body.get("identity").filter(|identity| !identity.is_null()) {
        registry.identity = Some(identity.clone());
    }
    if let Some(name) = text(body, "/sku/name") {
        registry.sku = tier(registry, name)?;
    }
    if let Some(properties) = body.get("properties") {
        set(registry, properties);
        policies(&mut registry.policies, properties);
    }
    check(registry)
}

fn set(registry: &mut Registry, properties: &Value) {
    let set = |target: &mut bool, name: &str, word: &str| *target = flag(properties, name, word).unwrap_or(*target);
    set(&mut registry.admin, "/adminUserEnabled", "true");
    set(&mut registry.anonymous_pull, "/anonymousPullEnabled", "true");
    set(&mut registry.data_endpoint, "/dataEndpointEnabled", "true");
    set(&mut registry.public_network, "/publicNetworkAccess", "Enabled");
    set(&mut registry.abac, "/roleAssignmentMode", "AbacRepositoryPermissions");
    if let Some(rules) = properties.get("networkRuleSet").filter(|rules| rules.is_object()) {
        registry.network = Some(rules.clone());
    }
    if let Some(bypass) = text(properties, "/networkRuleBypassOptions") {
        registry.bypass = bypass.to_string();
    }
    if let Some(zones) = text(properties, "/zoneRedundancy") {
        registry.zones = zones.to_string();
    }
}

fn policies(policies: &mut Policies, properties: &Value) {
    let set = |target: &mut bool, name: &str| {
        *target = flag(properties, &format!("/policies/{name}/status"), "enabled").unwrap_or(*target);
    };
    set(&mut policies.quarantine, "quarantinePolicy");
    set(&mut policies.trust, "trustPolicy");
    set(&mut policies.export, "exportPolicy");
    set(&mut policies.arm_tokens, "azureADAuthenticationAsArmPolicy");
    let before = policies.retention;
    set(&mut policies.retention.0, "retentionPolicy");
    let days = properties.pointer("/policies/retentionPolicy/days").and_then(Value::as_u64);
    policies.retention.1 = days.and_then(|days| u32::try_from(days).ok()).unwrap_or(policies.retention.1);
    if policies.retention != before {
        policies.retention.2 = Instant::now();
    }
}

/// The tier of that name, if the registry fits into it.
fn tier(registry: &Registry, name: &str) -> Result<Sku, Refusal> {
    let bad = || Refusal::bad("InvalidSku", format!("The SKU '{name}' is not one of Basic, Standard, Premium."));
    let sku = Sku::parse(name).ok_or_else(bad)?;
    if !sku.premium() && registry.replicated() {
        let message = format!(
            "The registry {} has replications and cannot be changed to {}. Delete its replications first.",
            registry.name,
            sku.name()
        );
        return Err(Refusal::bad("SkuDowngradeNotAllowed", message));
    }
    Ok(sku)
}

/// What a tier does not offer.
fn check(registry: &Registry) -> Result<(), Refusal> {
    let refuse = |what: &str| {
        let message =
            format!("{what} is not supported by the SKU {} of registry {}.", registry.sku.name(), registry.name);
        Err(Refusal::bad("SkuNotSupported", message))
    };
    let premium = registry.sku.premium();
    if registry.anonymous_pull && !registry.sku.anonymous_pull() {
        return refuse("Anonymous pull");
    }
    if !premium && registry.data_endpoint {
        return refuse("A dedicated data endpoint");
    }
    if !premium
        && registry.network.as_ref().is_some_and(|rules| rules.get("defaultAction").is_some_and(|v| v == "Deny"))
    {
        return refuse("A network rule");
    }
    if !premium && !registry.public_network {
        return refuse("Disabling public network access");
    }
    if !premium && registry.policies.retention.0 {
        return refuse("The retention policy");
    }
    Ok(())
}
