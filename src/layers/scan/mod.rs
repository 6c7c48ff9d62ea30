//! One pass over a layer.

#[cfg(all(feature = "wasm-layers", target_arch = "wasm32"))]
mod elsewhere;
mod options;
#[cfg(test)]
mod tests;
mod walk;

pub use options::ScanOptions;

use super::{LayerFacts, LayerIndex, Listing, Source, compress::Unpack};
#[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
use crate::Verifier;
use crate::{Compression, Error, MediaType};
use alloc::{string::String, vec::Vec};
#[cfg(all(feature = "wasm-layers", target_arch = "wasm32"))]
use elsewhere::Verifier;
use walk::{Tap, Walk};

/// Reads a layer that is pushed in chunks of any size, and keeps none of its files.
///
/// Whatever goes wrong is kept: every later call says the same, and [`Scan::into_index`] has what was there before.
///
/// ```
/// use portolan::{Digest, layers::{Scan, ScanOptions}};
/// let layer = [0; 1024]; // an archive without entries
/// let mut scan = Scan::new(ScanOptions::new(Digest::sha256(&layer)));
/// for chunk in layer.chunks(100) {
///     scan.push(chunk)?;
/// }
/// let index = scan.finish()?;
/// assert!(index.listing.is_empty());
/// assert_eq!(index.facts.unpacked, Some(1024));
/// # Ok::<(), portolan::Error>(())
/// ```
pub struct Scan {
    options: ScanOptions,
    unpack: Unpack,
    walk: Walk,
    verifier: Option<Verifier>,
    received: u64,
    /// What the media type says.
    said: Option<Compression>,
    failed: Option<Error>,
}

impl Scan {
    /// Begins at byte 0 of a layer.
    #[must_use]
    pub fn new(options: ScanOptions) -> Self {
        let verifier = options.verify.then(|| Verifier::new(&options.digest, options.size)).transpose();
        let (verifier, failed) = verifier.map_or_else(|error| (None, Some(error)), |verifier| (verifier, None));
        Self {
            unpack: Unpack::new(&options.limits, options.checkpoints),
            walk: Walk::new(&options),
            verifier,
            received: 0,
            said: options.media_type.as_ref().and_then(MediaType::compression),
            failed,
            options,
        }
    }

    /// Takes the next bytes of the layer.
    ///
    /// # Errors
    /// [`LayerError`](crate::LayerError) if the layer cannot be read, [`LimitExceeded`](crate::LimitExceeded) if it is
    /// too much.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.push_with(chunk, &mut |_| {})
    }

    /// The same, and shows what comes out uncompressed: for hashing it elsewhere.
    ///
    /// # Errors
    /// As for [`Scan::push`].
    pub fn push_with(&mut self, chunk: &[u8], tap: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        self.check()?;
        self.received = self.received.saturating_add(chunk.len() as u64);
        let Self { unpack, walk, verifier, .. } = self;
        let verified = verifier.as_mut().map_or(Ok(()), |verifier| verifier.update(chunk)).map_err(Error::from);
        let result = verified.and_then(|()| unpack.push(chunk, &mut Tap { walk, tap }));
        self.note_failure(result)
    }

    /// Compressed bytes so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Uncompressed bytes so far.
    #[must_use]
    pub fn unpacked(&self) -> u64 {
        self.walk.unpacked
    }

    /// How the layer is compressed, as soon as its first bytes came.
    #[must_use]
    pub fn compression(&self) -> Option<Compression> {
        self.unpack.compression()
    }

    /// The entries so far.
    #[must_use]
    pub fn listing(&self) -> &Listing {
        self.walk.tar.listing()
    }

    /// The layer ends here.
    ///
    /// # Errors
    /// [`IntegrityError`](crate::IntegrityError) if it is not the layer that was asked for; what [`Scan::push`] said
    /// before; [`LayerError`](crate::LayerError) if it must not end here.
    pub fn finish(self) -> Result<LayerIndex, Error> {
        let index = self.into_index();
        match index.facts.partial {
            Some(error) => Err(error),
            None => Ok(index),
        }
    }

    /// The layer ends here, or nobody wants more of it: what there is. [`LayerFacts::partial`] says why it is not whole.
    #[must_use]
    pub fn into_index(mut self) -> LayerIndex {
        let ended = self.end();
        let partial = self.note_failure(ended).err();
        self.index(partial)
    }

    /// The rest of the layer will not come, for this reason: what there is.
    #[must_use]
    pub fn abandon(self, reason: Error) -> LayerIndex {
        let partial = self.failed.clone().unwrap_or(reason);
        self.index(Some(partial))
    }

    fn end(&mut self) -> Result<(), Error> {
        self.check()?;
        if let Some(verifier) = self.verifier.take() {
            verifier.finish()?;
        }
        let Self { unpack, walk, .. } = self;
        unpack.finish(&mut Tap { walk, tap: &mut |_| {} })?;
        self.walk.tar.finish()
    }

    fn check(&self) -> Result<(), Error> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    fn note_failure(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if let Err(error) = &result {
            self.failed.get_or_insert_with(|| error.clone());
        }
        result
    }

    fn index(mut self, partial: Option<Error>) -> LayerIndex {
        let diff_id = self.walk.digest().filter(|_| partial.is_none());
        let notes = self.notes();
        let mut facts = LayerFacts {
            digest: self.options.digest,
            size: self.options.size.unwrap_or(self.received),
            compression: self.unpack.compression().unwrap_or(Compression::Uncompressed),
            diff_id: None,
            unpacked: partial.is_none().then_some(self.walk.unpacked),
            source: Source::Layer,
            partial,
            notes,
        };
        if let Some(diff_id) = diff_id {
            facts.set_diff_id(diff_id, self.options.diff_id.as_ref());
        }
        LayerIndex { facts, checkpoints: self.unpack.take_checkpoints(), listing: self.walk.tar.into_listing() }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<_> = self.walk.tar.notes().iter().map(|note| String::from(*note)).collect();
        if let (Some(said), Some(is)) = (self.said, self.unpack.compression())
            && said != is
            && self.received > 0
        {
            notes.push(["the media type says ", said.as_str(), ", and the layer is ", is.as_str()].concat());
        }
        if self.options.diff_id.as_ref().is_some_and(|diff_id| !diff_id.is_verifiable()) {
            notes.push(String::from("the algorithm of the diff_id is unknown, so that it was not checked"));
        }
        notes
    }
}

impl core::fmt::Debug for Scan {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Scan")
            .field("options", &self.options)
            .field("received", &self.received)
            .field("unpacked", &self.walk.unpacked)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
