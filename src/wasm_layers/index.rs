//! What is known of one layer.

use crate::{
    Compression, Digest, Limits,
    js::{encoded, error, record::Record},
    layers::{Encoded, LayerFacts, LayerIndex, Source},
};
use alloc::string::String;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// The index of a layer.
#[wasm_bindgen]
pub struct Index(pub(super) LayerIndex);

#[wasm_bindgen]
impl Index {
    /// Reads what `encode` wrote; nothing if that is of no use for the layer with this digest and size.
    pub fn decode(bytes: &[u8], digest: &str, size: f64) -> Option<Self> {
        let digest = digest.parse().ok()?;
        LayerIndex::decode(bytes, &digest, size as u64, &Limits::DEFAULT).ok().map(Self)
    }

    /// The index as bytes; nothing if it is partial.
    pub fn encode(&self) -> Option<Uint8Array> {
        Encoded::of_whole(&self.0).map(|encoded| encoded::bytes(&encoded))
    }

    /// The same of a partial one, too. The bytes do not tell that it is.
    pub fn bytes(&self) -> Uint8Array {
        encoded::bytes(&Encoded::of(&self.0))
    }

    /// Notes what the uncompressed layer hashed to, elsewhere.
    #[wasm_bindgen(js_name = hashedTo)]
    pub fn hashed_to(&mut self, digest: &str) {
        self.0.facts.diff_id = digest.parse().ok();
    }

    /// Adds to what is odd about it.
    pub fn note(&mut self, note: String) {
        self.0.facts.notes.push(note);
    }

    /// A `LayerReport`, as far as it can be told of a layer alone.
    pub fn report(&self, diff_id: Option<String>) -> String {
        report(&self.0.facts, diff_id.as_deref()).number("entries", self.0.listing.len() as u64).end()
    }
}

/// What is known of a layer, as a `LayerReport` without numbers.
pub(super) fn report(facts: &LayerFacts, diff_id: Option<&str>) -> Record {
    let source = match facts.source {
        Source::Layer => "layer",
        Source::Estargz => "estargz",
        Source::ZstdChunked => "zstd:chunked",
    };
    let compression = match facts.compression {
        Compression::Gzip => "gzip",
        Compression::Uncompressed => "uncompressed",
        Compression::Zstd => "zstd",
    };
    let verdict = match facts.diff_id.as_ref().map(Digest::as_str).zip(diff_id) {
        Some((actual, expected)) if actual == expected => "match",
        Some(_) => "mismatch",
        None => "unchecked",
    };
    let record = Record::new()
        .text("state", if facts.partial.is_some() { "partial" } else { "ready" })
        .text("source", source)
        .text("compression", compression)
        .text("diffId", verdict)
        .texts("notes", &facts.notes)
        .record_if("error", facts.partial.as_ref().map(error::record).as_ref());
    match facts.unpacked {
        Some(unpacked) => record.number("unpacked", unpacked),
        None => record,
    }
}
