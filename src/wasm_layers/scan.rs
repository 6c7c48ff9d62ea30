//! Listing a layer whose bytes come from JavaScript.

use super::Index;
use crate::{
    Digest, Error,
    js::error::thrown,
    layers::{Checkpoint, CheckpointKind, Scan, ScanOptions},
};
use alloc::{string::String, vec::Vec};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Where uncompressed bytes go, to be hashed elsewhere.
    pub type Tap;

    /// Room for so many bytes.
    #[wasm_bindgen(method)]
    fn room(this: &Tap, length: u32) -> Uint8Array;
}

/// A layer that is being listed.
#[wasm_bindgen]
pub struct LayerScan {
    scan: Scan,
    /// Where decompression can begin, if that happens elsewhere.
    checkpoints: Vec<Checkpoint>,
}

#[wasm_bindgen]
impl LayerScan {
    /// Begins a layer. Its digest is verified where its bytes come from; with `diff_id` the uncompressed bytes are hashed here.
    #[wasm_bindgen(constructor)]
    pub fn new(digest: &str, size: f64, media_type: &str, diff_id: Option<String>) -> Result<Self, JsValue> {
        Self::begin(digest, size as u64, media_type, diff_id).map_err(thrown)
    }

    fn begin(digest: &str, size: u64, media_type: &str, diff_id: Option<String>) -> Result<Self, Error> {
        let diff_id = diff_id.map(|text| text.parse::<Digest>()).transpose()?;
        let mut scan =
            Scan::new(ScanOptions { size: Some(size), verify: false, diff_id, ..ScanOptions::new(digest.parse()?) });
        scan.set_media_type(media_type);
        Ok(Self { scan, checkpoints: Vec::new() })
    }

    /// Takes the next bytes, and shows what comes out uncompressed. False if more of them would change nothing.
    pub fn push(&mut self, chunk: &[u8], tap: Option<Tap>) -> bool {
        self.scan.push_with(chunk, &mut |bytes| show(tap.as_ref(), bytes)).is_ok()
    }

    /// What came so far of a layer that has to be decompressed elsewhere; nothing of any other.
    pub fn elsewhere(&mut self) -> Option<Vec<u8>> {
        self.scan.take_begun()
    }

    /// Takes what was decompressed elsewhere, all of it out of the layer's first `input` bytes. False as for `push`.
    #[wasm_bindgen(js_name = pushUnpacked)]
    pub fn push_unpacked(&mut self, bytes: &[u8], input: f64, tap: Option<Tap>) -> bool {
        self.scan.push_unpacked(bytes, input as u64, &mut |bytes| show(tap.as_ref(), bytes)).is_ok()
    }

    /// Where decompression can begin, if that happens elsewhere: places in the layer and in what comes out, in turn.
    pub fn checkpoints(&mut self, places: &[f64]) {
        let checkpoint = |[input, output]: &[f64; 2]| Checkpoint {
            input: *input as u64,
            output: *output as u64,
            kind: CheckpointKind::Start,
        };
        self.checkpoints = places.as_chunks().0.iter().map(checkpoint).collect();
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.scan.listing().len()
    }

    /// The layer ends here, or nobody wants more of it: what there is.
    pub fn finish(self) -> Index {
        let mut index = self.scan.into_index();
        index.checkpoints.extend(self.checkpoints);
        Index(index)
    }
}

fn show(tap: Option<&Tap>, bytes: &[u8]) {
    if let Some(tap) = tap {
        tap.room(bytes.len() as u32).copy_from(bytes);
    }
}
