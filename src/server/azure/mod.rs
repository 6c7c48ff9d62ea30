//! A registry in Azure: what the management API says of it, and what each region's own endpoint answers. The browser talks to neither.
//!
//! | path below `/api/registries/{id}/azure/` | answer, JSON |
//! |---|---|
//! | `registry`, `usages`, `replications` | what Azure says |
//! | `regions/{region}` | whether the region's own endpoint answers |
//! | `regions/{region}/{name}/manifests/{reference}` | whether it serves that |
//! | `regions/{region}/{name}/tags/newest` | its newest tag |
//! | `acr/v1/{name}`, `.../_tags/{tag}`, `.../_manifests`, `.../_manifests/{digest}` | the registry's own document |
//!
//! A region is one that Azure lists or the configuration names; its address is made from the configuration, never taken from an answer.

mod config;
mod path;
mod said;
mod sounding;

pub(super) use config::Settings;
pub use config::{AzureConfig, CloudConfig, IdentityConfig};

use super::{
    refusal::{self, Refusal},
    relay::{self, Failure},
    upstream::Upstream,
};
use crate::{
    Endpoint, Error, Limits,
    azure::{
        ArmConfig,
        arm::replications::Replication,
        endpoints::{AcrHost, Role},
    },
    client::{
        Registry, ReqwestTransport,
        azure::{Arm, ArmRegistry},
    },
    http::Origin,
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
    vec::Vec,
};
use axum::{
    Json,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use core::time::Duration;
use path::{Probe, Question};
use serde_json::Value;
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};
use tokio::sync::OnceCell;

/// One attempt, and no long wait: the page asks again by itself.
const ARM_LIMITS: Limits = Limits {
    attempts: 1,
    connect: Duration::from_secs(5),
    headers: Duration::from_secs(15),
    retry_after: Duration::ZERO,
    ..Limits::DEFAULT
};
/// A region has its own deadline: that it does not answer is worth knowing soon.
const REGION_LIMITS: Limits = Limits { connect: Duration::from_secs(4), headers: Duration::from_secs(8), ..ARM_LIMITS };
/// A region that Azure did not list a moment ago is not asked for again.
const RELIST: Duration = Duration::from_secs(5);

/// The management side of one registry.
pub(super) struct Azure {
    pub(super) settings: Settings,
    arm: ArmRegistry<ReqwestTransport>,
    /// Region of the registry itself.
    home: OnceCell<String>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Locations by the names of the replications, as Azure listed them.
    listed: BTreeMap<String, String>,
    at: Option<Instant>,
    sessions: BTreeMap<String, Registry<ReqwestTransport>>,
}

impl Azure {
    pub(super) fn new(settings: Settings, transport: &ReqwestTransport) -> Self {
        let mut config = ArmConfig::new(settings.cloud.clone(), settings.identity.clone());
        config.limits = ARM_LIMITS;
        let group = &settings.id.group;
        let arm = Arm::new(transport.clone(), config, group.subscription.clone());
        let arm = arm.group(group.name.clone()).registry(settings.id.name.clone());
        Self { settings, arm, home: OnceCell::new(), known: Mutex::default() }
    }

    async fn home(&self) -> Option<&str> {
        let read = || async { self.arm.show().await.map(|registry| registry.resource.location) };
        self.home.get_or_try_init(read).await.ok().map(String::as_str)
    }

    async fn replications(&self) -> Result<Vec<Replication>, Error> {
        let list = self.arm.replications().all().await?;
        self.with_known(|known| {
            known.listed = list.iter().map(|one| (one.name.to_ascii_lowercase(), one.location.clone())).collect();
            known.at = Some(Instant::now());
        });
        Ok(list)
    }

    /// Where a region is, by the name of its replication.
    async fn location(&self, region: &str) -> Result<Option<String>, Error> {
        let find = |known: &mut Known| known.listed.get(region).cloned();
        if let Some(location) = self.with_known(find) {
            return Ok(Some(location));
        }
        if self.settings.regions.contains_key(region) {
            return Ok(Some(region.into()));
        }
        if !self.with_known(|known| known.at.is_some_and(|at| at.elapsed() < RELIST)) {
            self.replications().await?;
        }
        Ok(self.with_known(find))
    }

