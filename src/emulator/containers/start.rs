//! Making a group: pulling, checking, and running if that can be done.

use super::{
    Containers, Refused, Runtime,
    group::{Key, Provisioning},
    instance::{Instance, InstanceState},
    request::{Credential, Request, Restart, Wanted},
    runtime::{self, Prepared},
};
use crate::{
    Reference,
    emulator::{
        clock::Instant,
        failure::{Failure, Stop},
        images::{self, Pulled},
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::time::Duration;

/// Pauses before a container is started again: the first and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// How often a container that waits is asked whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// An image that may be pulled, for a container.
#[derive(Clone)]
pub(super) struct Pull {
    registry: String,
    reference: Reference,
    wanted: Wanted,
    restart: Restart,
}

/// Checks that all images are there and may be pulled.
pub(super) fn check(containers: &Containers, request: &Request, group: &str) -> Result<Vec<Pull>, Refused> {
    let pull = |wanted: &Wanted| {
        let reference = wanted.image.parse::<Reference>().ok().filter(|_| !wanted.image.contains("://"));
        let reference = reference.ok_or_else(|| inaccessible(&wanted.image, group, "its name is not valid"))?;
        let registry = containers.images.registry_at(reference.host().as_str()).ok_or_else(|| {
            let reason =
                format!("this emulator pulls from its own registries only and does not contact '{}'", reference.host());
            inaccessible(&wanted.image, group, &reason)
        })?;
        let user = credential(&request.credentials, reference.host().as_str());
        let user = user.map(|credential| (credential.user.as_str(), credential.password.as_str()));
        if !containers.door.may_pull(&registry, user, reference.repository().as_str()) {
            return Err(inaccessible(&wanted.image, group, "the registry refused the credential"));
        }
        let found = containers.images.manifest(&registry, reference.repository(), &reference.target())?;
        found.ok_or_else(|| inaccessible(&wanted.image, group, "there is no such image"))?;
        Ok(Pull { registry, reference, wanted: wanted.clone(), restart: request.restart })
    };
    request.containers.iter().map(pull).collect()
}

fn credential<'a>(credentials: &'a [Credential], host: &str) -> Option<&'a Credential> {
    credentials.iter().find(|credential| credential.server.eq_ignore_ascii_case(host))
}

/// ACI's words, and the reason, which it does not give.
fn inaccessible(image: &str, group: &str, reason: &str) -> Refused {
    let image = crate::text::shown(image, 300);
    Refused::bad(
        "InaccessibleImage",
        format!(
            "The image '{image}' in container group '{group}' is not accessible. Please check the image and registry credential. \
         ({reason})"
        ),
    )
}

/// A group that begins.
pub(super) struct Start {
    containers: Arc<Containers>,
    key: Key,
    pulls: Vec<Pull>,
    generation: u64,
    /// Says that something is under way.
    _busy: Arc<()>,
}

impl Start {
    pub(super) fn new(containers: &Arc<Containers>, key: Key, pulls: Vec<Pull>, generation: u64) -> Self {
        let _busy = Arc::clone(&containers.busy);
        Self { containers: Arc::clone(containers), key, pulls, generation, _busy }
    }

    /// Pulls all images, then runs all containers, each for itself.
    pub(super) async fn run(self) {
        let start = Arc::new(self);
        let mut ending = Stop::default();
        let pulls = start.pulls.clone();
        start.containers.change(&start.key, start.generation, |group| {
            group.provisioning = Provisioning::Creating;
            group.pulls = pulls;
            ending = group.ending.clone();
        });
        let (pulling, stop) = (Arc::clone(&start), ending.clone());
        let pulled = tokio::task::spawn_blocking(move || pulling.pull_all(&stop)).await.unwrap_or_default();
        let whole = pulled.iter().all(Option::is_some);
        start.containers.change(&start.key, start.generation, |group| {
            group.provisioning = if whole { Provisioning::Succeeded } else { Provisioning::Failed };
        });
        for (at, prepared) in pulled.into_iter().enumerate() {
            if let Some(prepared) = prepared {
                tokio::spawn(Arc::clone(&start).keep(at, prepared, ending.clone()));
            }
        }
        start.containers.write_down();
    }

