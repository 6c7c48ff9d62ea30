//! The stand-in for `management.azure.com`.
//!
//! A file for each kind of resource has a table of [`Route`]s: method, path, the action that RBAC asks for, and the
//! function that answers. A new endpoint is a line there; a new kind of resource is a file, named in [`TABLES`].

mod answer;
mod call;
mod container_groups;
mod groups;
mod imports;
pub(crate) mod locations;
mod operations;
mod outage;
mod providers;
mod refusal;
mod registries;
mod replications;
mod resources;
mod role_assignments;
mod role_definitions;
mod route;
mod runs;
mod scope_maps;
mod subscriptions;
mod tokens;
mod values;

pub(crate) use answer::Answer;
pub(crate) use call::Call;
pub(crate) use refusal::Refusal;
pub(crate) use route::{Handler, Route};

use super::cloud::{Cloud, Identity, Later};
use alloc::{format, sync::Arc};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, header, request::Parts},
    response::{IntoResponse as _, Response},
};

/// All that there is.
const TABLES: &[&[Route]] = &[
    subscriptions::ROUTES,
    providers::ROUTES,
    resources::ROUTES,
    groups::ROUTES,
    registries::ROUTES,
    replications::ROUTES,
    runs::ROUTES,
    imports::ROUTES,
    scope_maps::ROUTES,
    tokens::ROUTES,
    role_definitions::ROUTES,
    role_assignments::ROUTES,
    container_groups::ROUTES,
];

/// Largest body that is read.
const MAX_BODY: usize = 4 << 20;

/// The whole of it.
pub(crate) fn router(cloud: Arc<Cloud>) -> Router {
    Router::new().fallback(move |request: Request| {
        let cloud = Arc::clone(&cloud);
        async move { respond(cloud, request).await }
    })
}

async fn respond(cloud: Arc<Cloud>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.method == Method::HEAD;
    let mut response = match answer(cloud, parts, body).await {
        Ok(answer) => answer.into_response(),
        Err(refusal) => refusal.into_response(),
    };
    answer::adorn(response.headers_mut());
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn answer(cloud: Arc<Cloud>, parts: Parts, body: Body) -> Result<Answer, Refusal> {
    if let Some(answer) = providers::open(&cloud, &parts) {
        return Ok(answer);
    }
    let identity = authenticate(&cloud, &parts)?;
    let mut call = Call::new(parts, identity);
    if call.query.filled("api-version").is_none() {
        return Err(Refusal::bad(
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        ));
    }
    let route = route::find(TABLES, &mut call)?;
    authorize(&cloud, &call, route)?;
    call.read(body, MAX_BODY).await?;
    outage::check(&cloud, &call, route)?;
    match route.handler {
        Handler::Now(answer) => answer(&cloud, &call),
        Handler::Later(answer) => to_the_end(answer(cloud, call)).await,
    }
}

/// What was begun is done, whether the caller waits for it or hangs up.
async fn to_the_end(answer: Later<'static, Result<Answer, Refusal>>) -> Result<Answer, Refusal> {
    let broken = |_| Refusal::new(500, "InternalServerError", "The operation broke off.");
    tokio::spawn(answer).await.map_err(broken)?
}

fn authenticate(cloud: &Cloud, parts: &Parts) -> Result<Identity, Refusal> {
    let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        value.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let refused = |code: &str, message: &str| Refusal::unauthenticated(cloud, code, message);
    let Some((_, token)) = token else {
        return Err(refused(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing or is no bearer token.",
        ));
    };
    let claims = cloud.verify(token.trim());
    let claims =
        claims.ok_or_else(|| refused("InvalidAuthenticationToken", "The access token is invalid or has expired."))?;
    if !super::entra::for_arm(cloud, &claims) {
        let message = "The access token has been obtained for wrong audience or resource.";
        return Err(refused("InvalidAuthenticationTokenAudience", message));
    }
    let identity = cloud.state.read(|document| Identity::of_claims(document, &claims));
    identity.ok_or_else(|| refused("InvalidAuthenticationToken", "The access token's principal is no more."))
}

fn authorize(cloud: &Cloud, call: &Call, route: &Route) -> Result<(), Refusal> {
    cloud.state.read(|document| {
        if let Some(subscription) = call.maybe("subscription")
            && !subscription.eq_ignore_ascii_case(&document.subscription.id)
        {
            let message = format!("The subscription '{subscription}' could not be found.");
            return Err(Refusal::new(404, "SubscriptionNotFound", message));
        }
        let scope = call.scope();
        if route.action.is_empty() || document.allows(&call.identity.object_id, route.action, &scope) {
            return Ok(());
        }
        Err(Refusal::forbidden(&call.identity, route.action, &scope))
    })
}
