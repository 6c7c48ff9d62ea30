//! Quick builds and their runs.

use super::{Answer, Call, Cloud, Refusal, Route, registries::at};
use crate::emulator::{builds::Target, cloud::Later, refused::Refused};
use alloc::{boxed::Box, string::String, sync::Arc};
use axum::http::Method;
use serde_json::Value;

pub(super) const ROUTES: &[Route] = &[
    Route::now(
        Method::POST,
        at!("/listBuildSourceUploadUrl"),
        "Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action",
        |cloud, call| on(cloud, call, |builds, registry| builds.upload_url(registry)),
    ),
    Route::later(
        Method::POST,
        at!("/scheduleRun"),
        "Microsoft.ContainerRegistry/registries/scheduleRun/action",
        schedule,
    ),
    Route::now(Method::GET, at!("/runs"), "Microsoft.ContainerRegistry/registries/runs/read", list),
    Route::now(Method::GET, at!("/runs/{run}"), "Microsoft.ContainerRegistry/registries/runs/read", |cloud, call| {
        on(cloud, call, |builds, registry| builds.get(registry, call.name("run")))
    }),
    Route::now(
        Method::PATCH,
        at!("/runs/{run}"),
        "Microsoft.ContainerRegistry/registries/runs/write",
        |cloud, call| on(cloud, call, |builds, registry| builds.update(registry, call.name("run"), &call.body)),
    ),
    Route::now(
        Method::POST,
        at!("/runs/{run}/cancel"),
        "Microsoft.ContainerRegistry/registries/runs/cancel/action",
        cancel,
    ),
    Route::now(
        Method::POST,
        at!("/runs/{run}/listLogSasUrl"),
        "Microsoft.ContainerRegistry/registries/runs/listLogSasUrl/action",
        |cloud, call| on(cloud, call, |builds, registry| builds.log_link(registry, call.name("run"))),
    ),
];

type Builds = Arc<crate::emulator::builds::Builds>;

/// Answers by what the builds say of the registry that the path names.
fn on(
    cloud: &Cloud,
    call: &Call,
    act: impl FnOnce(&Builds, &Target<'_>) -> Result<Value, Refused>,
) -> Result<Answer, Refusal> {
    let (name, login_server, id) = cloud.state.read(|document| {
        let registry = call.registry(document)?;
        Ok::<_, Refusal>((registry.name.clone(), registry.login_server.clone(), document.registry_id(registry)))
    })?;
    let registry = Target { name: &name, login_server: &login_server, id: &id };
    Ok(Answer::ok(act(&cloud.workshop()?.builds, &registry)?))
}

fn schedule(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move { on(&cloud, &call, |builds, registry| builds.schedule(registry, &call.body)) })
}

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let top = call.query.get("$top").map(str::parse).transpose();
    let top = top.map_err(|_| Refusal::bad("InvalidTop", String::from("$top is no number.")))?;
    on(cloud, call, |builds, registry| builds.list(registry, call.query.get("$filter"), top))
}

fn cancel(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    on(cloud, call, |builds, registry| builds.cancel(registry, call.name("run")).map(|()| Value::Null))?;
    Ok(Answer::empty(200))
}
