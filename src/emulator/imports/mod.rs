//! Imports: images that are copied from one registry of the emulator into another, with all that they name.
//!
//! Who may read the source is decided before; what is copied is read and written where the login servers route to.

mod copy;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use request::{Request, Source};

use super::{
    failure::{Failure, Stop},
    images::Images,
    random,
    refused::Refused,
};
use crate::{Manifest, RepositoryName, Tag, reference::ReferenceTarget};
use alloc::{
    collections::{BTreeMap, VecDeque},
    format,
    string::String,
    sync::Arc,
    vec::Vec,
};
use copy::Copy;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ended imports that are remembered.
const KEPT: usize = 1_000;

/// The imports of all registries.
pub(crate) struct Imports {
    images: Arc<dyn Images>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    imports: BTreeMap<String, Import>,
    /// In the order in which they began.
    ids: VecDeque<String>,
}

struct Import {
    registry: String,
    from: String,
    stop: Stop,
    outcome: Option<Result<(), Refused>>,
}

/// What is to be copied where.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The source's registry.
    pub(crate) from: String,
    /// The target's.
    pub(crate) to: String,
    /// What of the source.
    pub(crate) image: (RepositoryName, ReferenceTarget),
    /// Repositories, each with the tags that it gets.
    pub(crate) targets: BTreeMap<RepositoryName, Vec<Tag>>,
    /// Tags that are there may get another image.
    pub(crate) force: bool,
}

impl Imports {
    pub(crate) fn new(images: Arc<dyn Images>) -> Arc<Self> {
        Arc::new(Self { images, known: Mutex::default() })
    }

    /// The registry at that host, if it is one of the emulator's.
    pub(crate) fn registry_at(&self, host: &str) -> Option<String> {
        self.images.registry_at(host)
    }

    /// Begins an import; the id to ask for it by. Blocks; to be called where tasks can be spawned.
    ///
    /// # Errors
    /// If there is no such image, or tags are in the way: then nothing is copied.
    pub(crate) fn begin(self: &Arc<Self>, job: Job) -> Result<String, Refused> {
        let (repository, target) = &job.image;
        let manifest = self.images.manifest(&job.from, repository, target)?.ok_or_else(|| unknown(&job))?;
        self.check_tags(&job)?;
        let (id, stop) = (random::uuid()?, Stop::default());
        self.lock()
            .add(&id, Import { registry: job.to.clone(), from: job.from.clone(), stop: stop.clone(), outcome: None });
        let imports = Arc::clone(self);
        let copying = tokio::task::spawn_blocking(move || imports.copy(&job, &manifest, &stop));
        let (imports, own) = (Arc::clone(self), id.clone());
        tokio::spawn(async move {
            let copied = copying.await.unwrap_or_else(|_| Err(Failure::Broken("the import broke off".into())));
            if let Some(import) = imports.lock().imports.get_mut(&own) {
                import.outcome = Some(copied.map_err(|failure| failed(&failure)));
            }
        });
        Ok(id)
    }

    fn check_tags(&self, job: &Job) -> Result<(), Refused> {
        let all = job.targets.iter().flat_map(|(repository, tags)| tags.iter().map(move |tag| (repository, tag)));
        for (repository, tag) in all.filter(|_| !job.force) {
            if self.images.manifest(&job.to, repository, &tag.clone().into())?.is_some() {
                let message = format!("Tag {repository}:{tag} already exists in target registry.");
                return Err(Refused { status: 409, code: "Conflict", message });
            }
        }
        Ok(())
    }

    fn copy(&self, job: &Job, manifest: &Manifest, stop: &Stop) -> Result<(), Failure> {
        for (repository, tags) in &job.targets {
            Copy::new(&*self.images, job, repository, stop).manifest(manifest, tags)?;
        }
        Ok(())
    }

    /// How an import of a registry ended; nothing inside while it has not, nothing at all where it is not known.
    #[allow(clippy::option_option, reason = "not known, not ended, ended")]
    pub(crate) fn outcome(&self, registry: &str, id: &str) -> Option<Option<Result<(), Refused>>> {
        let known = self.lock();
        known.imports.get(id).filter(|import| import.registry == registry).map(|import| import.outcome.clone())
    }

    /// Ends what is under way from or to a registry that is no more, and forgets what was imported there.
    pub(crate) fn forget(&self, registry: &str) {
        self.lock().imports.retain(|_, import| {
            if import.registry == registry || import.from == registry {
                import.stop.cancel();
            }
            import.registry != registry
        });
    }

    /// Ends all that are under way: the process is about to end.
    pub(crate) fn end(&self) {
        self.lock().imports.values().for_each(|import| import.stop.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn add(&mut self, id: &str, import: Import) {
        self.imports.insert(id.into(), import);
        self.ids.push_back(id.into());
        let oldest = |ids: &VecDeque<String>| ids.front().filter(|_| ids.len() > KEPT).cloned();
        while let Some(oldest) = oldest(&self.ids)
            && self.imports.get(&oldest).is_none_or(|import| import.outcome.is_some())
        {
            self.imports.remove(&oldest);
            self.ids.pop_front();
        }
    }
}

fn unknown(job: &Job) -> Refused {
    let (repository, target) = &job.image;
    let name = match target {
        ReferenceTarget::Tag(tag) => format!("{repository}:{tag}"),
        ReferenceTarget::Digest(digest) => format!("{repository}@{digest}"),
    };
    Refused::not_found(
        "ManifestUnknown",
        format!("The source image {name} was not found in the registry {}.", job.from),
    )
}

fn failed(failure: &Failure) -> Refused {
    match failure {
        Failure::Broken(reason) => Refused::broken(reason.as_str()),
        other => Refused::bad("ImportFailed", format!("The image could not be imported: {other}")),
    }
}
