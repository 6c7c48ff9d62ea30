//! Container groups.

use super::{Answer, Call, Cloud, Refusal, Route};
use crate::emulator::{cloud::Later, containers::Place, state::Document};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString as _},
    sync::Arc,
};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

/// Where container groups are.
macro_rules! at {
    ($rest:literal) => {
        concat!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerInstance/containerGroups",
            $rest
        )
    };
}

pub(super) const ROUTES: &[Route] = &[
    Route::now(
        Method::GET,
        "/subscriptions/{subscription}/providers/Microsoft.ContainerInstance/containerGroups",
        "Microsoft.ContainerInstance/containerGroups/read",
        |cloud, _| Ok(Answer::ok(cloud.workshop()?.containers.list(None))),
    ),
    Route::now(Method::GET, at!(""), "Microsoft.ContainerInstance/containerGroups/read", list),
    Route::later(Method::PUT, at!("/{name}"), "Microsoft.ContainerInstance/containerGroups/write", put),
    Route::now(Method::GET, at!("/{name}"), "Microsoft.ContainerInstance/containerGroups/read", show),
    Route::now(Method::DELETE, at!("/{name}"), "Microsoft.ContainerInstance/containerGroups/delete", delete),
    Route::later(
        Method::POST,
        at!("/{name}/start"),
        "Microsoft.ContainerInstance/containerGroups/start/action",
        |cloud, call| act(cloud, call, |cloud, place| Ok(cloud.workshop()?.containers.start(place)?)),
    ),
    Route::later(
        Method::POST,
        at!("/{name}/stop"),
        "Microsoft.ContainerInstance/containerGroups/stop/action",
        |cloud, call| act(cloud, call, |cloud, place| Ok(cloud.workshop()?.containers.stop(place)?)),
    ),
    Route::later(
        Method::POST,
        at!("/{name}/restart"),
        "Microsoft.ContainerInstance/containerGroups/restart/action",
        |cloud, call| act(cloud, call, |cloud, place| Ok(cloud.workshop()?.containers.restart(place)?)),
    ),
    Route::now(
        Method::GET,
        at!("/{name}/containers/{container}/logs"),
        "Microsoft.ContainerInstance/containerGroups/containers/logs/read",
        logs,
    ),
    Route::now(
        Method::GET,
        "/subscriptions/{subscription}/providers/Microsoft.ContainerInstance/locations/{location}/operations/{operation}",
        "",
        status,
    ),
];

/// The place that the path names, whose resource group must be there.
fn on<T>(cloud: &Cloud, call: &Call, act: impl FnOnce(&Place<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
    let (group, parent) = cloud.state.read(|document| {
        let group = call.group(document)?.name.clone();
        let parent = document.group_id(&group);
        Ok::<_, Refusal>((group, parent))
    })?;
    act(&Place { parent: &parent, resource_group: &group, name: call.name("name") })
}

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    on(cloud, call, |place| Ok(Answer::ok(cloud.workshop()?.containers.list(Some(place.resource_group)))))
}

/// Pulling may read from disk, and tasks are begun.
fn put(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let answer = tokio::task::spawn_blocking(move || {
            on(&cloud, &call, |place| {
                let (new, shown) = cloud.workshop()?.containers.put(place, &call.body)?;
                let location = shown.get("location").and_then(|location| location.as_str()).unwrap_or_default();
                let place = operation(&cloud, place, location, call.version());
                Ok(Answer::new(if new { 201 } else { 200 }, shown).header("azure-asyncoperation", place))
            })
        });
        answer.await.map_err(|_| Refusal::new(500, "InternalServerError", "The container group could not be made."))?
    })
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    on(cloud, call, |place| Ok(Answer::ok(cloud.workshop()?.containers.get(place)?)))
}

fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let gone = on(cloud, call, |place| Ok(cloud.workshop()?.containers.delete(place)?))?;
    Ok(gone.map_or_else(|| Answer::empty(204), Answer::ok))
}

/// What changes a group and says nothing.
fn act(
    cloud: Arc<Cloud>,
    call: Call,
    act: fn(&Cloud, &Place<'_>) -> Result<(), Refusal>,
) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        on(&cloud, &call, |place| act(&cloud, place))?;
        Ok(Answer::empty(204))
    })
}

fn logs(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let tail = call.query.get("tail").and_then(|tail| tail.parse().ok());
    let times = call.query.get("timestamps").is_some_and(|times| times.eq_ignore_ascii_case("true"));
    on(cloud, call, |place| {
        Ok(Answer::ok(cloud.workshop()?.containers.logs(place, call.name("container"), tail, times)?))
    })
}

/// Where to ask how the making of a group goes. The name says which group, so that there is nothing to keep.
fn operation(cloud: &Cloud, place: &Place<'_>, location: &str, version: &str) -> String {
    let subscription = cloud.state.read(Document::subscription_id);
    let name = URL_SAFE_NO_PAD.encode(format!("{}/{}", place.resource_group, place.name));
    format!(
        "{}{subscription}/providers/Microsoft.ContainerInstance/locations/{location}/operations/{name}?api-version={version}",
        cloud.arm()
    )
}

fn status(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("operation");
    let place = crate::base64::decode(name, crate::base64::URL_SAFE).and_then(|place| String::from_utf8(place).ok());
    let place = place.as_deref().and_then(|place| place.split_once('/'));
    let (resource_group, group) =
        place.ok_or_else(|| Refusal::new(404, "OperationNotFound", format!("There is no operation '{name}'.")))?;
    let place = Place { parent: "", resource_group, name: group };
    let state = cloud.workshop()?.containers.provisioning(&place).unwrap_or("Failed");
    let state = if matches!(state, "Pending" | "Creating") { "InProgress" } else { state };
    Ok(Answer::ok(json!({ "id": call.path, "name": name.to_string(), "status": state })))
}
