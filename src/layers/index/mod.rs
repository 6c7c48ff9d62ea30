//! What one pass over a layer learns, and what reads any of its files later.

mod codec;
#[cfg(any(test, all(feature = "wasm-layers", target_arch = "wasm32")))]
mod single;

#[cfg(any(feature = "wasm-layers", feature = "wasm-layers-extra"))]
pub(crate) use codec::Encoded;
pub use codec::IndexError;

use super::Listing;
use crate::{Compression, Digest, Error};
use alloc::{string::String, vec::Vec};

/// A layer's listing, and the way to its files.
#[derive(Clone, Debug)]
pub struct LayerIndex {
    /// What is known of the layer as a whole.
    pub facts: LayerFacts,
    /// Its entries.
    pub listing: Listing,
    /// Where decompression can begin, in order of position; the first is the beginning of the layer. Empty where the
    /// layer cannot be read by range.
    pub checkpoints: Vec<Checkpoint>,
}

/// What is known of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerFacts {
    /// Digest of the layer as it lies in the registry.
    pub digest: Digest,
    /// Its size there, in bytes. Where it broke off and no descriptor told: what came of it.
    pub size: u64,
    /// How it is compressed, by its first bytes and not by its media type.
    pub compression: Compression,
    /// Digest of the uncompressed layer, where all of it was hashed.
    pub diff_id: Option<Digest>,
    /// Size of the uncompressed layer in bytes, where all of it was seen.
    pub unpacked: Option<u64>,
    /// Where the listing comes from.
    pub source: Source,
    /// Why the listing is not whole; nothing where it is.
    pub partial: Option<Error>,
    /// What is odd about the layer, in sentences that can be shown.
    pub notes: Vec<String>,
}

impl LayerFacts {
    /// Whether the uncompressed layer is the one that the image's config names; nothing where it was not hashed.
    #[must_use]
    pub fn has_diff_id(&self, expected: &Digest) -> Option<bool> {
        self.diff_id.as_ref().map(|diff_id| diff_id == expected)
    }

    /// Says what all of the uncompressed layer hashes to, wherever that was computed. A difference from what is expected is
    /// noted.
    pub fn set_diff_id(&mut self, diff_id: Digest, expected: Option<&Digest>) {
        if let Some(expected) = expected.filter(|expected| **expected != diff_id) {
            let (digest, expected) = (diff_id.as_str(), expected.as_str());
            let note = ["the uncompressed layer has the digest ", digest, ", and the image's config says ", expected];
            self.notes.push(note.concat());
        }
        self.diff_id = Some(diff_id);
    }
}

/// Where a listing comes from, and so what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// All bytes of the layer, which had its digest.
    Layer,
    /// An eStargz table of contents that had the digest named in the manifest. Contents were not looked at.
    Estargz,
    /// A zstd:chunked table of contents that had the digest named in the manifest. Contents were not looked at.
    ZstdChunked,
}

/// A place where decompression can begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Position in the layer as it lies in the registry: the next whole byte to read.
    pub input: u64,
    /// Position in the uncompressed layer.
    pub output: u64,
    /// What is needed to begin there.
    pub kind: CheckpointKind,
}

/// What is needed to begin at a [`Checkpoint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointKind {
    /// Nothing: a gzip member, a zstd frame or a plain tar begins here.
    Start,
    /// A deflate block begins here.
    Block {
        /// How many bits of the block lie in the byte before, 0 to 7: its uppermost ones.
        bits: u8,
        /// That byte.
        byte: u8,
        /// The (at most 32 KiB) uncompressed bytes before, themselves deflated.
        window: Vec<u8>,
    },
}
