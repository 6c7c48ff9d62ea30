//! The files of an image: all its layers listed, one over another.

use super::{LayerReading, Registry, Transport, registry::Image};
use crate::{
    Cause, Descriptor, Digest, Error, LimitExceeded, RepositoryName,
    cache::{Identity, IndexCache},
    layers::{Checkpoint, ImageTree, LayerFacts, LayerIndex, Listing, Source},
};
use alloc::{sync::Arc, vec::Vec};
use tokio::task::JoinSet;

/// How to open the files of an image.
#[derive(Clone, Debug)]
pub struct FilesOptions {
    /// Where indexes of layers are kept, and for whom.
    pub cache: Option<(IndexCache, Identity)>,
    /// Whether tables of contents will do: see [`LayerReading::tables`].
    pub tables: bool,
    /// Whether uncompressed layers are held against the config's `diff_ids`.
    pub diff_ids: bool,
}

impl Default for FilesOptions {
    fn default() -> Self {
        Self { cache: None, tables: true, diff_ids: true }
    }
}

/// How far a layer is. See [`Registry::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilesProgress {
    /// Place of the layer, the base first.
    pub layer: usize,
    /// Bytes of it that have come.
    pub received: u64,
    /// Nothing more of it will come.
    pub ended: bool,
}

/// One layer of [`ImageFiles`].
#[derive(Clone, Debug)]
pub struct OpenLayer {
    /// As the manifest has it.
    pub descriptor: Descriptor,
    /// Digest of the uncompressed layer, as the config has it.
    pub diff_id: Option<Digest>,
    /// What is known of it, or why nothing is.
    pub facts: Result<LayerFacts, Error>,
    /// Where decompression can begin.
    pub checkpoints: Vec<Checkpoint>,
    /// True if it came from the cache.
    pub cached: bool,
}

/// The files of an image. A layer that cannot be read is an empty one here; see [`ImageFiles::partial`].
#[derive(Debug)]
pub struct ImageFiles<T> {
    pub(super) registry: Registry<T>,
    pub(super) repository: RepositoryName,
    layers: Vec<OpenLayer>,
    tree: ImageTree,
    overflow: Option<LimitExceeded>,
}

impl<T> ImageFiles<T> {
    /// The layers, the base first: as many as the tree has.
    #[must_use]
    pub fn layers(&self) -> &[OpenLayer] {
        &self.layers
    }

    /// The layers one over another.
    #[must_use]
    pub fn tree(&self) -> &ImageTree {
        &self.tree
    }

    /// Why the view is not whole, with the place of the layer; nothing where it is.
    #[must_use]
    pub fn partial(&self) -> Option<(usize, Error)> {
        let of = |layer: &OpenLayer| match &layer.facts {
            Ok(facts) => facts.partial.clone(),
            Err(error) => Some(error.clone()),
        };
        let layer = self.layers.iter().enumerate().find_map(|(place, layer)| Some((place, of(layer)?)));
        layer.or_else(|| Some((self.layers.len().saturating_sub(1), self.overflow.clone()?.into())))
    }
}

impl OpenLayer {
    /// True if the layer's uncompressed bytes are others than the config says.
    #[must_use]
    pub fn has_wrong_diff_id(&self) -> bool {
        let actual = self.facts.as_ref().ok().and_then(|facts| facts.diff_id.as_ref());
        actual.zip(self.diff_id.as_ref()).is_some_and(|(actual, expected)| actual != expected)
    }
}