    fn with_known<R>(&self, act: impl FnOnce(&mut Known) -> R) -> R {
        act(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The region's own endpoint.
    fn endpoint(&self, upstream: &Upstream, location: &str) -> Option<Endpoint> {
        let location: String =
            location.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
        if let Some(endpoint) = self.settings.regions.get(&location) {
            return Some(endpoint.clone());
        }
        let origin = upstream.entry.endpoint.origin();
        let host = AcrHost::parse(origin.host()).filter(|host| *host.role() == Role::Global)?;
        let origin = Origin::new(origin.scheme(), &host.regional(&location).to_string(), None).ok()?;
        Some(Endpoint::new(origin))
    }

    async fn session(&self, upstream: &Upstream, endpoint: Endpoint) -> Result<Registry<ReqwestTransport>, Error> {
        let key = endpoint.origin().to_string();
        if let Some(session) = self.with_known(|known| known.sessions.get(&key).cloned()) {
            return Ok(session);
        }
        let session = upstream.session(endpoint, REGION_LIMITS).await?;
        Ok(self.with_known(|known| known.sessions.entry(key).or_insert(session).clone()))
    }
}

/// Answers `request`, whose path below `azure/` is `path`.
pub(super) async fn answer(upstream: &Upstream, path: &str, request: &Parts) -> Response {
    let Some(azure) = &upstream.azure else { return NOT_AZURE.into_response() };
    match ask(upstream, azure, path, request).await {
        Ok(response) => response,
        Err(Failure::Refused(refusal)) => refusal.into_response(),
        Err(Failure::Upstream(error)) => refusal::upstream(&error),
    }
}

const NOT_AZURE: Refusal = Refusal::new(
    axum::http::StatusCode::NOT_FOUND,
    "PORTAL_NOT_AZURE",
    "the configuration does not say that this registry is in Azure",
);

async fn ask(upstream: &Upstream, azure: &Azure, path: &str, request: &Parts) -> Result<Response, Failure> {
    let question = Question::parse(path, request.uri.query())?;
    if let Question::Acr { repository, address, .. } = question {
        return relay::acr_document(upstream, repository, address, request).await;
    }
    let _permit = upstream.enter().await?;
    Ok(json(match question {
        Question::Usages => said::usages(&azure.arm.usages().await?),
        Question::Replications => replications(upstream, azure).await?,
        Question::Region(region, probe) => sounding(upstream, azure, &region, &probe).await?,
        _ => said::settings(&azure.arm.show().await?),
    }))
}

async fn replications(upstream: &Upstream, azure: &Azure) -> Result<Value, Error> {
    let list = azure.replications().await?;
    let endpoint = |one: &Replication| Some(azure.endpoint(upstream, &one.location)?.origin().authority());
    Ok(said::replications(&list, azure.home().await, endpoint))
}

async fn sounding(upstream: &Upstream, azure: &Azure, region: &str, probe: &Probe) -> Result<Value, Failure> {
    let location = azure.location(region).await?.ok_or(NO_REGION)?;
    let endpoint = azure.endpoint(upstream, &location).ok_or(NO_ADDRESS)?;
    let host = endpoint.origin().authority();
    let session = azure.session(upstream, endpoint).await?;
    Ok(sounding::sound(&session, &host, probe).await)
}

const NO_REGION: Refusal = Refusal::new(
    axum::http::StatusCode::NOT_FOUND,
    "PORTAL_UNKNOWN_REGION",
    "Azure lists no region of that name for this registry",
);
const NO_ADDRESS: Refusal = Refusal::new(
    axum::http::StatusCode::NOT_FOUND,
    "PORTAL_NO_REGION_ADDRESS",
    "the address of the region's own endpoint is not known; the configuration may name it under \"regions\"",
);

fn json(value: Value) -> Response {
    let mut response = Json(value).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
