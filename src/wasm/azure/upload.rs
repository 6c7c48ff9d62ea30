//! A build context that JavaScript pushes.

use super::super::{promise::lent, transport::FetchTransport};
use crate::{
    azure::arm::tasks::UploadTarget,
    client::{self, Registry},
};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// An upload under way.
#[wasm_bindgen]
pub struct Upload {
    inner: client::azure::Upload<FetchTransport>,
    relative_path: String,
}

impl Upload {
    pub(super) fn new(session: Registry<FetchTransport>, target: UploadTarget) -> Self {
        Self { inner: client::azure::Upload::new(session, target.url), relative_path: target.relative_path }
    }
}

#[wasm_bindgen]
impl Upload {
    /// The name that a build calls it by.
    #[wasm_bindgen(getter, js_name = relativePath)]
    pub fn relative_path(&self) -> String {
        self.relative_path.clone()
    }

    /// Takes the next bytes.
    pub async fn push(&mut self, bytes: Vec<u8>, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        lent(signal, async { self.inner.push(&bytes).await.map(|()| JsValue::UNDEFINED) }).await
    }

    /// Ends the upload: the name that a build calls it by.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub async fn finish(&mut self, signal: Option<AbortSignal>) -> Result<JsValue, JsValue> {
        let finish = async {
            self.inner.finish().await?;
            Ok(self.relative_path.as_str().into())
        };
        lent(signal, finish).await
    }
}
