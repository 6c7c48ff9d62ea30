//! Layers, driven: from a descriptor to an index.

use super::{Registry, Transport};
use crate::{
    Descriptor, Digest, Error, RepositoryName,
    layers::{LayerIndex, Scan, ScanOptions, TocNext, TocPlan},
};
use alloc::format;

/// How to list a layer.
///
/// ```
/// use portolan::{Digest, client::LayerReading};
/// let reading = LayerReading { diff_id: Some(Digest::sha256(b"tar")), ..LayerReading::default() };
/// assert!(reading.tables);
/// ```
#[derive(Clone, Debug)]
pub struct LayerReading {
    /// Digest of the uncompressed layer, where the image's config has one: checked in the same pass.
    pub diff_id: Option<Digest>,
    /// Whether a table of contents will do where the layer has one (eStargz, zstd:chunked): it is read by range, and
    /// contents are not looked at.
    pub tables: bool,
}

impl Default for LayerReading {
    fn default() -> Self {
        Self { diff_id: None, tables: true }
    }
}

impl<T: Transport> Registry<T> {
    /// Lists the files of a layer in one pass that keeps none of them. `progress` is told how many bytes have come.
    ///
    /// A layer that breaks off or is broken gives an index all the same, with what came before and
    /// [`LayerFacts::partial`](crate::layers::LayerFacts::partial) set.
    ///
    /// # Errors
    /// As [`Registry::blob`], where nothing of the layer could be had.
    pub async fn layer_index(
        &self,
        repository: &RepositoryName,
        layer: &Descriptor,
        reading: LayerReading,
        mut progress: impl FnMut(u64),
    ) -> Result<LayerIndex, Error> {
        if !reading.tables {
            return self.scanned(repository, layer, reading, progress).await;
        }
        match self.table_of_contents(repository, layer, &mut progress).await {
            Ok(Some(index)) => Ok(index),
            Ok(None) => self.scanned(repository, layer, reading, progress).await,
            Err(error) => {
                let mut index = self.scanned(repository, layer, reading, progress).await?;
                index.facts.notes.push(format!("its table of contents is of no use: {error}"));
                Ok(index)
            }
        }
    }

    /// The listing that a layer brings along; nothing if it announces none.
    async fn table_of_contents(
        &self,
        repository: &RepositoryName,
        layer: &Descriptor,
        progress: &mut impl FnMut(u64),
    ) -> Result<Option<LayerIndex>, Error> {
        let Some(mut plan) = TocPlan::of(layer, &self.limits())? else { return Ok(None) };
        let mut received = 0;
        loop {
            let range = plan.range();
            let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
            let part = self.blob_range(repository, &layer.digest, range.start, length).await?;
            received += part.bytes.len() as u64;
            progress(received);
            match plan.accept(&part.bytes)? {
                TocNext::More(next) => plan = next,
                TocNext::Index(index) => return Ok(Some(index)),
            }
        }
    }

    /// The listing of all bytes of a layer.
    async fn scanned(
        &self,
        repository: &RepositoryName,
        layer: &Descriptor,
        reading: LayerReading,
        mut progress: impl FnMut(u64),
    ) -> Result<LayerIndex, Error> {
        let mut stream = self.blob(repository, &layer.digest, Some(layer.size)).await?;
        let mut scan = Scan::new(self.scan_options(layer, reading));
        while let Some(chunk) = stream.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => return Ok(scan.abandon(error)),
            };
            if scan.push(chunk.as_ref()).is_err() {
                break;
            }
            progress(scan.received());
        }
        Ok(scan.into_index())
    }

    fn scan_options(&self, layer: &Descriptor, reading: LayerReading) -> ScanOptions {
        ScanOptions {
            size: Some(layer.size),
            limits: self.limits(),
            media_type: Some(layer.media_type.clone()),
            // The blob's stream does that.
            verify: false,
            diff_id: reading.diff_id,
            ..ScanOptions::new(layer.digest.clone())
        }
    }
}
