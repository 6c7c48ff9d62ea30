//! Hashing in a worker of its own.

use crate::digest::Hasher;
use alloc::string::String;
use wasm_bindgen::prelude::*;

/// A sha256 under way.
#[wasm_bindgen]
pub struct Sha256(Hasher);

#[wasm_bindgen]
impl Sha256 {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has constructors")]
    pub fn new() -> Self {
        Self(Hasher::sha256())
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest.
    pub fn finish(self) -> String {
        self.0.finish().as_str().into()
    }
}
