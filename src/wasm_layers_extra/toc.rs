//! Tables of contents, whose parts come from JavaScript.

use crate::{
    Descriptor, Error, Limits, MediaType,
    js::{encoded, error::thrown},
    layers::{Encoded, TocNext, TocPlan},
};
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

/// A way to the table of contents of a layer.
#[wasm_bindgen]
pub struct Toc(TocPlan);

#[wasm_bindgen]
impl Toc {
    /// How to read the table that a layer's annotations announce, names and values in turn; nothing if they announce none.
    pub fn of(digest: &str, size: f64, annotations: Vec<String>) -> Result<Option<Self>, JsValue> {
        Self::plan(digest, size, annotations).map_err(thrown)
    }

    fn plan(digest: &str, size: f64, annotations: Vec<String>) -> Result<Option<Self>, Error> {
        let mut layer = Descriptor::new(MediaType::OCI_LAYER_GZIP, digest.parse()?, size as u64);
        let mut words = annotations.into_iter();
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            layer.annotations.insert(name, value);
        }
        Ok(TocPlan::of(&layer, &Limits::DEFAULT)?.map(Self))
    }

    /// Where the bytes begin that it asks for.
    pub fn start(&self) -> f64 {
        self.0.range().start as f64
    }

    /// Where they end.
    pub fn end(&self) -> f64 {
        self.0.range().end as f64
    }

    /// Takes these bytes: another `Toc`, or an index as bytes.
    #[wasm_bindgen(unchecked_return_type = "Toc | Uint8Array")]
    pub fn accept(self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        Ok(match self.0.accept(bytes).map_err(thrown)? {
            TocNext::More(plan) => Self(plan).into(),
            TocNext::Index(index) => encoded::bytes(&Encoded::of(&index)).into(),
        })
    }
}
