//! A registry as ARM shows it.

use super::super::{operations, values::status};
use crate::emulator::state::{Document, Policies, Registry};
use alloc::{format, vec::Vec};
use serde_json::{Value, json};

pub(crate) fn shown(document: &Document, registry: &Registry) -> Value {
    let mut value = json!({
        "id": document.registry_id(registry), "name": registry.name,
        "type": "Microsoft.ContainerRegistry/registries", "location": registry.location, "tags": registry.tags,
        "sku": { "name": registry.sku.name(), "tier": registry.sku.name() },
        "systemData": registry.system.shown(), "properties": properties(registry),
    });
    if let Some(identity) = &registry.identity {
        value["identity"] = identity.clone();
    }
    value
}

fn properties(registry: &Registry) -> Value {
    let capital = |flag: bool| if flag { "Enabled" } else { "Disabled" };
    let hosts: Vec<&str> = registry.regions.iter().map(|region| region.data_address.as_str()).collect();
    let mut value = json!({
        "loginServer": registry.login_server,
        "creationDate": registry.system.created.rfc3339(),
        "provisioningState": operations::provisioning(registry.ready),
        "adminUserEnabled": registry.admin,
        "anonymousPullEnabled": registry.anonymous_pull,
        "dataEndpointEnabled": registry.data_endpoint,
        "dataEndpointHostNames": if registry.data_endpoint { hosts } else { Vec::new() },
        "encryption": { "status": "disabled" },
        "networkRuleBypassOptions": registry.bypass,
        "networkRuleBypassAllowedForTasks": false,
        "policies": policies(&registry.policies),
        "privateEndpointConnections": [],
        "publicNetworkAccess": capital(registry.public_network),
        "roleAssignmentMode": if registry.abac { "AbacRepositoryPermissions" } else { "LegacyRegistryPermissions" },
        "zoneRedundancy": registry.zones,
    });
    // Recorded on Premium only.
    if registry.sku.premium() {
        let open = || json!({ "defaultAction": "Allow", "ipRules": [] });
        value["networkRuleSet"] = registry.network.clone().unwrap_or_else(open);
    }
    value
}

fn policies(policies: &Policies) -> Value {
    let (retained, days, since) = policies.retention;
    json!({
        "quarantinePolicy": { "status": status(policies.quarantine) },
        "trustPolicy": { "type": "Notary", "status": status(policies.trust) },
        "retentionPolicy": { "days": days, "lastUpdatedTime": format!("{}+00:00", since.rfc3339().trim_end_matches('Z')), "status": status(retained) },
        "exportPolicy": { "status": status(policies.export) },
        "azureADAuthenticationAsArmPolicy": { "status": status(policies.arm_tokens) },
        "softDeletePolicy": { "retentionDays": 7, "lastUpdatedTime": format!("{}+00:00", since.rfc3339().trim_end_matches('Z')), "status": "disabled" },
    })
}
