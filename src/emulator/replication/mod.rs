//! What moves between the regions of a registry, when, and in what order.
//!
//! Every region has a link to every other one. A link reads the changes that began in its source ([`Store::changes_since`]),
//! lets them wait for their lag, and hands them to the target ([`Store::apply`]), which takes the later word on each thing:
//! so the regions agree in the end, whatever the order. How far a link has come is on disk. It may be behind after a
//! kill, never ahead, and what is carried twice is no news the second time.
//!
//! What began in a region that does not have it any more, since it is gone or was made anew, is carried by all others;
//! whenever a region goes, the links of the others begin with their first change again. A region that goes hands over
//! what it has first.

mod book;
mod link;
mod meter;
mod queue;
mod report;
#[cfg(test)]
mod tests;
mod travel;

pub(crate) use report::{Status, router};
pub(crate) use travel::Settings;

use super::{faults::Faults, options::RegionName, store::Store};
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec::Vec};
use book::Book;
use futures_util::future::join_all;
use link::{Link, Regions};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError, RwLockReadGuard, RwLockWriteGuard},
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

/// Links by where they begin and where they end.
type Links = BTreeMap<(RegionName, RegionName), Running>;

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
        let mut links = self.links();
        let others: Vec<Store> = self.stores().values().cloned().collect();
        self.write_stores().insert(store.region().into(), store.clone());
        for other in others {
            self.start(&mut links, store.clone(), other.clone());
            self.start(&mut links, other, store.clone());
        }
    }

    /// Ends all links, and returns when they hold no store any more.
    pub(crate) async fn stop(&self) {
        let links = core::mem::take(&mut *self.links());
        end(links).await;
    }

    /// Parts a region from the others, after it has handed over what it has. Its store may be closed then. What is not
    /// there is no error.
    pub(crate) async fn remove(&self, region: &str) {
        if !self.stores().contains_key(region) {
            return;
        }
        let gone = end(self.part(region)).await;
        join_all(gone.iter().filter(|((from, _), _)| from == region).map(|(_, link)| link.flush())).await;
        gone.iter().for_each(|(_, link)| link.forget());
        self.write_stores().remove(region);
        self.links().values().for_each(|running| running.link.start_over());
    }

    /// What a region has yet to get; nothing for one that is not there.
    pub(crate) fn status(&self, region: &str) -> Option<Status> {
        if !self.stores().contains_key(region) {
            return None;
        }
        let links = self.links();
        Some(Status::of(links.iter().filter(|((_, to), _)| to == region).map(|(_, running)| &*running.link)))
    }

    /// Names of the regions.
    pub(crate) fn regions(&self) -> Vec<RegionName> {
        self.stores().keys().cloned().collect()
    }

    fn start(&self, links: &mut Links, source: Store, target: Store) {
        let Parts { folder, settings, faults, regions, .. } = &*self.0;
        let key: (RegionName, RegionName) = (source.region().into(), target.region().into());
        let book = Book::of(folder.as_deref(), &key.0, &key.1);
        let link = Arc::new(Link::new(source, target, regions.clone(), *settings, faults.clone(), book));
        let task = tokio::spawn(link.clone().run());
        links.insert(key, Running { link, task });
    }

    /// Takes a region's links away.
    fn part(&self, region: &str) -> Links {
        let mut links = self.links();
        let (gone, stay): (Links, Links) =
            core::mem::take(&mut *links).into_iter().partition(|((from, to), _)| from == region || to == region);
        *links = stay;
        gone
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.0.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stores(&self) -> RwLockReadGuard<'_, BTreeMap<RegionName, Store>> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_stores(&self) -> RwLockWriteGuard<'_, BTreeMap<RegionName, Store>> {
        self.0.regions.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the work of links; what one was at is over when this returns.
async fn end(links: Links) -> Vec<((RegionName, RegionName), Arc<Link>)> {
    join_all(links.into_iter().map(async |(key, mut running)| {
        running.task.abort();
        // That it was aborted is no news.
        let _ = (&mut running.task).await;
        (key, Arc::clone(&running.link))
    }))
    .await
}
