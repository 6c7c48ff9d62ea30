//! One registry, driven.

use super::{
    MaybeSend, Pages, Stream, Transport,
    drive::{Drive, Shared},
    erased::Erased,
    stream::Body,
};
use crate::{
    Cause, Descriptor, Digest, Error, ImageConfig, ImageIndex, ImageLayers, Manifest, ManifestKind, Platform,
    ProtocolError, ReferenceTarget, RegistryConfig, RepositoryName, Session,
    op::{
        BlobHead, BlobInfo, BlobRange, BlobRead, BlobSlice, Catalog, Fetched, ManifestGet, ManifestHead, ManifestInfo,
        Operation, PartialBlob, Ping, Pong, Referrers, ReferrersFound, Tags,
    },
};
use alloc::{string::String, sync::Arc, vec::Vec};
use core::ops::Range;

/// A registry over a [`Transport`]. Clones share tokens, back-off and connections; every method may be called at any
/// time from many tasks, and dropping its future cancels it.
pub struct Registry<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Registry<T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

/// An image: a manifest of one platform, and its config where it has one.
#[derive(Clone, Debug)]
pub struct Image {
    /// The manifest.
    pub manifest: Manifest,
    /// The index through which the platform was chosen.
    pub index: Option<Manifest>,
    /// The platform chosen from the index.
    pub platform: Option<Platform>,
    /// The config; nothing for artifacts that are no image.
    pub config: Option<ImageConfig>,
    /// The config's bytes, verified; empty where there is none.
    pub config_bytes: Vec<u8>,
    /// Layers with their history; nothing where there is no config.
    pub layers: Option<ImageLayers>,
    /// True if the tag moved meanwhile.
    pub moved: bool,
}

impl<T: Transport> Registry<T> {
    /// A registry; nothing is sent yet.
    pub fn new(transport: T, config: RegistryConfig) -> Self {
        Self::over(transport, Session::new(config))
    }

    /// The same for a session made by other means.
    pub fn over(transport: T, session: Session) -> Self {
        Self { shared: Arc::new(Shared::new(transport, session)) }
    }

    /// Drives any operation to its end.
    ///
    /// # Errors
    /// Whatever the operation, the registry or the network has to say.
    pub async fn run<O>(&self, op: O) -> Result<O::Output, Error>
    where
        O: Operation + MaybeSend,
        O::Output: MaybeSend,
    {
        let (op, output) = Erased::new(op);
        Drive::new(self.shared.clone(), op).finish().await?;
        output.take().ok_or_else(|| Cause::Misuse("an operation without output").into())
    }

    /// Drives a streamed operation to the head of its answer and hands out the body.
    ///
    /// # Errors
    /// As [`Registry::run`], up to the head; later errors come from the stream.
    pub async fn open<O>(&self, op: O) -> Result<Stream<T, O>, Error>
    where
        O: Operation + MaybeSend + 'static,
        O::Output: MaybeSend,
    {
        let (op, output) = Erased::new(op);
        Ok(Stream { body: self.open_erased(op).await?, output })
    }

    /// The same for an operation that has lost its type.
    pub(crate) async fn open_erased(&self, op: Erased<'static>) -> Result<Body<T>, Error> {
        Body::open(Drive::new(self.shared.clone(), op)).await
    }

