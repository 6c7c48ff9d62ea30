//! Registries.

mod change;
mod create;
mod credentials;
mod name;
mod shown;
mod usages;

pub(super) use shown::shown;

use super::{Answer, Call, Cloud, Refusal, Route, operations};
use crate::emulator::{cloud::Later, state::Registry};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use axum::http::Method;

/// Where a registry is.
macro_rules! at {
    ($rest:literal) => {
        concat!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{registry}",
            $rest
        )
    };
}
pub(super) use at;

pub(super) const ROUTES: &[Route] = &[
    Route::now(
        Method::POST,
        "/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/checkNameAvailability",
        "Microsoft.ContainerRegistry/checkNameAvailability/read",
        name::check,
    ),
    Route::now(Method::GET, "/subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/registries", "", list),
    Route::now(
        Method::GET,
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries",
        "",
        list_of_group,
    ),
    Route::later(Method::PUT, at!(""), "Microsoft.ContainerRegistry/registries/write", create::put),
    Route::now(Method::PATCH, at!(""), "Microsoft.ContainerRegistry/registries/write", change::patch),
    Route::now(Method::GET, at!(""), "Microsoft.ContainerRegistry/registries/read", show),
    Route::later(Method::DELETE, at!(""), "Microsoft.ContainerRegistry/registries/delete", delete),
    Route::now(
        Method::GET,
        at!("/operationStatuses/{operation}"),
        "Microsoft.ContainerRegistry/registries/operationStatuses/read",
        status,
    ),
    Route::now(Method::GET, at!("/listUsages"), "Microsoft.ContainerRegistry/registries/listUsages/read", usages::list),
    Route::now(
        Method::POST,
        at!("/listCredentials"),
        "Microsoft.ContainerRegistry/registries/listCredentials/action",
        credentials::list,
    ),
    Route::now(
        Method::POST,
        at!("/regenerateCredential"),
        "Microsoft.ContainerRegistry/registries/regenerateCredential/action",
        credentials::regenerate,
    ),
];

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    Ok(listed(cloud, call, |_| true))
}

fn list_of_group(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let group = cloud.state.read(|document| call.group(document).map(|group| group.name.clone()))?;
    Ok(listed(cloud, call, |registry| registry.group.eq_ignore_ascii_case(&group)))
}

/// Those that the caller may read.
fn listed(cloud: &Cloud, call: &Call, wanted: impl Fn(&Registry) -> bool) -> Answer {
    Answer::list(cloud.state.read(|document| {
        let read = "Microsoft.ContainerRegistry/registries/read";
        let seen = |r: &&Registry| document.allows(&call.identity.object_id, read, &document.registry_id(r));
        let registries = document.registries.iter().filter(|registry| wanted(registry)).filter(seen);
        registries.map(|registry| shown(document, registry)).collect::<Vec<_>>()
    }))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| Ok(Answer::ok(shown(document, call.registry(document)?))))
}

fn status(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let ready = cloud.state.read(|document| call.registry(document).ok().map(|registry| registry.ready));
    Ok(operations::status(ready))
}

/// With all that is below it. What is not there is no error.
fn delete(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let _turn = cloud.turn().await;
        let gone = cloud.state.change(|document| {
            call.group(document)?;
            let Ok(name) = call.registry(document).map(|registry| registry.name.clone()) else { return Ok(None) };
            document.remove_registry(&name);
            Ok::<_, Refusal>(Some(name))
        })?;
        let Some(name) = gone else { return Ok(Answer::empty(204)) };
        forget(&cloud, &name).await?;
        Ok(Answer::empty(200))
    })
}

/// Closes a registry that is in the document no more, and removes what is kept of it.
pub(super) async fn forget(cloud: &Cloud, registry: &str) -> Result<(), Refusal> {
    cloud.workshop()?.forget(registry)?;
    Ok(cloud.content()?.remove(registry, None).await?)
}
