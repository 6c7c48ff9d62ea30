//! Blobs as chunks that JavaScript asks for.

use super::{promise::lent, transport::FetchTransport};
use crate::client::Body;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A blob under way.
#[wasm_bindgen]
pub struct Blob(pub(super) Body<FetchTransport>);

#[wasm_bindgen]
impl Blob {
    /// The next chunk, a `Uint8Array` that is there until the one after it is asked for; nothing at the end of a blob that is
    /// what its digest names.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array | undefined")]
    pub async fn next(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let next = async {
            let chunk = self.0.next().await.transpose()?;
            Ok(chunk.map(super::body::FetchChunk::into_array).into())
        };
        lent(signal, next).await
    }
}
