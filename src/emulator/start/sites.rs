//! The registries that are up: their listeners, and their content.

use super::around::Around;
use crate::emulator::{
    Options,
    cloud::{Cloud, Content, Kept, Later},
    lock::{self, FolderLock},
    net::{self, Server},
    oauth2, registry,
    replication::{Replication, Settings},
    site::{Endpoint, Region, Site},
    store::{Place, Store},
};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use axum::Router;
use rustls::ServerConfig;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// All of them.
pub(super) struct Sites {
    cloud: Arc<Cloud>,
    tls: Arc<ServerConfig>,
    options: Options,
    around: Around,
    up: Mutex<BTreeMap<String, Up>>,
}

/// One registry.
struct Up {
    site: Arc<Site>,
    login: Server,
    /// Endpoint and data endpoint of each region.
    regions: BTreeMap<String, [Server; 2]>,
    replication: Replication,
    tidying: JoinHandle<()>,
}

impl Sites {
    pub(super) fn new(cloud: Arc<Cloud>, tls: Arc<ServerConfig>, options: Options, around: Around) -> Self {
        Self { cloud, tls, options, around, up: Mutex::default() }
    }

    /// Ends all of them.
    pub(super) async fn stop(&self) {
        let up = core::mem::take(&mut *self.lock());
        for up in up.into_values() {
            up.stop().await;
        }
    }

    /// The registry of that name, as its clients see it.
    pub(super) fn site(&self, registry: &str) -> Option<Arc<Site>> {
        self.lock().get(&key(registry)).map(|up| Arc::clone(&up.site))
    }

    /// What moves between regions, of every registry.
    pub(super) fn replications(&self) -> Vec<Replication> {
        self.lock().values().map(|up| up.replication.clone()).collect()
    }

    fn replication(&self, registry: &str) -> Option<Replication> {
        self.lock().get(&key(registry)).map(|up| up.replication.clone())
    }

    /// Ends builds and containers.
    pub(super) async fn end_work(&self) {
        if let Ok(workshop) = self.cloud.workshop() {
            workshop.end().await;
        }
    }

