//! `PUT` of a registry.

use super::{
    super::{
        Answer, Call, Cloud, Refusal, locations, operations,
        values::{check_name, text},
    },
    change, forget, shown,
};
use crate::emulator::{
    clock::Instant,
    cloud::{Kept, Later},
    state::{Document, Registry, Sku, SystemData},
};
use alloc::{boxed::Box, format, sync::Arc};
use serde_json::Value;

pub(super) fn put(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let _turn = cloud.turn().await;
        let registry = match cloud.state.read(|document| planned(document, &call))? {
            Planned::New(registry) => registry,
            Planned::There => return change::patch(&cloud, &call),
        };
        open(&cloud, *registry, &call).await
    })
}

enum Planned {
    There,
    New(Box<Registry>),
}

/// What is to be made.
fn planned(document: &Document, call: &Call) -> Result<Planned, Refusal> {
    let name = call.name("registry");
    let group = call.group(document)?;
    if document.registry_in(&group.name, name).is_some() {
        return Ok(Planned::There);
    }
    check_name(name, "registry")?;
    if document.registry(name).is_some() {
        return Err(taken(name));
    }
    let location = locations::known(text(&call.body, "/location").unwrap_or(&group.location))?;
    let sku = text(&call.body, "/sku/name").and_then(Sku::parse);
    let sku = sku
        .ok_or_else(|| Refusal::bad("InvalidSku", "The property 'sku.name' is needed: Basic, Standard or Premium."))?;
    let system = SystemData::new(&call.identity.signature, call.identity.kind);
    let mut registry = Registry::new(name, &group.name, &location, sku, system)?;
    registry.ready = Instant::now().after(operations::PAUSE);
    change::apply(&mut registry, &call.body)?;
    Ok(Planned::New(Box::new(registry)))
}

fn taken(name: &str) -> Refusal {
    let message = format!("The registry DNS name {name} is already in use. Please choose another name.");
    Refusal::new(409, "AlreadyInUse", message)
}

/// Makes it from nothing, or leaves nothing.
async fn open(cloud: &Cloud, registry: Registry, call: &Call) -> Result<Answer, Refusal> {
    let name = registry.name.clone();
    // A kill may have left something of one that had this name.
    forget(cloud, &name).await?;
    match bring_up(cloud, registry, call).await {
        Ok(value) => Ok(operations::started(Answer::new(201, value), cloud, call, "registries")?),
        Err(refusal) => {
            // What stays of it goes when the next one of this name is made.
            let _ = forget(cloud, &name).await;
            Err(refusal)
        }
    }
}

/// Brings its endpoints up, and then says that it is there.
async fn bring_up(cloud: &Cloud, mut registry: Registry, call: &Call) -> Result<Value, Refusal> {
    let content = cloud.content()?;
    registry.login_server = content.open(&registry.name, "").await?;
    let kept = content.open_region(&registry.name, &registry.location, &Kept::default()).await?;
    if let Some(home) = registry.regions.first_mut() {
        (home.address, home.data_address) = (kept.address, kept.data);
    }
    cloud.state.change(|document| {
        document.registries.push(registry);
        Ok(shown(document, call.registry(document)?))
    })
}
