//! Zstd for the module that lists layers.

use crate::{
    Cause, Error, Limits,
    js::error::thrown,
    layers::{Sink, Unpack},
};
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Where uncompressed bytes go.
    pub type Taker;

    /// The next of them, all of which came out of the layer's first `input` bytes; they lie there during this call only.
    /// False if more would change nothing.
    #[wasm_bindgen(method)]
    fn take(this: &Taker, bytes: &[u8], input: f64) -> bool;
}

/// A layer that is being decompressed.
#[wasm_bindgen]
pub struct Unzstd(Unpack);

#[wasm_bindgen]
impl Unzstd {
    /// Begins at byte 0 of a layer.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has constructors")]
    pub fn new() -> Self {
        Self(Unpack::new(&Limits::DEFAULT, true))
    }

    /// Takes the next bytes, and gives on what comes out. False if `taker` wants no more; throws what is wrong with the layer.
    pub fn push(&mut self, chunk: &[u8], taker: &Taker) -> Result<bool, JsValue> {
        let mut taking = Taking { taker, enough: false };
        match self.0.push(chunk, &mut taking) {
            Err(_) if taking.enough => Ok(false),
            pushed => pushed.map(|()| true).map_err(thrown),
        }
    }

    /// The layer ends here: where decompression can begin, places in the layer and in what comes out in turn. Throws if it must
    /// not end here.
    pub fn finish(mut self, taker: &Taker) -> Result<Vec<f64>, JsValue> {
        self.0.finish(&mut Taking { taker, enough: false }).map_err(thrown)?;
        let places = self.0.take_checkpoints().into_iter();
        Ok(places.flat_map(|checkpoint| [checkpoint.input as f64, checkpoint.output as f64]).collect())
    }
}

struct Taking<'a> {
    taker: &'a Taker,
    enough: bool,
}

impl Sink for Taking<'_> {
    fn take(&mut self, bytes: &[u8], input: u64) -> Result<(), Error> {
        self.enough = !self.taker.take(bytes, input as f64);
        if self.enough { Err(Cause::Misuse("enough of this layer").into()) } else { Ok(()) }
    }
}
