//! Quick builds: an uploaded context and a Dockerfile become an image in the registry, and a log that can be followed.
//!
//! `buildah` does it where it is installed; elsewhere Dockerfiles without `RUN` are built here (`direct`). Either reads base images
//! from the registry that the run belongs to, and nothing beyond this machine unless [`BuildOptions::outside`] says so.

mod bases;
mod by_buildah;
mod direct;
mod dockerfile;
mod filter;
mod image;
mod job;
mod log;
mod names;
mod request;
mod run;
mod runs;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod unpack;
mod work;

pub(crate) use super::refused::Refused;

use super::{
    clock::Instant,
    failure::Stop,
    images::Images,
    mounts,
    storage::{BlobName, Permission, Storage},
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::time::Duration;
use filter::Filter;
use job::Job;
use log::Log;
use request::Request;
use run::{Run, Status};
use runs::Runs;
use serde_json::{Value, json};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// How long links to logs and for uploads are good.
const LINK: Duration = Duration::from_secs(3_600);
/// How often the last runs are asked whether they have ended: five seconds.
const PATIENCE: u32 = 100;
/// How long contexts are kept.
const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Builds at a time; others are queued.
const AT_ONCE: usize = 2;

/// What builds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Builder {
    /// `buildah` where it is installed.
    #[default]
    Found,
    /// This program, whatever is installed.
    Direct,
}

/// How builds are to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildOptions {
    /// What builds.
    pub(crate) builder: Builder,
    /// `buildah` may pull base images from registries elsewhere.
    pub(crate) outside: bool,
}

/// The registry that a call is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Host and port of its login server.
    pub(crate) login_server: &'a str,
    /// Its id as a resource.
    pub(crate) id: &'a str,
}

/// The builds of all registries.
pub(crate) struct Builds {
    options: BuildOptions,
    runs: Runs,
    /// Where builds have their folders.
    work: PathBuf,
    storage: Arc<Storage>,
    /// Where clients find the storage, with no slash at its end.
    address: String,
    images: Arc<dyn Images>,
    slots: Semaphore,
    /// How to end the runs that have not ended.
    stops: Mutex<BTreeMap<(String, String), Stop>>,
}

impl Builds {
    /// Opens what is kept in `folder`. Runs that a killed process left are ended.
    pub(crate) fn open(
        folder: &Path,
        storage: Arc<Storage>,
        address: String,
        images: Arc<dyn Images>,
        options: BuildOptions,
    ) -> io::Result<Arc<Self>> {
        let (runs, lost) = Runs::open(folder)?;
        let work = folder.join("work");
        mounts::renew(&work)?;
        for (registry, run) in lost {
            // A run whose log is gone is over all the same.
            let _ = storage.describe(&source::log(&registry, &run.id), "complete", run.status.in_log());
        }
        let stops = Mutex::new(BTreeMap::new());
        Ok(Arc::new(Self { options, runs, work, storage, address, images, slots: Semaphore::new(AT_ONCE), stops }))
    }

    /// `listBuildSourceUploadUrl`: where a context may be put.
    pub(crate) fn upload_url(&self, registry: &Target<'_>) -> Result<Value, Refused> {
        self.storage.sweep(&source::folder(registry.name, "source"), Instant::now().before(KEPT))?;
        let (path, name) = source::fresh(registry.name)?;
        let link = self.storage.link(&self.address, &name, Permission::Write, Instant::now().after(LINK));
        Ok(json!({ "uploadUrl": link, "relativePath": path }))
    }

