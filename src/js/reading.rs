//! One file, whose bytes come from JavaScript.

use super::error::thrown;
use crate::layers::FileRead;
use alloc::vec::Vec;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// A file that is being read.
#[wasm_bindgen]
pub struct Reading {
    pub(crate) read: FileRead,
    pub(crate) layer: usize,
    pub(crate) size: u64,
    /// An index for who reads it elsewhere, since it cannot be decompressed here.
    pub(crate) elsewhere: Option<Uint8Array>,
}

#[wasm_bindgen]
impl Reading {
    /// Place of the layer that has the content.
    pub fn layer(&self) -> usize {
        self.layer
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> f64 {
        self.size as f64
    }

    /// Where it cannot be read here: an index for the module that can.
    pub fn elsewhere(&mut self) -> Option<Uint8Array> {
        self.elsewhere.take()
    }

    /// Where in the layer the bytes begin that it asks for.
    pub fn start(&self) -> f64 {
        self.read.range().start as f64
    }

    /// Where they end.
    pub fn end(&self) -> f64 {
        self.read.range().end as f64
    }

    /// True if all that was wanted is there.
    pub fn done(&self) -> bool {
        self.read.is_done()
    }

    /// Takes the next of these bytes, and gives what they make of the file.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, JsValue> {
        let mut made = Vec::new();
        self.read.push(chunk, &mut |bytes| made.extend_from_slice(bytes)).map_err(thrown)?;
        Ok(made)
    }

    /// Ends it: whether what was given is the file, held against what is known of it. Throws if it is not what it should be.
    pub fn finish(self) -> Result<bool, JsValue> {
        Ok(self.read.finish().map_err(thrown)?.is_verified())
    }
}
