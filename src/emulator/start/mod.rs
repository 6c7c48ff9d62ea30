//! Starting an emulator, and ending it.

mod around;
mod first;
mod info;
mod sites;

pub use info::{Identity, Info, User};

use super::{
    Options, arm,
    cloud::{Addresses, Cloud, Kept},
    entra,
    faults::{Faults, Follow, Kind},
    net::{self, Server},
    replication,
    state::{Document, State},
    throttle::Throttle,
    tls::Tls,
    token::Keys,
};
use alloc::{
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use around::Around;
use axum::Router;
use core::time::Duration;
use sites::Sites;
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// How often the status of regions is looked at.
const SETTLE: Duration = Duration::from_millis(250);

/// ACR on this machine, for development; the [module](super) says what it has.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> std::io::Result<()> {
/// use portolan::emulator::{Emulator, Options};
///
/// let options = Options { regions: vec!["eastus".into(), "japaneast".into()], ..Options::default() };
/// let running = Emulator::start(options).await?;
/// assert!(running.info().login_server.starts_with("127.0.0.1:"));
/// assert_eq!(running.info().regions.len(), 2);
/// running.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Emulator;

/// An emulator that runs, until it is stopped or dropped.
pub struct Running {
    info: Info,
    servers: Vec<Server>,
    sites: Arc<Sites>,
    /// Work that never ends by itself.
    tasks: Vec<JoinHandle<()>>,
    /// Where the authority's certificate is when nothing else is kept.
    temporary: Option<PathBuf>,
}

impl Emulator {
    /// Starts one, and returns when everything listens.
    ///
    /// # Errors
    /// When the address is no loopback address, the data folder cannot be used, or a port cannot be had.
    pub async fn start(options: Options) -> io::Result<Running> {
        options.check()?;
        let (faults, follow) = faults(&options)?;
        let folder = options.data.as_deref();
        folder.map_or(Ok(()), fs::create_dir_all)?;
        let tls = Tls::load(folder)?;
        let keys = Keys::load(folder)?;
        let state = State::open(folder, || first::document(&options))?;
        let listeners = Listeners::bind(&options, &state).await?;
        let cloud = Arc::new(Cloud::new(state, keys, listeners.addresses()?));
        let throttle = Throttle::new(options.limits.throttle);
        let around = Arc::new(Around { cloud: Arc::clone(&cloud), faults, throttle });
        let sites = Arc::new(Sites::new(Arc::clone(&around), Arc::clone(&tls.server), options.clone()));
        cloud.join(Arc::clone(&sites) as _);
        open_all(&cloud).await?;
        let servers = listeners.serve(&around, &sites, &tls)?;
        let (certificate, temporary) = certificate(folder, &tls.authority)?;
        let info = cloud.state.read(|document| Info::of(document, &cloud, &certificate, &options));
        let mut tasks = Vec::from([tokio::spawn(settle(cloud))]);
        tasks.extend(follow.map(|follow| tokio::spawn(follow.run())));
        Ok(Running { info, servers, sites, tasks, temporary })
    }
}

impl Running {
    /// Where everything is.
    #[must_use]
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// Ends it, when requests under way are answered or a short time is up.
    pub async fn stop(mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        for server in self.servers.drain(..) {
            server.stop().await;
        }
        self.sites.stop().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        if let Some(folder) = &self.temporary {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

async fn settle(cloud: Arc<Cloud>) {
    loop {
        tokio::time::sleep(SETTLE).await;
        // A disk that is full says so to whoever changes something.
        let _ = cloud.settle();
    }
}

/// What listens beside the registries.
struct Listeners {
    arm: TcpListener,
    authority: TcpListener,
    storage: TcpListener,
}

impl Listeners {
    async fn bind(options: &Options, state: &State) -> io::Result<Self> {
        let bind = async |name: &str| {
            let kept = state.read(|document| document.ports.get(name).copied());
            let listener = net::bind(options.address, kept, options.port).await?;
            let port = listener.local_addr()?.port();
            state.change(|document| io::Result::Ok(document.ports.insert(name.to_string(), port)))?;
            io::Result::Ok(listener)
        };
        Ok(Self { arm: bind("arm").await?, authority: bind("authority").await?, storage: bind("storage").await? })
    }

    fn addresses(&self) -> io::Result<Addresses> {
        let (arm, authority) = (self.arm.local_addr()?, self.authority.local_addr()?);
        Ok(Addresses { arm, authority, storage: self.storage.local_addr()? })
    }

    fn serve(self, around: &Around, sites: &Arc<Sites>, tls: &Tls) -> io::Result<Vec<Server>> {
        let start = |listener, router| Server::start(listener, Arc::clone(&tls.server), router);
        let arm = around.other(Kind::Arm, arm::router(Arc::clone(&around.cloud)));
        let authority = around.other(Kind::Authority, entra::router(Arc::clone(&around.cloud)));
        let storage = around.other(Kind::Storage, Router::new());
        let servers = [
            start(self.arm, arm.merge(control(around, sites)))?,
            start(self.authority, authority)?,
            start(self.storage, storage)?,
        ];
        Ok(servers.into())
    }
}

/// What goes wrong from the start, and what reads it again.
fn faults(options: &Options) -> io::Result<(Faults, Option<Follow>)> {
    let Some(file) = &options.faults else { return Ok(Default::default()) };
    let read = Faults::from_file(file.clone());
    let (faults, follow) = read.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    Ok((faults, Some(follow)))
}

/// `/emulator`, where no fault reaches.
fn control(around: &Around, sites: &Arc<Sites>) -> Router {
    let sites = Arc::downgrade(sites);
    let replications = move || sites.upgrade().map(|sites| sites.replications()).unwrap_or_default();
    around.faults.router().merge(replication::router(Arc::new(replications)))
}

/// Opens the registries that there are, and writes down where they are now.
async fn open_all(cloud: &Cloud) -> io::Result<()> {
    let content = cloud.content()?;
    for registry in cloud.state.read(|document| document.registries.clone()) {
        let login = content.open(&registry.name, &registry.login_server).await?;
        let mut regions = registry.regions.clone();
        for region in &mut regions {
            let kept = Kept { address: region.address.clone(), data: region.data_address.clone() };
            let kept = content.open_region(&registry.name, &region.location, &kept).await?;
            content.route(&registry.name, &region.location, region.routed);
            (region.address, region.data_address) = (kept.address, kept.data);
        }
        cloud.state.change(|document: &mut Document| {
            if let Some(own) = document.registry_in_mut(&registry.group, &registry.name) {
                (own.login_server, own.regions) = (login, regions);
            }
            io::Result::Ok(())
        })?;
    }
    Ok(())
}

/// A file with the authority's certificate, and the folder that was made for it.
fn certificate(folder: Option<&Path>, pem: &str) -> io::Result<(PathBuf, Option<PathBuf>)> {
    if let Some(folder) = folder {
        return Ok((folder.canonicalize()?.join("ca.pem"), None));
    }
    let name: String = ["portolan-emulator-", &super::random::hex::<8>()?].concat();
    let folder = std::env::temp_dir().join(name);
    fs::create_dir(&folder)?;
    let file = folder.join("ca.pem");
    super::files::replace(&file, pem.as_bytes())?;
    Ok((file, Some(folder)))
}
