//! Starting an emulator, and ending it.

mod around;
mod first;
mod home;
mod images;
mod info;
mod sites;

pub use info::{Identity, Info, User};

use super::{
    Options, arm,
    builds::{BuildOptions, Builder, Builds},
    cloud::{Addresses, Cloud, Kept, Workshop},
    containers::{Containers, Runtime},
    entra,
    faults::{Faults, Kind},
    imports::Imports,
    net::{self, Server},
    replication,
    state::{Document, State},
    storage::Storage,
    throttle::Throttle,
    tls::Tls,
    token::Keys,
};
use alloc::{string::ToString as _, sync::Arc, vec::Vec};
use around::Around;
use axum::Router;
use core::time::Duration;
use home::Home;
use sites::Sites;
use std::io;
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
    /// What goes on beside the answers.
    tasks: Vec<JoinHandle<()>>,
    _home: Home,
}

impl Emulator {
    /// Starts one, and returns when everything listens.
    ///
    /// # Errors
    /// When the address is no loopback address, the data folder cannot be used, the faults file says nothing that it can
    /// say, or a port cannot be had.
    pub async fn start(options: Options) -> io::Result<Running> {
        options.check()?;
        let home = Home::open(options.data.as_deref())?;
        let tls = Tls::load(home.kept())?;
        let keys = Keys::load(home.kept())?;
        let state = State::open(home.kept(), || first::document(&options))?;
        let (around, following) = around(&options)?;
        let listeners = Listeners::bind(&options, &state).await?;
        let storage = Arc::new(Storage::open(&home.folder().join("storage"))?);
        let cloud = Arc::new(Cloud::new(state, keys, listeners.addresses()?, storage, options.lag));
        let sites = Sites::new(Arc::clone(&cloud), Arc::clone(&tls.server), options.clone(), around.clone());
        let sites = Arc::new(sites);
        cloud.join(Arc::clone(&sites) as _);
        open_all(&cloud).await?;
        cloud.furnish(workshop(&options, &home, &cloud, &sites)?);
        let servers = listeners.serve(&cloud, &tls, &around, &sites);
        let certificate = home.certificate(&tls.authority)?;
        let info = cloud.state.read(|document| Info::of(document, &cloud, &certificate, &options));
        let tasks = following.into_iter().chain([tokio::spawn(settle(cloud))]).collect();
        Ok(Running { info, servers, sites, tasks, _home: home })
    }
}

/// What builds and runs, with its folders beside everything else.
fn workshop(options: &Options, home: &Home, cloud: &Arc<Cloud>, sites: &Arc<Sites>) -> io::Result<Workshop> {
    let storage = (Arc::clone(&cloud.storage), ["https://", &cloud.addresses.storage.to_string()].concat());
    let building = BuildOptions {
        builder: if options.work.direct { Builder::Direct } else { Builder::Found },
        outside: options.work.outside,
    };
    let builds = home.folder().join("builds");
    let builds = Builds::open(&builds, storage.0, storage.1, Arc::clone(sites) as _, building)?;
    let containers = home.folder().join("containers");
    let runtime = if options.work.idle { Runtime::Nothing } else { Runtime::Found };
    let (images, door) = (Arc::clone(sites) as _, Arc::clone(cloud) as _);
    let containers = Containers::open(&containers, images, door, runtime)?;
    Ok(Workshop { builds, containers, imports: Imports::new(Arc::clone(sites) as _) })
}

/// Faults and throttling as the options have them, and who follows the file.
fn around(options: &Options) -> io::Result<(Around, Option<JoinHandle<()>>)> {
    let throttle = Throttle::new(options.limits.throttle);
    let Some(file) = &options.faults else { return Ok((Around { faults: Faults::default(), throttle }, None)) };
    let (faults, follow) = Faults::from_file(file.clone())
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    Ok((Around { faults, throttle }, Some(tokio::spawn(follow.run()))))
}

impl Running {
    /// Where everything is.
    #[must_use]
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// Ends it, when requests under way are answered or a short time is up.
    pub async fn stop(mut self) {
        self.end_tasks();
        for server in self.servers.drain(..) {
            server.stop().await;
        }
        self.sites.end_work().await;
        self.sites.stop().await;
    }
}

impl Running {
    fn end_tasks(&mut self) {
        self.tasks.drain(..).for_each(|task| task.abort());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_tasks();
    }
}

async fn settle(cloud: Arc<Cloud>) {
    loop {
        tokio::time::sleep(SETTLE).await;
        cloud.settle();
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

    fn serve(self, cloud: &Arc<Cloud>, tls: &Tls, around: &Around, sites: &Arc<Sites>) -> Vec<Server> {
        let start = |listener, router| Server::start(listener, Some(Arc::clone(&tls.server)), router);
        let arm = around.stand_in(cloud, Kind::Arm, arm::router(Arc::clone(cloud)));
        Vec::from([
            start(self.arm, arm.merge(control(around, sites))),
            start(self.authority, around.stand_in(cloud, Kind::Authority, entra::router(Arc::clone(cloud)))),
            start(self.storage, around.stand_in(cloud, Kind::Storage, Arc::clone(&cloud.storage).router())),
        ])
    }
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
