//! Packing of build contexts. JavaScript has a compressor of its own.

use crate::azure::context::{ContextError, Entry, Ignore, Tar, dockerfile_name};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use wasm_bindgen::prelude::*;

/// What a `.dockerignore` leaves out.
#[wasm_bindgen]
pub struct ContextIgnore(Ignore);

#[wasm_bindgen]
impl ContextIgnore {
    /// Reads the rules; none without a text.
    #[wasm_bindgen(constructor)]
    pub fn new(text: Option<Vec<u8>>) -> Result<Self, JsValue> {
        let rules = text.map_or_else(|| Ok(Ignore::none()), |text| Ignore::parse(&text));
        rules.map(Self).map_err(thrown)
    }

    /// True for what belongs into the context.
    pub fn includes(&self, path: &str, directory: bool) -> bool {
        self.0.includes(path, directory)
    }
}

/// An archive under way.
#[wasm_bindgen]
#[derive(Default)]
pub struct ContextTar(Tar);

#[wasm_bindgen]
impl ContextTar {
    /// An archive with nothing in it.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; returns what there is of the archive since the last call.
    pub fn file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        self.0.begin(&Entry::file(path, bytes.len() as u64).mode(mode)).map_err(thrown)?;
        self.0.write(bytes).map_err(thrown)?;
        Ok(self.0.take())
    }

    /// The rest of the archive.
    pub fn finish(&mut self) -> Result<Vec<u8>, JsValue> {
        self.0.finish().map_err(thrown)?;
        Ok(self.0.take())
    }

    /// The name under which a Dockerfile is appended; `random` is 32 hexadecimal digits.
    #[wasm_bindgen(js_name = dockerfileName)]
    pub fn dockerfile_name(random: &str, path: &str) -> String {
        dockerfile_name(u128::from_str_radix(random, 16).unwrap_or_default(), path)
    }
}

fn thrown(error: ContextError) -> JsValue {
    let record = crate::js::record::Record::new().text("kind", "InvalidReference");
    JsValue::from_str(&record.text("message", &error.to_string()).flag("retryable", false).end())
}
