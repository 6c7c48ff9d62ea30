//! Tables of contents: the listing of a layer by two small ranges instead of all of it.
//!
//! | | eStargz | zstd:chunked |
//! |---|---|---|
//! | announced by the annotation | `containerd.io/snapshot/stargz/toc.digest` | `io.github.containers.zstd-chunked.manifest-checksum` |
//! | which is the sha256 of | the table | the table as it is compressed |
//! | where the table is | the footer says: the last 51 bytes, 47 in the first version | another annotation says, else the footer |
//! | what it is | `stargz.index.json`, the last file of the archive | a skippable frame, behind the archive |
//!
//! Both tables are one format, with a few fields of their own (`entries`). The listing is that of the archive, `stargz.index.json`
//! and the landmark files of eStargz among it, but for what a table does not tell: names that are not UTF-8, fractions
//! of seconds (eStargz rounds them, where an archive's are cut), and what is odd about headers.
//!
//! <https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md>,
//! <https://github.com/containers/storage/blob/main/docs/containers-storage-zstd-chunked.md>

mod announced;
mod contents;
mod entries;
mod estargz;
mod fields;
#[cfg(test)]
mod tests;
mod time;
mod unpacked;
mod zstd_chunked;

use super::LayerIndex;
use crate::{Descriptor, Digest, Error, IntegrityError, Limits};

use core::ops::Range;

/// A way to the table of contents of a layer.
///
/// Ask for [`TocPlan::range`], give what came to [`TocPlan::accept`], until there is a [`LayerIndex`]. Whatever goes wrong, the layer
/// can still be read from its beginning to its end by a [`Scan`](super::Scan).
///
/// ```
/// use portolan::{Descriptor, Digest, Limits, MediaType, layers::TocPlan};
/// let mut layer = Descriptor::new(MediaType::OCI_LAYER_GZIP, Digest::sha256(b"layer"), 1_000_000);
/// assert!(TocPlan::of(&layer, &Limits::DEFAULT)?.is_none());
/// let digest = Digest::sha256(b"table").to_string();
/// layer.annotations.insert("containerd.io/snapshot/stargz/toc.digest".into(), digest);
/// let plan = TocPlan::of(&layer, &Limits::DEFAULT)?.unwrap();
/// assert_eq!(plan.range().end, 1_000_000);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TocPlan {
    layer: Layer,
    limits: Limits,
    step: Step,
}

/// The layer whose table it is.
#[derive(Clone, Debug)]
struct Layer {
    digest: Digest,
    size: u64,
}

/// What is asked for.
#[derive(Clone, Debug)]
enum Step {
    Estargz(estargz::Step),
    ZstdChunked(zstd_chunked::Step),
}

/// What a range led to.
#[derive(Debug)]
pub enum TocNext {
    /// Another range.
    More(TocPlan),
    /// The table, which had its digest.
    Index(LayerIndex),
}

impl TocPlan {
    /// How to read the table that a layer's descriptor announces; nothing if it announces none.
    ///
    /// # Errors
    /// If what it says of the table cannot be.
    pub fn of(layer: &Descriptor, limits: &Limits) -> Result<Option<Self>, Error> {
        let step = announced::step(layer, limits)?;
        let plan = |step| {
            let layer = Layer { digest: layer.digest.clone(), size: layer.size };
            Self { layer, limits: limits.clone(), step }
        };
        Ok(step.map(plan))
    }

    /// The bytes of the layer to ask for.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        match &self.step {
            Step::Estargz(step) => step.range(),
            Step::ZstdChunked(step) => step.range(),
        }
    }

    /// Takes the bytes asked for.
    ///
    /// # Errors
    /// - [`IntegrityError`] if they are too few, or the table has another digest than the descriptor says;
    /// - [`LayerError`](crate::LayerError) if there is no table, or it cannot be decompressed;
    /// - [`ProtocolError`](crate::ProtocolError) if it is not a table as the format has it;
    /// - [`LimitExceeded`](crate::LimitExceeded) if it is larger than [`Limits::toc`], or says more than the limits allow.
    pub fn accept(self, bytes: &[u8]) -> Result<TocNext, Error> {
        let range = self.range();
        let (expected, actual) = (range.end - range.start, bytes.len() as u64);
        if actual != expected {
            return Err(IntegrityError::Size { expected, actual, at_least: false }.into());
        }
        let Self { layer, limits, step } = self;
        match step {
            Step::Estargz(step) => step.accept(layer, limits, bytes),
            Step::ZstdChunked(step) => step.accept(layer, limits, bytes),
        }
    }
}
