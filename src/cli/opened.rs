//! From a reference to the files of its image.

use super::{
    Reading,
    exit::Failure,
    fetch::{self, Found},
    output::{Progress, cell, size},
};
use clap::Args;
use portolan::{
    Platform, Reference,
    cache::IndexCache,
    client::{FilesOptions, FilesProgress, Image, ImageFiles, ReqwestTransport},
};
use std::{
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

/// How layers are read.
#[derive(Args)]
pub(super) struct Layers {
    /// Neither reads nor keeps listings in the cache.
    #[arg(long)]
    no_cache: bool,
    /// Reads layers whole even if they bring a table of contents (eStargz, zstd:chunked).
    #[arg(long)]
    no_toc: bool,
}

/// An image whose layers were listed.
pub(super) struct Opened {
    pub(super) reference: Reference,
    pub(super) image: Image,
    pub(super) files: ImageFiles<ReqwestTransport>,
}

/// Lists all layers of an image, and says on stderr what is odd about them.
pub(super) async fn open(
    text: &str,
    platform: Option<&Platform>,
    reading: &Reading,
    layers: &Layers,
) -> Result<Opened, Failure> {
    let Found { reference, registry, identity, image } = fetch::image(text, platform, reading).await?;
    let cache = IndexCache::of_user().filter(|_| !layers.no_cache).map(|cache| (cache, identity));
    let options = FilesOptions { cache, tables: !layers.no_toc, ..FilesOptions::default() };
    let progress = LayersProgress::new(&reference, &image);
    let repository = reference.repository();
    let files = registry.files(repository, &image, options, move |step| progress.step(step)).await?;
    let opened = Opened { reference, image, files };
    opened.warn()?;
    Ok(opened)
}

impl Opened {
    /// What a person should know before trusting the view.
    fn warn(&self) -> Result<(), Failure> {
        let mut err = std::io::stderr().lock();
        for (place, layer) in self.files.layers().iter().enumerate() {
            let mut say = |text: &str| writeln!(err, "portolan: layer {}: {}", place + 1, cell(text));
            if layer.has_wrong_diff_id() {
                say("its uncompressed bytes are not those that the config names (diff_id)")?;
            }
            match &layer.facts {
                Ok(facts) => facts.notes.iter().try_for_each(|note| say(note))?,
                Err(error) => say(&error.to_string())?,
            }
            if let Some(error) = layer.facts.as_ref().ok().and_then(|facts| facts.partial.as_ref()) {
                say(&format!("listed in part only: {error}"))?;
            }
        }
        Ok(())
    }

    /// The failure that a view which is not whole ends with, after what there is was written.
    pub(super) fn complete(&self) -> Result<(), Failure> {
        self.files.partial().map_or(Ok(()), |(_, error)| Err(Failure::Incomplete(error)))
    }
}

/// The image does not show it.
pub(super) fn no_such_path(path: &str) -> Failure {
    Failure::NoPath(cell(path))
}

/// How many bytes of all layers have come, on a terminal.
struct LayersProgress {
    line: Progress,
    total: u64,
    received: Mutex<Vec<u64>>,
}

impl LayersProgress {
    fn new(reference: &Reference, image: &Image) -> Arc<Self> {
        let layers = image.manifest.image().map_or(&[][..], |manifest| &manifest.layers);
        Arc::new(Self {
            line: Progress::new(format!("reading the layers of {reference}")),
            total: layers.iter().map(|layer| layer.size).fold(0, u64::saturating_add),
            received: Mutex::new(vec![0; layers.len()]),
        })
    }

    fn step(&self, step: FilesProgress) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(layer) = received.get_mut(step.layer) {
            *layer = step.received;
        }
        let sum = received.iter().copied().fold(0, u64::saturating_add);
        self.line.say(format!("reading layers: {} of {}", size(sum), size(self.total)));
    }
}
