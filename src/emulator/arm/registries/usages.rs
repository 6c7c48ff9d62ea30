//! What of a tier's limits is used.

use super::super::{Answer, Call, Cloud, Refusal};
use alloc::vec::Vec;
use serde_json::{Value, json};

pub(super) fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let registry = cloud.state.read(|document| call.registry(document).cloned())?;
    let size = cloud.content()?.size(&registry.name);
    let count = |name: &str, limit: Value, value: usize| json!({ "name": name, "limit": limit, "currentValue": value, "unit": "Count" });
    let mut usages = Vec::from([
        json!({ "name": "Size", "limit": registry.sku.storage(), "currentValue": size, "unit": "Bytes" }),
        count("Webhooks", registry.sku.webhooks().into(), 0),
    ]);
    if registry.sku.premium() {
        let rules = registry.network.as_ref().and_then(|rules| rules.get("ipRules")?.as_array().map(Vec::len));
        usages.extend([
            count("Geo-replications", (-1).into(), registry.regions.len().saturating_sub(1)),
            count("IPRules", 100.into(), rules.unwrap_or_default()),
            count("VNetRules", 100.into(), 0),
            count("PrivateEndpointConnections", 200.into(), 0),
        ]);
    }
    let tokens = Value::from(registry.sku.tokens());
    usages.extend([
        count("ScopeMaps", tokens.clone(), registry.scope_maps.len()),
        count("Tokens", tokens, registry.tokens.len()),
    ]);
    Ok(Answer::ok(json!({ "value": usages })))
}
