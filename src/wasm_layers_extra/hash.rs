//! Hashing what is rarely hashed so.

use crate::digest::Hasher;
use alloc::string::String;
use wasm_bindgen::prelude::*;

/// A sha512 under way.
#[wasm_bindgen]
pub struct Sha512(Hasher);

#[wasm_bindgen]
impl Sha512 {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has constructors")]
    pub fn new() -> Self {
        Self(Hasher::sha512())
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
