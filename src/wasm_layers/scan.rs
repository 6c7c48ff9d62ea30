//! Listing a layer whose bytes come from JavaScript.

use super::Index;
use crate::{
    Digest, Error, MediaType,
    js::error::thrown,
    layers::{Scan, ScanOptions},
};
use alloc::string::String;
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
pub struct LayerScan(Scan);

#[wasm_bindgen]
impl LayerScan {
    /// Begins a layer. Its digest is verified where its bytes come from; with `diff_id` the uncompressed bytes are hashed here.
    #[wasm_bindgen(constructor)]
    pub fn new(digest: &str, media_type: &str, diff_id: Option<String>) -> Result<Self, JsValue> {
        Self::begin(digest, media_type, diff_id).map_err(thrown)
    }

    fn begin(digest: &str, media_type: &str, diff_id: Option<String>) -> Result<Self, Error> {
        let diff_id = diff_id.map(|text| text.parse::<Digest>()).transpose()?;
        let media_type = media_type.parse::<MediaType>().ok();
        let options = ScanOptions { verify: false, media_type, diff_id, ..ScanOptions::new(digest.parse()?) };
        Ok(Self(Scan::new(options)))
    }

    /// Takes the next bytes, and shows what comes out uncompressed. False if more of them would change nothing.
    pub fn push(&mut self, chunk: &[u8], tap: Option<Tap>) -> bool {
        let pushed = match tap {
            Some(tap) => self.0.push_with(chunk, &mut |bytes| tap.room(bytes.len() as u32).copy_from(bytes)),
            None => self.0.push(chunk),
        };
        pushed.is_ok()
    }

    /// How many entries there are.
    pub fn entries(&self) -> usize {
        self.0.listing().len()
    }

    /// The layer ends here, or nobody wants more of it: what there is.
    pub fn finish(self) -> Index {
        Index(self.0.into_index())
    }
}