impl<T: Transport> Registry<T> {
    /// Lists all layers of an image, several at once, and lays them one over another. `progress` may be called by any
    /// thread.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) if it has no layers; what fails in one layer is kept there.
    pub async fn files(
        &self,
        repository: &RepositoryName,
        image: &Image,
        options: FilesOptions,
        progress: impl Fn(FilesProgress) + Send + Sync + 'static,
    ) -> Result<ImageFiles<T>, Error> {
        let wanted = wanted(image)?;
        let (options, progress) = (Arc::new(options), Arc::new(progress));
        let mut tasks = JoinSet::new();
        for (place, (descriptor, diff_id)) in wanted.iter().cloned().enumerate() {
            let (registry, repository) = (self.clone(), repository.clone());
            let (options, progress) = (options.clone(), progress.clone());
            tasks.spawn(async move {
                let told = progress.clone();
                let read = |received| told(FilesProgress { layer: place, received, ended: false });
                let opened = open(&registry, &repository, &descriptor, diff_id, &options, read).await;
                progress(FilesProgress { layer: place, received: descriptor.size, ended: true });
                (place, opened)
            });
        }
        let mut files = ImageFiles {
            registry: self.clone(),
            repository: repository.clone(),
            layers: Vec::new(),
            tree: ImageTree::new(&self.limits()),
            overflow: None,
        };
        let mut opened: Vec<Option<Opened>> = wanted.iter().map(|_| None).collect();
        while let Some(ended) = tasks.join_next().await {
            let (place, layer) = ended.map_err(|_| Cause::Misuse("a layer's task was ended from outside"))?;
            if let Some(slot) = opened.get_mut(place) {
                *slot = Some(layer);
            }
            files.push_ready(&wanted, &mut opened);
        }
        Ok(files)
    }
}

/// A layer's index, and whether it was cached.
type Opened = Result<(LayerIndex, bool), Error>;
type Wanted = (Descriptor, Option<Digest>);

fn wanted(image: &Image) -> Result<Vec<Wanted>, Error> {
    if let Some(layers) = &image.layers {
        return Ok(layers.rows().iter().map(|row| (row.descriptor.clone(), row.diff_id.clone())).collect());
    }
    let manifest = image.manifest.image();
    let manifest = manifest.ok_or(crate::ProtocolError::Unsupported("the manifest is of no kind that has layers"))?;
    Ok(manifest.layers.iter().map(|layer| (layer.clone(), None)).collect())
}

async fn open<T: Transport>(
    registry: &Registry<T>,
    repository: &RepositoryName,
    layer: &Descriptor,
    diff_id: Option<Digest>,
    options: &FilesOptions,
    progress: impl FnMut(u64) + Send,
) -> Opened {
    let limits = registry.limits();
    if let Some((cache, identity)) = options.cache.clone() {
        let layer = layer.clone();
        let load = tokio::task::spawn_blocking(move || cache.load(&identity, &layer, &limits));
        // A listing from a table of contents is of no use to who wants the layer looked at.
        let usable = |index: &LayerIndex| options.tables || index.facts.source == Source::Layer;
        if let Some(index) = load.await.ok().flatten().filter(usable) {
            return Ok((index, true));
        }
    }
    let diff_id = diff_id.filter(|_| options.diff_ids);
    let reading = LayerReading { diff_id, tables: options.tables };
    let index = registry.layer_index(repository, layer, reading, progress).await?;
    let Some((cache, identity)) = options.cache.clone() else { return Ok((index, false)) };
    let kept = tokio::task::spawn_blocking(move || {
        // A cache that cannot be written is a slower next time, and no failure.
        let _ = cache.store(&identity, &index);
        index
    });
    let index = kept.await.map_err(|_| Error::from(Cause::Misuse("writing an index was ended from outside")))?;
    Ok((index, false))
}

impl<T> ImageFiles<T> {
    /// Lays on the layers that are there, in their order.
    fn push_ready(&mut self, wanted: &[Wanted], opened: &mut [Option<Opened>]) {
        while let Some(layer) = opened.get_mut(self.layers.len()).and_then(Option::take) {
            let Some((descriptor, diff_id)) = wanted.get(self.layers.len()).cloned() else { return };
            let (facts, listing, checkpoints, cached) = match layer {
                Ok((index, cached)) => (Ok(index.facts), index.listing, index.checkpoints, cached),
                Err(error) => (Err(error), Listing::new(), Vec::new(), false),
            };
            if let Err(limit) = self.tree.push_layer(descriptor.digest.clone(), listing) {
                self.overflow.get_or_insert(limit);
            }
            self.layers.push(OpenLayer { descriptor, diff_id, facts, checkpoints, cached });
        }
    }
}