    /// All registries that are up.
    pub(super) fn all(&self) -> Vec<Arc<Site>> {
        self.lock().values().map(|up| Arc::clone(&up.site)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Up>> {
        self.up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn bind(&self, kept: &str) -> io::Result<TcpListener> {
        let kept = kept.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        net::bind(self.options.address, kept, self.options.port).await
    }

    fn serve(&self, listener: TcpListener, site: &Arc<Site>, endpoint: Endpoint) -> Server {
        let mut router: Router = registry::router(Arc::clone(site), endpoint.clone());
        if !matches!(endpoint, Endpoint::Data(_)) {
            router = router.merge(oauth2::router(Arc::clone(&self.cloud), site.name().to_string()));
        }
        let router = self.around.registry(&self.cloud, site, &endpoint, router);
        Server::start(listener, (!self.options.plain_http).then(|| Arc::clone(&self.tls)), router)
    }

    async fn start(&self, registry: &str, kept: &str) -> io::Result<String> {
        let listener = self.bind(kept).await?;
        let address = listener.local_addr()?.to_string();
        let site = Site::new(registry.to_string(), address.clone(), Arc::clone(&self.cloud) as _)?;
        let site = Arc::new(site);
        let login = self.serve(listener, &site, Endpoint::Global);
        let tidying = tokio::spawn(Arc::clone(&site).tidy());
        let (folder, settings) = (self.folder(registry, Some("replication")), Settings::of(&self.options));
        let replication = Replication::new(registry, folder, settings, self.around.faults.clone());
        self.lock().insert(key(registry), Up { site, login, regions: BTreeMap::new(), replication, tidying });
        Ok(address)
    }

    async fn start_region(&self, registry: &str, region: &str, kept: &Kept) -> io::Result<Kept> {
        let site = self.site(registry).ok_or_else(|| missing(registry))?;
        let (endpoint, data) = (self.bind(&kept.address).await?, self.bind(&kept.data).await?);
        let kept = Kept { address: endpoint.local_addr()?.to_string(), data: data.local_addr()?.to_string() };
        let place = self.folder(registry, Some(region)).map_or(Place::Memory, Place::Folder);
        let store = lock::patiently(|| Store::open(&place, region)).await?;
        site.add(Arc::new(Region::new(store.clone(), kept.address.clone(), kept.data.clone())));
        let servers = [
            self.serve(endpoint, &site, Endpoint::Region(region.to_string())),
            self.serve(data, &site, Endpoint::Data(region.to_string())),
        ];
        if let Some(up) = self.lock().get_mut(&key(registry)) {
            up.regions.insert(region.to_string(), servers);
            up.replication.add(store);
        }
        Ok(kept)
    }

    /// Where content is kept, if it is.
    fn folder(&self, registry: &str, region: Option<&str>) -> Option<PathBuf> {
        let folder = self.options.data.as_ref()?.join("registries").join(key(registry));
        Some(region.map_or_else(|| folder.clone(), |region| folder.join(region)))
    }

    async fn close(&self, registry: &str, region: Option<&str>) {
        let Some(region) = region else {
            let gone = self.lock().remove(&key(registry));
            if let Some(up) = gone {
                up.stop().await;
            }
            return;
        };
        let servers = self.lock().get_mut(&key(registry)).and_then(|up| {
            up.site.remove(region);
            up.regions.remove(region)
        });
        for server in servers.into_iter().flatten() {
            server.stop().await;
        }
        if let Some(replication) = self.replication(registry) {
            replication.remove(region).await;
        }
    }
}

/// Fails while a store has the folder.
fn free(folder: &Path) -> io::Result<()> {
    FolderLock::take(folder).map(drop)
}

/// Fails while a store has one of the folders in it.
fn all_free(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            free(&path)?;
        }
    }
    Ok(())
}

/// Names are the same in any case.
fn key(registry: &str) -> String {
    registry.to_ascii_lowercase()
}

fn missing(registry: &str) -> io::Error {
    io::Error::other(format!("the registry {registry} is not up"))
}

impl Up {
    async fn stop(self) {
        self.tidying.abort();
        self.login.stop().await;
        for server in self.regions.into_values().flatten().collect::<Vec<_>>() {
            server.stop().await;
        }
        self.replication.stop().await;
    }
}

impl Content for Sites {
    fn open<'a>(&'a self, registry: &'a str, kept: &'a str) -> Later<'a, io::Result<String>> {
        Box::pin(self.start(registry, kept))
    }

    fn open_region<'a>(&'a self, registry: &'a str, region: &'a str, kept: &'a Kept) -> Later<'a, io::Result<Kept>> {
        Box::pin(self.start_region(registry, region, kept))
    }

    fn route(&self, registry: &str, region: &str, routed: bool) {
        if let Some(region) = self.site(registry).and_then(|site| site.region(region)) {
            region.set_routed(routed);
        }
    }

    fn remove<'a>(&'a self, registry: &'a str, region: Option<&'a str>) -> Later<'a, io::Result<()>> {
        Box::pin(async move {
            self.close(registry, region).await;
            let Some(folder) = self.folder(registry, region).filter(|folder| folder.exists()) else { return Ok(()) };
            // What a client or a link was at may take a moment to end.
            lock::patiently(|| if region.is_some() { free(&folder) } else { all_free(&folder) }).await?;
            fs::remove_dir_all(folder)
        })
    }

    fn caught_up(&self, registry: &str, region: &str) -> bool {
        let status = self.replication(registry).and_then(|replication| replication.status(region));
        status.is_some_and(|status| status.synced && status.caught_up())
    }

    fn is_down(&self, region: &str) -> bool {
        self.around.faults.down(region).is_some()
    }

    fn size(&self, registry: &str) -> u64 {
        let regions = self.site(registry).map(|site| site.regions()).unwrap_or_default();
        regions.iter().map(|region| region.store.usage()).max().unwrap_or_default()
    }
}
