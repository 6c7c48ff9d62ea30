//! Regions of a registry.

use super::{
    Answer, Call, Cloud, Refusal, Route, locations, operations,
    registries::at,
    values::{check_name, child_id, flag, tags, text},
};
use crate::emulator::{
    clock::Instant,
    cloud::{Kept, Later},
    state::{Document, Registry, Replication},
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString as _},
    sync::Arc,
};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, at!("/replications"), "Microsoft.ContainerRegistry/registries/replications/read", list),
    Route::later(
        Method::PUT,
        at!("/replications/{replication}"),
        "Microsoft.ContainerRegistry/registries/replications/write",
        put,
    ),
    Route::now(
        Method::PATCH,
        at!("/replications/{replication}"),
        "Microsoft.ContainerRegistry/registries/replications/write",
        patch,
    ),
    Route::now(
        Method::GET,
        at!("/replications/{replication}"),
        "Microsoft.ContainerRegistry/registries/replications/read",
        show,
    ),
    Route::later(
        Method::DELETE,
        at!("/replications/{replication}"),
        "Microsoft.ContainerRegistry/registries/replications/delete",
        delete,
    ),
    Route::now(
        Method::GET,
        at!("/replications/{replication}/operationStatuses/{operation}"),
        "Microsoft.ContainerRegistry/registries/replications/operationStatuses/read",
        status,
    ),
];

/// The home region is listed beside others only.
fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.settle();
    cloud.state.read(|document| {
        let registry = call.registry(document)?;
        let regions = registry.regions.iter().filter(|_| registry.replicated());
        Ok(Answer::list(regions.map(|region| shown(document, registry, region)).collect()))
    })
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.settle();
    cloud.state.read(|document| {
        let (registry, region) = named(document, call)?;
        Ok(Answer::ok(shown(document, registry, region)))
    })
}

fn status(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    Ok(operations::status(cloud.state.read(|document| named(document, call).ok().map(|(_, region)| region.ready))))
}

fn named<'a>(document: &'a Document, call: &Call) -> Result<(&'a Registry, &'a Replication), Refusal> {
    let registry = call.registry(document)?;
    let name = call.name("replication");
    let region = registry.region(name).filter(|_| registry.replicated());
    let kind = format!("registries/{}/replications", registry.name);
    region.map(|region| (registry, region)).ok_or_else(|| Refusal::no_resource(&kind, name, &registry.group))
}

fn put(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let _turn = cloud.turn().await;
        if cloud.state.read(|document| named(document, &call).is_ok()) {
            return patch(&cloud, &call);
        }
        let (registry, region) = cloud.state.read(|document| planned(document, &call))?;
        let (content, location) = (cloud.content()?, region.location.clone());
        // A kill may have left something of one that was here.
        content.remove(&registry, Some(&location)).await?;
        match bring_up(&cloud, &call, &registry, region).await {
            Ok(value) => Ok(operations::started(Answer::new(201, value), &cloud, &call, "replications")?),
            Err(refusal) => {
                // What stays of it goes when the next one here is made.
                let _ = content.remove(&registry, Some(&location)).await;
                Err(refusal)
            }
        }
    })
}

/// Brings its endpoints up, and then says that it is there.
async fn bring_up(cloud: &Cloud, call: &Call, registry: &str, mut region: Replication) -> Result<Value, Refusal> {
    let content = cloud.content()?;
    let kept = content.open_region(registry, &region.location, &Kept::default()).await?;
    content.route(registry, &region.location, region.routed);
    (region.address, region.data_address) = (kept.address, kept.data);
    cloud.state.change(|document| {
        call.registry_mut(document)?.regions.push(region);
        let (registry, region) = named(document, call)?;
        Ok(shown(document, registry, region))
    })
}

/// What is to be made, if it may be.
fn planned(document: &Document, call: &Call) -> Result<(String, Replication), Refusal> {
    let registry = call.registry(document)?;
    let name = call.name("replication");
    check_name(name, "replication")?;
    if !registry.sku.premium() {
        let message = format!(
            "The resource type 'replications' is not supported for the SKU {} of registry {}. Geo-replication needs Premium.",
            registry.sku.name(),
            registry.name
        );
        return Err(Refusal::bad("FeatureNotSupported", message));
    }
    let location = text(&call.body, "/location");
    let location = location.ok_or_else(|| Refusal::bad("LocationRequired", "The location property is required."))?;
    let location = locations::known(location)?;
    if registry.regions.iter().any(|region| region.location == location) {
        let message = format!("The registry {} is in '{location}' already.", registry.name);
        return Err(Refusal::new(409, "ReplicationLocationInUse", message));
    }
    let mut region = Replication::new(name, &location, Instant::now().after(operations::PAUSE));
    apply(&mut region, &call.body)?;
    Ok((registry.name.clone(), region))
}

fn apply(region: &mut Replication, body: &Value) -> Result<(), Refusal> {
    if let Some(tags) = tags(body)? {
        region.tags = tags;
    }
    if let Some(routed) = flag(body, "/properties/regionEndpointEnabled", "true") {
        region.routed = routed;
    }
    if let Some(zones) = text(body, "/properties/zoneRedundancy") {
        region.zones = zones.to_string();
    }
    Ok(())
}

fn patch(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = change(cloud, call)?;
    let (registry, region) = cloud
        .state
        .read(|document| named(document, call).map(|(registry, region)| (registry.name.clone(), region.clone())))?;
    cloud.content()?.route(&registry, &region.location, region.routed);
    Ok(answer)
}

fn change(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.change(|document| {
        let name = named(document, call)?.1.name.clone();
        let regions = &mut call.registry_mut(document)?.regions;
        let region = regions.iter_mut().find(|region| region.name == name);
        region.map_or(Ok(()), |region| apply(region, &call.body))?;
        let (registry, region) = named(document, call)?;
        Ok(Answer::ok(shown(document, registry, region)))
    })
}

/// The home region stays. What is not there is no error.
fn delete(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let _turn = cloud.turn().await;
        let gone = cloud.state.change(|document| {
            call.registry(document)?;
            let Ok((registry, region)) = named(document, &call) else { return Ok(None) };
            if registry.home() == Some(region) {
                let message =
                    format!("The replication in the registry's home region '{}' cannot be deleted.", region.location);
                return Err(Refusal::bad("HomeReplicationCannotBeDeleted", message));
            }
            let gone = (registry.name.clone(), region.location.clone());
            call.registry_mut(document)?.regions.retain(|region| region.location != gone.1);
            Ok(Some(gone))
        })?;
        let Some((registry, region)) = gone else { return Ok(Answer::empty(204)) };
        cloud.content()?.remove(&registry, Some(&region)).await?;
        Ok(Answer::empty(200))
    })
}

fn shown(document: &Document, registry: &Registry, region: &Replication) -> Value {
    let mut status = json!({ "timestamp": region.since.rfc3339() });
    // Recorded: nothing but the time while it is being made.
    if let Some(word) = &region.status {
        status["displayStatus"] = word.as_str().into();
    }
    json!({
        "id": child_id(document, registry, "replications", &region.name), "name": region.name,
        "type": "Microsoft.ContainerRegistry/registries/replications",
        "location": region.location, "tags": region.tags,
        "properties": {
            "provisioningState": operations::provisioning(region.ready), "status": status,
            "regionEndpointEnabled": region.routed, "zoneRedundancy": region.zones,
        },
    })
}
