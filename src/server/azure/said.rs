//! Azure's records as the portal's page gets them.

use crate::azure::arm::{registries::Registry, replications::Replication, usages::Usage};
use alloc::{string::String, vec::Vec};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970: when it was read.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn settings(registry: &Registry) -> Value {
    json!({
        "readAt": now(),
        "name": registry.name,
        "location": registry.location,
        "sku": registry.sku.as_str(),
        "loginServer": registry.login_server,
        "provisioningState": registry.provisioning_state,
        "creationDate": registry.creation_date,
        "adminUserEnabled": registry.admin_user_enabled,
        "anonymousPullEnabled": registry.anonymous_pull_enabled,
        "dataEndpointEnabled": registry.data_endpoint_enabled,
        "publicNetworkAccess": registry.public_network_access,
    })
}

pub(super) fn usages(usages: &[Usage]) -> Value {
    let usage = |usage: &Usage| {
        let mut value = json!({ "name": usage.name, "current": usage.current, "unit": usage.unit });
        if let Some(limit) = usage.limit {
            value["limit"] = limit.into();
        }
        value
    };
    json!({ "readAt": now(), "usages": usages.iter().map(usage).collect::<Vec<_>>() })
}

/// `endpoint` of each, where one is known.
pub(super) fn replications(
    list: &[Replication],
    home: Option<&str>,
    endpoint: impl Fn(&Replication) -> Option<String>,
) -> Value {
    let replication = |replication: &Replication| {
        let mut value = json!({
            "name": replication.name,
            "location": replication.location,
            "home": home.is_some_and(|home| same_region(home, &replication.location)),
            "provisioningState": replication.provisioning_state,
            "regionEndpointEnabled": replication.region_endpoint_enabled,
        });
        let more = [
            ("displayStatus", replication.display_status.clone()),
            ("message", replication.message.clone()),
            ("timestamp", replication.timestamp.clone()),
            ("endpoint", endpoint(replication)),
        ];
        for (key, text) in more.into_iter().filter_map(|(key, text)| Some((key, text?))) {
            value[key] = text.into();
        }
        value
    };
    json!({ "readAt": now(), "replications": list.iter().map(replication).collect::<Vec<_>>() })
}

/// `East US` and `eastus` are one.
fn same_region(a: &str, b: &str) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect::<String>();
    plain(a) == plain(b)
}
