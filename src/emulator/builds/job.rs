//! A build from its place in the queue to the last line of its log.

use super::{
    Builder, Builds, by_buildah, direct,
    image::{Base, Built},
    log::Log,
    request::Request,
    run::{OutputImage, Status},
    work::Work,
};
use crate::{
    Digest, RepositoryName, Tag,
    emulator::{
        buildah,
        clock::Instant,
        failure::{Failure, Stop},
        images,
        scratch::Scratch,
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use core::time::Duration;
use std::{io, path::PathBuf};

/// How often a queued build is asked whether it is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// A build, and all that it needs.
pub(super) struct Job {
    pub(super) builds: Arc<Builds>,
    pub(super) registry: String,
    pub(super) login_server: String,
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) names: Vec<(RepositoryName, Tag)>,
    pub(super) log: Log,
    pub(super) stop: Stop,
    pub(super) archive: PathBuf,
}

impl Job {
    /// Does it all. What goes wrong with the log or the list of runs can be told nobody.
    pub(super) async fn run(self) {
        let (builds, registry, id) = (Arc::clone(&self.builds), self.registry.clone(), self.id.clone());
        let log = self.log.clone();
        let result = self.build().await;
        let _ = finish(&builds, &registry, &id, &log, result);
        builds.stops().remove(&(registry, id));
    }

    async fn build(self) -> Result<Vec<OutputImage>, Failure> {
        let builds = Arc::clone(&self.builds);
        let _slot = loop {
            self.stop.check()?;
            if let Ok(slot) = tokio::time::timeout(LOOK, builds.slots.acquire()).await {
                break slot.map_err(|_| Failure::Canceled)?;
            }
        };
        self.step(Status::Started)?;
        let (stop, timeout) = (self.stop.clone(), self.request.timeout());
        let timer = tokio::spawn(async move {
            tokio::time::sleep(timeout).await;
            stop.time_out();
        });
        let result = tokio::task::spawn_blocking(move || self.work()).await;
        timer.abort();
        result.unwrap_or_else(|_| Err(Failure::Broken("the builder broke off".into())))
    }

    fn step(&self, status: Status) -> io::Result<()> {
        self.builds.step(&self.registry, &self.id, status, None).map(|_| ())
    }

    /// Builds and pushes.
    fn work(&self) -> Result<Vec<OutputImage>, Failure> {
        self.step(Status::Running)?;
        self.log.note("Downloading source code...")?;
        let scratch = Scratch::below(&self.builds.work)?;
        let created = Instant::now();
        let work = Work {
            request: &self.request,
            registry: &self.registry,
            images: &*self.builds.images,
            scratch: &scratch,
            log: &self.log,
            stop: &self.stop,
            archive: self.archive.clone(),
            created,
            outside: self.builds.options.outside,
        };
        self.log.note("Finished downloading source code")?;
        let timeout = self.request.timeout().as_secs();
        self.log
            .note(&format!("Executing step ID: build. Timeout(sec): {timeout}, Working directory: '', Network: ''"))?;
        let built = if self.builds.options.builder == Builder::Found && buildah::is_there() {
            self.log.note("Building with buildah")?;
            by_buildah::build(&work)
        } else {
            self.log.note("Building without a container runtime: RUN is not available")?;
            direct::build(&work)
        };
        let built = built?;
        self.stop.check()?;
        self.log.note("Successfully executed step ID: build")?;
        let pushed = self.push(&built)?;
        self.marked("build", created)?;
        self.dependencies(&built, &pushed)?;
        Ok(pushed)
    }

    fn marked(&self, step: &str, since: Instant) -> io::Result<()> {
        let nanoseconds = Instant::now().0.saturating_sub(since.0);
        let (seconds, rest) = (nanoseconds / 1_000_000_000, nanoseconds / 1_000 % 1_000_000);
        self.log.note(&format!("Step ID: {step} marked as successful (elapsed time in seconds: {seconds}.{rest:06})"))
    }

    /// Puts the image under all of its names.
    fn push(&self, built: &Built) -> Result<Vec<OutputImage>, Failure> {
        if !self.request.is_push_enabled || self.names.is_empty() {
            return Ok(Vec::new());
        }
        let began = Instant::now();
        self.log.note("Executing step ID: push. Timeout(sec): 3600, Working directory: '', Network: ''")?;
        let digest = Digest::sha256(&built.image.manifest);
        let mut pushed = Vec::new();
        for (repository, tag) in &self.names {
            let name = format!("{}/{repository}:{tag}", self.login_server);
            self.log.line(&format!("Successfully tagged {name}"))?;
            self.log.note(&format!("Pushing image: {name}, attempt 1"))?;
            self.log.line(&format!("The push refers to repository [{}/{repository}]", self.login_server))?;
            images::push(&*self.builds.images, &built.image, &self.registry, repository, tag)?;
            self.log.line(&format!("{tag}: digest: {digest} size: {}", built.image.manifest.len()))?;
            self.log.note(&format!("Successfully pushed image: {name}"))?;
            pushed.push(OutputImage {
                registry: self.login_server.clone(),
                repository: repository.to_string(),
                tag: tag.to_string(),
                digest: digest.to_string(),
            });
        }
        self.marked("push", began)?;
        Ok(pushed)
    }

    /// The block at the end of the log, as ACR writes it.
    fn dependencies(&self, built: &Built, pushed: &[OutputImage]) -> io::Result<()> {
        if pushed.is_empty() {
            return Ok(());
        }
        self.log.note("Populating digests for step ID: build...")?;
        self.log.note("Successfully populated digests for step ID: build")?;
        self.log.note("The following dependencies were found:")?;
        self.log.line("")?;
        for image in pushed {
            self.log.line("- image:")?;
            let OutputImage { registry, repository, tag, digest } = image;
            self.image(registry, repository, tag, digest)?;
            if let Some((runtime, others)) = built.bases.split_last() {
                self.log.line("  runtime-dependency:")?;
                self.base(runtime)?;
                for (at, base) in others.iter().enumerate() {
                    if at == 0 {
                        self.log.line("  buildtime-dependency:")?;
                    }
                    self.listed(base)?;
                }
            }
            self.log.line("  git: {}")?;
        }
        self.log.line("")
    }

    fn base(&self, base: &Base) -> io::Result<()> {
        let tag = base.reference.tag().map_or("", |tag| tag.as_str());
        self.image(base.reference.host().as_str(), base.reference.repository().as_str(), tag, base.digest.as_str())
    }

    fn listed(&self, base: &Base) -> io::Result<()> {
        let tag = base.reference.tag().map_or("", |tag| tag.as_str());
        self.log.line(&format!("  - registry: {}", base.reference.host()))?;
        self.log.line(&format!("    repository: {}", base.reference.repository()))?;
        self.log.line(&format!("    tag: {tag}"))?;
        self.log.line(&format!("    digest: {}", base.digest))
    }

    fn image(&self, registry: &str, repository: &str, tag: &str, digest: &str) -> io::Result<()> {
        for (key, value) in [("registry", registry), ("repository", repository), ("tag", tag), ("digest", digest)] {
            self.log.line(&format!("    {key}: {value}"))?;
        }
        Ok(())
    }
}

/// Writes the end: first what ARM says, then the log, whose mark tells clients that there is no more.
fn finish(
    builds: &Builds,
    registry: &str,
    id: &str,
    log: &Log,
    result: Result<Vec<OutputImage>, Failure>,
) -> io::Result<()> {
    let (status, error, images) = match result {
        Ok(images) => (Status::Succeeded, None, images),
        Err(failure) => {
            let status = Status::from(&failure);
            (status, Some(sentence(&failure)), Vec::new())
        }
    };
    let now = Instant::now();
    let error = error.map(|error| log.hidden(&error));
    let run = builds.runs.change(registry, id, |run| {
        run.images = images;
        run.error.clone_from(&error);
        run.step(status, now);
    })?;
    let seconds = run.map_or(0, |run| run.seconds(now));
    let last = match (status, error) {
        (Status::Succeeded, _) => format!("Run ID: {id} was successful after {seconds}s"),
        (Status::Canceled, _) => format!("Run ID: {id} was canceled after {seconds}s"),
        (Status::Timeout, _) => format!("Run ID: {id} timed out after {seconds}s"),
        (_, error) => format!("Run ID: {id} failed after {seconds}s. Error: {}", error.unwrap_or_default()),
    };
    log.line(&last)?;
    log.complete(status.in_log())
}

fn sentence(failure: &Failure) -> String {
    match failure {
        Failure::Failed(reason) => format!("failed during run, err: {reason}"),
        Failure::Broken(reason) => format!("the emulator could not carry out the run: {reason}"),
        Failure::Canceled => "the run was canceled".into(),
        Failure::TimedOut => "the run timed out".into(),
    }
}
