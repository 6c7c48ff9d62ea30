//! The registries that are up: their listeners, and their content.

use crate::emulator::{
    Options,
    cloud::{Cloud, Content, Kept, Later},
    net::{self, Server},
    oauth2,
};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use axum::Router;
use rustls::ServerConfig;
use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// All of them.
pub(super) struct Sites {
    cloud: Arc<Cloud>,
    tls: Arc<ServerConfig>,
    options: Options,
    up: Mutex<BTreeMap<String, Up>>,
}

/// One registry.
#[derive(Default)]
struct Up {
    login: Vec<Server>,
    /// Endpoint and data endpoint of each region.
    regions: BTreeMap<String, Vec<Server>>,
}

impl Sites {
    pub(super) fn new(cloud: Arc<Cloud>, tls: Arc<ServerConfig>, options: Options) -> Self {
        Self { cloud, tls, options, up: Mutex::default() }
    }

    /// Ends all of them.
    pub(super) async fn stop(&self) {
        let up = core::mem::take(&mut *self.lock());
        for up in up.into_values() {
            up.stop().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Up>> {
        self.up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn listen(&self, kept: &str, router: Router) -> io::Result<Server> {
        let kept = kept.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let listener = net::bind(self.options.address, kept, self.options.port).await?;
        Server::start(listener, Arc::clone(&self.tls), router)
    }

    fn router(&self, registry: &str) -> Router {
        oauth2::router(Arc::clone(&self.cloud), registry.to_string())
    }

    async fn close(&self, registry: &str, region: Option<&str>) {
        let gone = match region {
            None => self.lock().remove(registry),
            Some(region) => {
                let servers = self.lock().get_mut(registry).and_then(|up| up.regions.remove(region));
                servers.map(|servers| Up { login: servers, ..Up::default() })
            }
        };
        if let Some(up) = gone {
            up.stop().await;
        }
    }
}

impl Up {
    async fn stop(self) {
        for server in self.login.into_iter().chain(self.regions.into_values().flatten()) {
            server.stop().await;
        }
    }
}

impl Content for Sites {
    fn open<'a>(&'a self, registry: &'a str, kept: &'a str) -> Later<'a, io::Result<String>> {
        Box::pin(async move {
            let server = self.listen(kept, self.router(registry)).await?;
            let address = server.address().to_string();
            self.lock().insert(registry.to_string(), Up { login: Vec::from([server]), ..Up::default() });
            Ok(address)
        })
    }

    fn open_region<'a>(&'a self, registry: &'a str, region: &'a str, kept: &'a Kept) -> Later<'a, io::Result<Kept>> {
        Box::pin(async move {
            let endpoint = self.listen(&kept.address, self.router(registry)).await?;
            let data = self.listen(&kept.data, Router::new()).await?;
            let kept = Kept { address: endpoint.address().to_string(), data: data.address().to_string() };
            if let Some(up) = self.lock().get_mut(registry) {
                up.regions.insert(region.to_string(), Vec::from([endpoint, data]));
            }
            Ok(kept)
        })
    }

    fn route(&self, _registry: &str, _region: &str, _routed: bool) {}

    fn remove<'a>(&'a self, registry: &'a str, region: Option<&'a str>) -> Later<'a, io::Result<()>> {
        Box::pin(async move {
            self.close(registry, region).await;
            Ok(())
        })
    }

    fn caught_up(&self, _registry: &str, _region: &str) -> bool {
        true
    }

    fn size(&self, _registry: &str) -> u64 {
        0
    }
}
