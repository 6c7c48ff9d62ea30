//! Reading what only this module can decompress.

use super::Reading;
use crate::{
    Cause, Error, Limits,
    js::error::thrown,
    layers::{FileRead, LayerIndex},
};
use wasm_bindgen::prelude::*;

const NO_INDEX: Cause = Cause::Misuse("an index of another layer");

#[wasm_bindgen]
impl Reading {
    /// Begins to read the file of an index that has only this one, or its first `limit` bytes.
    pub fn of(index: &[u8], digest: &str, size: f64, limit: f64) -> Result<Self, JsValue> {
        Self::begin(index, digest, size as u64, limit as u64).map_err(thrown)
    }

    fn begin(index: &[u8], digest: &str, size: u64, limit: u64) -> Result<Self, Error> {
        let limits = Limits::DEFAULT;
        let index = LayerIndex::decode(index, &digest.parse()?, size, &limits).map_err(|_| NO_INDEX)?;
        let size = index.listing.get(0).map_or(0, |entry| entry.size());
        let read = FileRead::plan(&index, 0, Some(limit).filter(|limit| *limit < size), &limits)?;
        Ok(Self { read, layer: 0, size, elsewhere: None })
    }
}
