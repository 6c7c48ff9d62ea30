//! What moves between the regions of a registry, when, and in what order.
//!
//! Every region has a link to every other one. A link reads the changes that began in its source ([`Store::changes_since`]),
//! lets them wait for their lag, and hands them to the target ([`Store::apply`]), which takes the later word on each thing:
//! so the regions agree in the end, whatever the order. How far a link has come is on disk. It may be behind after a
//! kill, never ahead, and what is carried twice is no news the second time.
//!
//! What began in a region that is gone is carried by all others; whenever a region goes, the links of the others begin
//! with their first change again. A region that goes hands over what it has first.

mod book;
mod link;
mod meter;
mod queue;
mod report;
#[cfg(test)]
mod tests;
mod travel;

pub(crate) use report::{Registries, Status, router};
pub(crate) use travel::Settings;

use super::{faults::Faults, options::RegionName, store::Store};
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use book::Book;
use futures_util::future::join_all;
use link::{Link, Regions};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::task::JoinHandle;

/// The replication of one registry; clones are the same. It ends with the last of them.
#[derive(Clone)]
pub(crate) struct Replication(Arc<Parts>);

struct Parts {
    registry: String,
    /// Where it is written down how far links have come; nowhere in memory.
    folder: Option<PathBuf>,
    settings: Settings,
    faults: Faults,
    regions: Regions,
    links: Mutex<Links>,
}

#[derive(Default)]
struct Links {
    stores: BTreeMap<RegionName, Store>,
    /// From, to.
    running: BTreeMap<(RegionName, RegionName), Running>,
}

/// A link at work; dropping it ends the work.
struct Running {
    link: Arc<Link>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Replication {
    /// Of a registry without regions.
    pub(crate) fn new(registry: &str, folder: Option<PathBuf>, settings: Settings, faults: Faults) -> Self {
        Self(Arc::new(Parts {
            registry: registry.into(),
            folder,
            settings,
            faults,
            regions: Regions::default(),
            links: Mutex::default(),
        }))
    }

    /// The registry's name.
    pub(crate) fn registry(&self) -> &str {
        &self.0.registry
    }

    /// Joins a region with all others; what they have begins to move. To be called where tokio runs.
    pub(crate) fn add(&self, store: Store) {
        self.name(store.region(), true);
        let mut links = self.links();
        let others: Vec<Store> = links.stores.values().cloned().collect();
        for other in others {
            self.start(&mut links, store.clone(), other.clone());
            self.start(&mut links, other, store.clone());
        }
        links.stores.insert(store.region().into(), store);
    }

    /// Parts a region from the others, after it has handed over what it has. Its store may be closed then.
    pub(crate) async fn remove(&self, region: &str) {
        let gone = self.part(region);
        join_all(gone.iter().filter(|((from, _), _)| from == region).map(|(_, running)| running.link.flush())).await;
        gone.iter().for_each(|(_, running)| running.link.forget());
        self.name(region, false);
        self.links().running.values().for_each(|running| running.link.start_over());
    }

    /// What a region has yet to get; nothing for one that is not there.
    pub(crate) fn status(&self, region: &str) -> Option<Status> {
        let links = self.links();
        links.stores.get(region)?;
        let into = links.running.iter().filter(|((_, to), _)| to == region).map(|(_, running)| &*running.link);
        Some(Status::of(into))
    }

    /// Names of the regions.
    pub(crate) fn regions(&self) -> Vec<RegionName> {
        self.links().stores.keys().cloned().collect()
    }

    fn start(&self, links: &mut Links, source: Store, target: Store) {
        let Parts { folder, settings, faults, regions, .. } = &*self.0;
        let key: (RegionName, RegionName) = (source.region().into(), target.region().into());
        let book = Book::of(folder.as_deref(), &key.0, &key.1);
        let link = Arc::new(Link::new(source, target, regions.clone(), *settings, faults.clone(), book));
        let task = tokio::spawn(link.clone().run());
        links.running.insert(key, Running { link, task });
    }

    /// Ends the work of a region's links.
    fn part(&self, region: &str) -> Vec<((RegionName, RegionName), Running)> {
        let mut links = self.links();
        links.stores.remove(region);
        let (gone, stay) =
            core::mem::take(&mut links.running).into_iter().partition(|((from, to), _)| from == region || to == region);
        links.running = stay;
        let gone: BTreeMap<_, Running> = gone;
        gone.values().for_each(|running| running.task.abort());
        gone.into_iter().collect()
    }

    fn name(&self, region: &str, there: bool) {
        let mut regions = self.0.regions.write().unwrap_or_else(PoisonError::into_inner);
        if there {
            regions.insert(region.into())
        } else {
            regions.remove(region)
        };
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.0.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
