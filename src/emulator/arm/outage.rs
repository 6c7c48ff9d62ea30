//! A registry is managed from its home region: while that is down, its content is served elsewhere, and nothing of it can be
//! changed or built.

use super::{Call, Cloud, Refusal, Route, locations, values::text};
use crate::emulator::{options::RegionName, state::Document};
use alloc::{format, vec::Vec};
use axum::http::Method;

/// When to ask again, in seconds. Nobody knows; it tells clients that nothing was done.
const AGAIN: u64 = 5;

/// `POST`s that only read.
const READS: [&str; 2] = [
    "Microsoft.ContainerRegistry/registries/listCredentials/action",
    "Microsoft.ContainerRegistry/registries/runs/listLogSasUrl/action",
];

/// Refuses what needs a home region that is down.
pub(super) fn check(cloud: &Cloud, call: &Call, route: &Route) -> Result<(), Refusal> {
    if matches!(route.method, Method::GET | Method::HEAD) || READS.contains(&route.action) {
        return Ok(());
    }
    let homes = cloud.state.read(|document| homes(document, call, route));
    let content = cloud.content()?;
    match homes.iter().find(|region| content.is_down(region)) {
        Some(region) => Err(unavailable(region)),
        None => Ok(()),
    }
}

/// The home regions of the registries that a call changes, makes, or takes away with their group.
fn homes(document: &Document, call: &Call, route: &Route) -> Vec<RegionName> {
    let Ok(group) = call.group(document) else { return Vec::new() };
    if call.maybe("registry").is_some() {
        let made = |_| locations::known(text(&call.body, "/location").unwrap_or(&group.location));
        let there = call.registry(document).map(|registry| registry.location.clone());
        let makes = route.action == "Microsoft.ContainerRegistry/registries/write";
        return if makes { there.or_else(made) } else { there }.into_iter().collect();
    }
    let all = route.action == "Microsoft.Resources/subscriptions/resourceGroups/delete";
    let inside = document.registries.iter().filter(|own| all && own.group.eq_ignore_ascii_case(&group.name));
    inside.map(|registry| registry.location.clone()).collect()
}

fn unavailable(region: &str) -> Refusal {
    let message = format!(
        "The service is unavailable: the home region '{region}' of the registry cannot be reached. Please try again later."
    );
    Refusal::new(503, "ServiceUnavailable", message).after(AGAIN)
}
