//! Blobs as chunks that JavaScript asks for.

use super::{abort::until_aborted, error::thrown, transport::FetchTransport};
use crate::{client, op::BlobRead};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A blob under way.
#[wasm_bindgen]
pub struct Blob(pub(super) client::Stream<FetchTransport, BlobRead>);

#[wasm_bindgen]
impl Blob {
    /// The next chunk; nothing at the end of a blob that is what its digest names.
    pub async fn next(&mut self, signal: Option<AbortSignal>) -> Result<Option<Uint8Array>, JsValue> {
        let next = async { self.0.next().await.transpose() };
        let chunk = until_aborted(signal, next).await.map_err(thrown)?;
        Ok(chunk.map(super::body::FetchChunk::into_array))
    }
}