    fn note(&self, at: usize, change: impl FnOnce(&mut Instance)) {
        if self.containers.change_one(&self.key, self.generation, at, change) {
            self.containers.write_down();
        }
    }

    fn pull_all(&self, stop: &Stop) -> Vec<Option<Prepared>> {
        self.pulls.iter().enumerate().map(|(at, pull)| self.pull(at, pull, stop)).collect()
    }

    /// Pulls one image and makes it ready to run; nothing if that failed.
    fn pull(&self, at: usize, pull: &Pull, stop: &Stop) -> Option<Prepared> {
        let image = &pull.wanted.image;
        self.note(at, |instance| instance.event("Normal", "Pulling", format!("pulling image \"{image}\"")));
        match self.pulled(pull, stop) {
            Ok((prepared, digest, size)) => {
                let message =
                    format!("Successfully pulled image \"{image}\" ({digest}, {size} bytes of layers, all verified)");
                self.note(at, |instance| instance.event("Normal", "Pulled", message));
                Some(prepared)
            }
            Err(failure) => {
                let reason = failure.to_string();
                self.note(at, |instance| {
                    instance.event("Warning", "Failed", format!("Failed to pull image \"{image}\": {reason}"));
                    instance.log.line(&format!("[emulator] the image could not be pulled: {reason}"));
                    instance.state = InstanceState::Waiting(reason);
                });
                None
            }
        }
    }

    fn pulled(&self, pull: &Pull, stop: &Stop) -> Result<(Prepared, String, u64), Failure> {
        let images = &*self.containers.images;
        let pulled: Pulled = images::pull(images, &pull.registry, &pull.reference, &images::machine())?;
        let size = pulled.verify(images)?;
        stop.check()?;
        let digest = pulled.manifest.digest().to_string();
        let prepared = if self.containers.runtime == Runtime::Nothing {
            Prepared::Nothing("running containers is switched off".into())
        } else {
            runtime::prepare(&self.containers, &pulled, &pull.wanted, stop)?
        };
        Ok((prepared, digest, size))
    }

    /// Runs a container, again and again if that is wanted.
    async fn keep(self: Arc<Self>, at: usize, prepared: Prepared, ending: Stop) {
        let run = match prepared {
            Prepared::Nothing(reason) => return self.not_run(at, &reason),
            Prepared::Run(run) => run,
        };
        let Some(restart) = self.pulls.get(at).map(|pull| pull.restart) else { return };
        let mut pause = PAUSES.0;
        loop {
            let mut log = None;
            self.note(at, |instance| {
                instance.event("Normal", "Created", "Created container (buildah, isolation by chroot)");
                instance.event("Normal", "Started", "Started container");
                instance.state = InstanceState::Running(Instant::now());
                log = Some(instance.log.clone());
            });
            let Some(log) = log else { return };
            let status = run.run(&log, &ending).await;
            if ending.check().is_err() {
                return;
            }
            let status = match status {
                Ok(status) => status,
                Err(failure) => return self.broken(at, &failure),
            };
            self.note(at, |instance| {
                instance.ended(status, if status == Some(0) { "Completed" } else { "Error" });
            });
            if !restart.again(status) {
                return;
            }
            if wait(&ending, pause).await.is_err() {
                return;
            }
            pause = (pause * 2).min(PAUSES.1);
            self.note(at, |instance| instance.restarts += 1);
        }
    }

    fn not_run(&self, at: usize, reason: &str) {
        let message = format!("the image was pulled and verified; the container was not run: {reason}");
        self.note(at, |instance| {
            instance.event("Warning", "NotRun", message.clone());
            instance.log.line(&format!("[emulator] {message}"));
            instance.state = InstanceState::Waiting(message);
        });
    }

    fn broken(&self, at: usize, failure: &Failure) {
        let message = failure.to_string();
        self.note(at, |instance| {
            instance.event("Warning", "Failed", format!("Error: {message}"));
            instance.log.line(&format!("[emulator] the container could not be run: {message}"));
            instance.ended(None, "Error");
        });
    }
}

/// Waits, unless it is to end before.
async fn wait(ending: &Stop, pause: Duration) -> Result<(), Failure> {
    let until = tokio::time::Instant::now() + pause;
    while tokio::time::Instant::now() < until {
        ending.check()?;
        tokio::time::sleep(LOOK).await;
    }
    ending.check()
}
