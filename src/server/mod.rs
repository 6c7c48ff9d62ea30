//! The portal's server: static files, and a relay to the registries that its configuration names.
//!
//! | path | answer |
//! |---|---|
//! | `GET /api/registries` | what is configured, without secrets |
//! | `GET`/`HEAD /api/registries/{id}/v2/...` | that registry, through [`client::Registry`](crate::client::Registry) |
//! | `GET /api/registries/{id}/azure/...` | what Azure says of it and its regions, see `azure` |
//! | `/`, `/r/...` | the portal's page |
//! | anything else | a file of the portal |
//!
//! ## Invariants
//!
//! 1. A request chooses an upstream by the id of a configured registry, and by nothing else. Paths are parsed by the types
//!    that the client uses before anything is dialled.
//! 2. `GET` and `HEAD` only, without a body; only from the server's own pages (`Host`, `Origin`, `Sec-Fetch-Site`).
//! 3. No upstream header reaches the browser unless it is on the list in `answer`; no credential ever does.
//! 4. Bodies are streamed as the browser takes them. A browser that goes away ends the upstream's request.
//!
//! Relayed bodies are not verified here: digests are checked where the bytes are used, in the tab.

mod answer;
mod assets;
mod azure;
mod config;
mod guard;
mod headers;
mod path;
mod refusal;
mod relay;
mod upstream;

pub use crate::listen::ServerLimits;
pub use azure::{AzureConfig, CloudConfig, IdentityConfig};
pub use config::{Config, ConfigError, Mode, RegistryConfig};

use crate::{
    azure::entra::METADATA_HOST,
    client::ReqwestTransport,
    credentials::CredentialStore,
    listen::{self, Plain},
};
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use assets::Assets;
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use core::{convert::Infallible, future::Future};
use futures_util::future::join_all;
use guard::Guard;
use refusal::Refusal;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use upstream::{Shared, Upstream};

/// The portal's server, ready to listen. See the [module](self) for what it serves.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use portolan::{credentials::CredentialStore, server::{Config, Server}};
/// let mut config = Config::default();
/// config.registries.push("Harbour=https://registry.example".parse()?);
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:7878").await?;
/// let server = Server::new(&config, CredentialStore::from_environment())?;
/// server.serve(listener, std::future::pending()).await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    portal: Arc<Portal>,
    limits: ServerLimits,
}

struct Portal {
    guard: Guard,
    policy: HeaderValue,
    upstreams: Vec<Upstream>,
    assets: Assets,
}

impl Server {
    /// Checks the configuration; nothing is dialled. Credentials are looked up when a registry is first asked, and stay in
    /// the server.
    ///
    /// # Errors
    /// If a registry's address, name or certificate cannot be used.
    pub fn new(config: &Config, credentials: CredentialStore) -> Result<Self, ConfigError> {
        Self::with_limits(config, credentials, ServerLimits::DEFAULT)
    }

    /// As [`Server::new`], with other bounds.
    ///
    /// # Errors
    /// As [`Server::new`].
    pub fn with_limits(
        config: &Config,
        credentials: CredentialStore,
        limits: ServerLimits,
    ) -> Result<Self, ConfigError> {
        let entries = config.entries()?;
        let shared = Arc::new(Shared { transport: transport(config)?, credentials });
        let policy = headers::content_security_policy(&entries).map_err(|e| ConfigError(e.to_string()))?;
        let upstream = |entry| Upstream::new(entry, Arc::clone(&shared), limits.relayed, limits.queue);
        let portal = Portal {
            guard: Guard::new(&config.public_hosts),
            policy,
            upstreams: entries.into_iter().map(upstream).collect(),
            assets: Assets::new(config.assets.clone().unwrap_or_else(|| "www/dist".into())),
        };
        Ok(Self { portal: Arc::new(portal), limits })
    }

    /// Serves until `shutdown` is ready, then gives connections a few seconds to end.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let portal = self.portal;
        let answer = move |request| {
            let portal = Arc::clone(&portal);
            async move { Ok::<_, Infallible>(portal.answer(request).await) }
        };
        listen::run(listener, &self.limits, Plain, answer, shutdown).await;
    }
}

fn transport(config: &Config) -> Result<ReqwestTransport, ConfigError> {
    let mut builder = ReqwestTransport::builder().environment_proxy();
    for host in &config.plain_http_hosts {
        builder = builder.plain_http_host(host.as_str());
    }
    if config.registries.iter().filter_map(|registry| registry.azure.as_ref()).any(AzureConfig::asks_the_machine) {
        builder = builder.plain_http_host(METADATA_HOST);
    }
    for file in &config.ca_files {
        builder = builder.ca_pem(std::fs::read(file).map_err(|e| ConfigError(format!("{}: {e}", file.display())))?);
    }
    builder.build().map_err(|e| ConfigError(e.to_string()))
}

impl Portal {
    async fn answer(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let response = match self.guard.check(&parts) {
            // The body is empty by now, and bodies are not `Sync`.
            Ok(()) if parts.uri.path().starts_with("/api/") => self.api(&parts).await,
            Ok(()) => self.assets.serve(Request::from_parts(parts, body)).await,
            Err(refusal) => refusal.into_response(),
        };
        headers::harden(response, &self.policy)
    }

    async fn api(&self, request: &Parts) -> Response {
        let path = request.uri.path();
        if path == "/api/registries" {
            return self.list().await;
        }
        let Some((id, rest)) = path.strip_prefix("/api/registries/").and_then(|rest| rest.split_once('/')) else {
            return Refusal::NOT_FOUND.into_response();
        };
        if path.contains('%') {
            return Refusal::bad_request("nothing in a relayed path needs escaping").into_response();
        }
        let Some(upstream) = self.upstreams.iter().find(|u| u.entry.id == id && u.entry.mode == Mode::Relay) else {
            return Refusal::unknown_registry(id).into_response();
        };
        match (rest.strip_prefix("v2/"), rest.strip_prefix("azure/")) {
            (Some(path), _) => relay::relay(upstream, path, request).await,
            (_, Some(path)) => azure::answer(upstream, path, request).await,
            _ => Refusal::NOT_FOUND.into_response(),
        }
    }

    async fn list(&self) -> Response {
        // At once: credential helpers may take their time, each of them.
        let registries = join_all(self.upstreams.iter().map(description)).await;
        let mut response = Json(json!({ "registries": registries })).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// What a page may know of a registry. A user name is known to whoever may use it; nothing else of a credential is.
async fn description(upstream: &Upstream) -> Value {
    let entry = &upstream.entry;
    let mut value = json!({
        "id": entry.id,
        "name": entry.name,
        "address": entry.url,
        "mode": entry.mode,
        "plainHttp": entry.plain_http(),
        "pullHost": entry.host(),
    });
    if entry.mode == Mode::Direct {
        let realms: Vec<String> = entry.trusted_realms.iter().map(ToString::to_string).collect();
        value["trustedRealms"] = realms.into();
    }
    if let Some(azure) = &upstream.azure {
        value["azure"] = json!({ "management": true });
        if let Some(watch) = &azure.settings.watch {
            value["azure"]["watch"] = watch.as_ref().into();
        }
    }
    if entry.mode == Mode::Relay {
        match upstream.signed_in_as().await {
            Ok(Some(name)) => value["signedInAs"] = name.into(),
            Ok(None) => {}
            Err(error) => value["trouble"] = error.to_string().into(),
        }
    }
    value
}
