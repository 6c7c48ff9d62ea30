//! `importImage`: an image of another registry, copied without a client in between.

use super::{Answer, Call, Cloud, Refusal, Route, registries::at};
use crate::emulator::{
    cloud::Later,
    containers::Door as _,
    imports::{Job, Request, Source},
    refused::Refused,
};
use alloc::{boxed::Box, format, string::String, sync::Arc};
use axum::http::Method;

pub(super) const ROUTES: &[Route] = &[
    Route::later(Method::POST, at!("/importImage"), "Microsoft.ContainerRegistry/registries/importImage/action", begin),
    Route::now(
        Method::GET,
        at!("/operationResults/{operation}"),
        "Microsoft.ContainerRegistry/registries/operationStatuses/read",
        result,
    ),
];

/// Whoever begins it must also be able to read the source.
fn begin(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let request = Request::read(&call.body)?;
        let image = request.image()?;
        let job = Job {
            from: source(&cloud, &call, &request.source, image.0.as_str())?,
            to: cloud.state.read(|document| call.registry(document).map(|registry| registry.name.clone()))?,
            image,
            targets: request.targets()?,
            force: request.force(),
        };
        let imports = Arc::clone(&cloud.workshop()?.imports);
        let begun = tokio::task::spawn_blocking(move || imports.begin(job)).await;
        let broken = |_| Refusal::new(500, "InternalServerError", "The import could not be begun.");
        let id = begun.map_err(broken)??;
        let place = format!("{}{}/operationResults/registries-{id}", cloud.arm(), registry_path(&call));
        Ok(under_way(&place, &call))
    })
}

fn registry_path(call: &Call) -> &str {
    call.path.rsplit_once('/').map_or("", |(path, _)| path)
}

fn under_way(place: &str, call: &Call) -> Answer {
    let place = format!("{place}?api-version={}", call.version());
    Answer::empty(202).header("location", place).header("retry-after", "1")
}

/// 202 until it has ended; then 200, or why it failed.
fn result(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let registry = cloud.state.read(|document| call.registry(document).map(|registry| registry.name.clone()))?;
    let id = call.name("operation").trim_start_matches("registries-");
    let known = cloud.workshop()?.imports.outcome(&registry, id);
    let unknown = || Refusal::new(404, "ResourceNotFound", "There is no such operation.");
    match known.ok_or_else(unknown)? {
        None => Ok(under_way(&format!("{}{}", cloud.arm(), call.path), call)),
        Some(outcome) => Ok(outcome.map(|()| Answer::empty(200))?),
    }
}

/// The registry of the source, if the caller may pull from it.
fn source(cloud: &Cloud, call: &Call, source: &Source, repository: &str) -> Result<String, Refusal> {
    let (registry, may) = match (&source.resource_id, &source.registry_uri) {
        (Some(id), _) => {
            let registry = cloud.state.read(|document| {
                let mut registries = document.registries.iter();
                registries.find(|own| document.registry_id(own).eq_ignore_ascii_case(id)).map(|own| own.name.clone())
            });
            let registry = registry.ok_or_else(|| no_registry(id))?;
            let may = cloud.may_pull_as(&registry, &call.identity.object_id, repository);
            (registry, may)
        }
        (None, Some(host)) => {
            let host = host.trim_start_matches("https://").trim_end_matches('/');
            let registry = cloud.workshop()?.imports.registry_at(host).ok_or_else(|| elsewhere(host))?;
            let may = with_credentials(cloud, source, &registry, repository);
            (registry, may)
        }
        (None, None) => return Err(Refused::bad("InvalidRequestContent", "The source names no registry.").into()),
    };
    if !may {
        return Err(not_allowed(&registry, repository));
    }
    let exports = |document: &crate::emulator::state::Document| {
        document.registry(&registry).is_some_and(|registry| registry.policies.export)
    };
    if cloud.state.read(exports) { Ok(registry) } else { Err(no_export(&registry)) }
}

/// With a user name and a password, with a token, or as anybody.
fn with_credentials(cloud: &Cloud, source: &Source, registry: &str, repository: &str) -> bool {
    let Some(given) = &source.credentials else { return cloud.may_pull(registry, None, repository) };
    match given.username.as_deref().filter(|user| !user.is_empty()) {
        Some(user) => cloud.may_pull(registry, Some((user, &given.password)), repository),
        None => cloud.may_pull_by_token(registry, &given.password, repository),
    }
}

fn no_registry(id: &str) -> Refusal {
    let id = crate::text::shown(id, 300);
    Refusal::new(404, "ResourceNotFound", format!("The source registry '{id}' was not found."))
}

fn elsewhere(host: &str) -> Refusal {
    let message = format!(
        "This emulator imports from its own registries only and does not contact '{}'.",
        crate::text::shown(host, 200)
    );
    Refusal::bad("SourceRegistryNotReachable", message)
}

fn not_allowed(registry: &str, repository: &str) -> Refusal {
    let message = format!(
        "The client has permission to perform action 'Microsoft.ContainerRegistry/registries/importImage/action', but none to \
         pull '{repository}' from the source registry '{registry}'."
    );
    Refusal::new(403, "LinkedAuthorizationFailed", message)
}

fn no_export(registry: &str) -> Refusal {
    Refusal::new(403, "ExportPolicyDisabled", format!("The registry '{registry}' exports nothing."))
}