    /// `scheduleRun`: begins a build. To be called where tasks can be spawned.
    pub(crate) fn schedule(self: &Arc<Self>, registry: &Target<'_>, body: &Value) -> Result<Value, Refused> {
        let request = Request::read(body)?;
        let archive = source::uploaded(registry.name, &request.source_location, &self.storage)?;
        names::check(&request.image_names, registry)?;
        let now = Instant::now();
        let run = self.runs.add(registry.name, |id| Run::new(id, &request, now))?;
        let names = names::resolved(&request.image_names, registry, &run.id, now)?;
        let log = Log::begin(Arc::clone(&self.storage), source::log(registry.name, &run.id), request.secrets())?;
        let stop = Stop::default();
        self.stops().insert((registry.name.into(), run.id.clone()), stop.clone());
        let shown = run.shown(registry.id);
        let job = Job {
            builds: Arc::clone(self),
            registry: registry.name.into(),
            login_server: registry.login_server.into(),
            id: run.id,
            request,
            names,
            log,
            stop,
            archive,
        };
        tokio::spawn(job.run());
        Ok(shown)
    }

    /// The list of runs, the newest first.
    pub(crate) fn list(
        &self,
        registry: &Target<'_>,
        filter: Option<&str>,
        top: Option<usize>,
    ) -> Result<Value, Refused> {
        let filter = Filter::read(filter.unwrap_or_default())?;
        let runs = self.runs.all(registry.name).into_iter().filter(|run| filter.wants(run));
        let shown: Vec<Value> = runs.take(top.unwrap_or(usize::MAX)).map(|run| run.shown(registry.id)).collect();
        Ok(json!({ "value": shown }))
    }

    /// One run.
    pub(crate) fn get(&self, registry: &Target<'_>, id: &str) -> Result<Value, Refused> {
        self.runs.get(registry.name, id).map(|run| run.shown(registry.id)).ok_or_else(|| no_run(registry, id))
    }

    /// Changes what can be changed of a run: whether it is archived.
    pub(crate) fn update(&self, registry: &Target<'_>, id: &str, body: &Value) -> Result<Value, Refused> {
        let archived = body.get("isArchiveEnabled").and_then(Value::as_bool);
        let change = |run: &mut Run| run.archived = archived.unwrap_or(run.archived);
        let run = self.runs.change(registry.name, id, change)?;
        run.map(|run| run.shown(registry.id)).ok_or_else(|| no_run(registry, id))
    }

    /// Ends a run, if it has not ended.
    pub(crate) fn cancel(&self, registry: &Target<'_>, id: &str) -> Result<(), Refused> {
        self.runs.get(registry.name, id).ok_or_else(|| no_run(registry, id))?;
        if let Some(stop) = self.stops().get(&(registry.name.to_string(), id.to_string())) {
            stop.cancel();
        }
        Ok(())
    }

    /// `listLogSasUrl`: where a run's log is read.
    pub(crate) fn log_link(&self, registry: &Target<'_>, id: &str) -> Result<Value, Refused> {
        self.runs.get(registry.name, id).ok_or_else(|| no_run(registry, id))?;
        let (name, until) = (source::log(registry.name, id), Instant::now().after(LINK));
        Ok(json!({ "logLink": self.storage.link(&self.address, &name, Permission::Read, until) }))
    }

    /// Ends and forgets the runs of a registry that is no more.
    pub(crate) fn forget(&self, registry: &str) -> io::Result<()> {
        for ((name, _), stop) in self.stops().iter() {
            if name == registry {
                stop.cancel();
            }
        }
        for folder in ["source", "logs"] {
            self.storage.sweep(&source::folder(registry, folder), Instant::now())?;
        }
        self.runs.forget(registry)
    }

    /// Ends all runs, and waits a little until they have: the process is about to end.
    pub(crate) async fn end(&self) {
        self.stops().values().for_each(Stop::cancel);
        for _ in 0..PATIENCE {
            if self.stops().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn stops(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, String), Stop>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down where a run stands.
    fn step(&self, registry: &str, id: &str, status: Status, error: Option<String>) -> io::Result<Option<Run>> {
        self.runs.change(registry, id, |run| {
            run.error = error.or_else(|| run.error.take());
            run.step(status, Instant::now());
        })
    }
}

fn no_run(registry: &Target<'_>, id: &str) -> Refused {
    let id = crate::text::shown(id, 60);
    Refused::not_found("ResourceNotFound", format!("The run '{id}' of the registry '{}' was not found.", registry.name))
}
