//! Indexes as JavaScript's own bytes.

use crate::layers::Encoded;
use js_sys::Uint8Array;

/// Copies the parts where they belong, so that the whole is never in our memory, which does not shrink.
pub(crate) fn bytes(encoded: &Encoded) -> Uint8Array {
    let parts = encoded.parts();
    // wasm32: a length fits 32 bits.
    let bytes = Uint8Array::new_with_length(parts.iter().map(|part| part.len() as u32).sum());
    parts.iter().fold(0, |at, part| {
        let end = at + part.len() as u32;
        bytes.subarray(at, end).copy_from(part);
        end
    });
    bytes
}