    /// Checks `/v2/`.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn ping(&self) -> Result<Pong, Error> {
        self.run(Ping::new()).await
    }

    /// The repositories, page by page; `size` is the page size asked for.
    #[must_use]
    pub fn repositories(&self, size: Option<u32>) -> Pages<T, Catalog> {
        Pages::new(self.clone(), Catalog::new(), size)
    }

    /// The tags of a repository, page by page.
    #[must_use]
    pub fn tags(&self, repository: &RepositoryName, size: Option<u32>) -> Pages<T, Tags> {
        Pages::new(self.clone(), Tags::of(repository), size)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn manifest(&self, repository: &RepositoryName, target: &ReferenceTarget) -> Result<Fetched, Error> {
        self.run(ManifestGet::new(repository, target.clone())).await
    }

    /// Looks at a manifest without reading it, where the registry can.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn head(&self, repository: &RepositoryName, target: &ReferenceTarget) -> Result<ManifestInfo, Error> {
        self.run(ManifestHead::new(repository, target.clone())).await
    }

    /// Streams a blob. `size` is its descriptor's, where there is one: it is checked, and needed to see a short body.
    ///
    /// # Errors
    /// As [`Registry::run`], up to the head; later errors come from the stream.
    pub async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: Option<u64>,
    ) -> Result<Stream<T, BlobRead>, Error> {
        self.open(BlobRead::new(repository, digest, size)?).await
    }

    /// Looks whether a blob is there.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn blob_head(&self, repository: &RepositoryName, digest: &Digest) -> Result<BlobInfo, Error> {
        self.run(BlobHead::new(repository, digest)).await
    }

    /// Reads part of a blob; nothing verifies a part.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn blob_range(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        first: u64,
        length: usize,
    ) -> Result<PartialBlob, Error> {
        self.run(BlobRange::new(repository, digest, first, length)).await
    }

    /// Streams a stretch of a blob whose descriptor says `size`; nothing verifies it. Drop the stream to stop early.
    ///
    /// # Errors
    /// As [`Registry::run`], up to the head; later errors come from the stream.
    pub async fn blob_slice(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: u64,
        range: Range<u64>,
    ) -> Result<Stream<T, BlobSlice>, Error> {
        self.open(BlobSlice::new(repository, digest, size, range)).await
    }

    /// Finds what refers to a manifest.
    ///
    /// # Errors
    /// As [`Registry::run`].
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<ReferrersFound, Error> {
        self.run(Referrers::of(repository, subject, artifact_type)).await
    }

    /// Reads an image: the manifest, of the platform asked for where there are several, and its config.
    ///
    /// Without a platform an index gives its first image.
    ///
    /// # Errors
    /// As [`Registry::run`]; [`Kind::NotFound`](crate::Kind::NotFound) has no better word for an index without the
    /// platform than `InvalidDocument` at `$.manifests`.
    pub async fn image(
        &self,
        repository: &RepositoryName,
        target: &ReferenceTarget,
        platform: Option<&Platform>,
    ) -> Result<Image, Error> {
        let fetched = self.manifest(repository, target).await?;
        self.image_from(repository, fetched, platform).await
    }

    /// Goes on from a manifest to its image, as [`Registry::image`] does.
    ///
    /// # Errors
    /// As [`Registry::image`].
    pub async fn image_from(
        &self,
        repository: &RepositoryName,
        fetched: Fetched,
        platform: Option<&Platform>,
    ) -> Result<Image, Error> {
        let Fetched { mut manifest, moved } = fetched;
        let (mut index, mut chosen_platform) = (None, None);
        let limit = self.limits().index_nesting;
        let mut depth = 0;
        while let ManifestKind::Index(list) = manifest.kind() {
            depth += 1;
            if depth > limit {
                return Err(crate::LimitExceeded { which: "index nesting", limit: u64::from(limit) }.into());
            }
            let chosen = choose(list, platform)?.clone();
            let inner = self.manifest(repository, &ReferenceTarget::Digest(chosen.digest)).await?.manifest;
            let outer = core::mem::replace(&mut manifest, inner);
            index.get_or_insert(outer);
            chosen_platform = chosen.platform.or(chosen_platform);
        }
        let (config, config_bytes) = self.config(repository, &manifest).await?;
        let layers = manifest.image().zip(config.as_ref()).map(|(image, config)| ImageLayers::join(image, config));
        Ok(Image { manifest, index, platform: chosen_platform, config, config_bytes, layers, moved })
    }

    async fn config(
        &self,
        repository: &RepositoryName,
        manifest: &Manifest,
    ) -> Result<(Option<ImageConfig>, Vec<u8>), Error> {
        let Some(image) = manifest.image().filter(|image| image.is_container_image()) else {
            return Ok((None, Vec::new()));
        };
        let limits = self.shared.session().limits().clone();
        let bytes = match &image.config.data {
            Some(data) => data.clone(),
            None => self.collect(repository, &image.config, limits.manifest).await?,
        };
        Ok((Some(ImageConfig::parse(&bytes, &limits)?), bytes))
    }

    /// Reads a small blob whole, verified.
    async fn collect(&self, repository: &RepositoryName, blob: &Descriptor, limit: usize) -> Result<Vec<u8>, Error> {
        if blob.size > limit as u64 {
            return Err(crate::LimitExceeded { which: "image config", limit: limit as u64 }.into());
        }
        let op = BlobRead::new(repository, &blob.digest, Some(blob.size))?.as_config();
        let mut body = self.open_erased(Erased::new(op).0).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await {
            bytes.extend_from_slice(chunk?.as_ref());
        }
        Ok(bytes)
    }

    /// What the registry has warned of, once each; safe to show.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.shared.session().warnings().to_vec()
    }

    pub(crate) fn limits(&self) -> crate::Limits {
        self.shared.session().limits().clone()
    }
}

fn choose<'a>(index: &'a ImageIndex, platform: Option<&Platform>) -> Result<&'a Descriptor, Error> {
    let found = match platform {
        Some(platform) => index.select(platform),
        None => index.first_image(),
    };
    found.ok_or_else(|| {
        let reason = "the index has no image of this platform";
        Error::new(Cause::Protocol(ProtocolError::Document { path: "$.manifests".into(), reason }))
    })
}

impl<T> core::fmt::Debug for Registry<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Registry").field("session", &*self.shared.session()).finish()
    }
}
