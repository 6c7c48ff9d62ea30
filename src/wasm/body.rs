//! A response body as chunks that JavaScript and Rust both hold.

use super::{abort::AbortOnDrop, failure};
use crate::{
    TransportError,
    client::{Chunk, ResponseBody},
};
use alloc::{string::ToString, vec::Vec};
use core::ops::Range;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult};

/// The body of one `fetch`. Dropping it before its end aborts the request.
pub(super) struct FetchBody {
    reader: Option<ReadableStreamDefaultReader>,
    abort: AbortOnDrop,
}

impl FetchBody {
    pub(super) fn new(reader: Option<ReadableStreamDefaultReader>, mut abort: AbortOnDrop) -> Self {
        if reader.is_none() {
            abort.disarm();
        }
        Self { reader, abort }
    }
}

impl ResponseBody for FetchBody {
    type Chunk = FetchChunk;

    async fn chunk(&mut self) -> Result<Option<FetchChunk>, TransportError> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let read = JsFuture::from(reader.read()).await.map_err(|e| failure::of_body(&e))?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done().unwrap_or(true) {
            self.reader = None;
            self.abort.disarm();
            return Ok(None);
        }
        let value = read.get_value();
        if !ArrayBuffer::is_view(&value) {
            return Err(TransportError::Interrupted("the body's chunks are not bytes".to_string()));
        }
        Ok(Some(FetchChunk::new(value.unchecked_into())))
    }
}

/// Bytes that came from JavaScript, and a copy of them for the core: the way back costs nothing, while bytes taken out
/// of wasm memory would be copied into a new array.
pub(super) struct FetchChunk {
    array: Uint8Array,
    bytes: Vec<u8>,
    range: Range<usize>,
}

impl FetchChunk {
    fn new(array: Uint8Array) -> Self {
        let bytes = array.to_vec();
        Self { array, range: 0..bytes.len(), bytes }
    }

    /// The bytes as JavaScript's own.
    pub(super) fn into_array(self) -> Uint8Array {
        if self.range == (0..self.bytes.len()) {
            return self.array;
        }
        // wasm32: a length fits 32 bits.
        self.array.subarray(self.range.start as u32, self.range.end as u32)
    }
}

impl AsRef<[u8]> for FetchChunk {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }
}

impl Chunk for FetchChunk {
    fn slice(mut self, range: Range<usize>) -> Self {
        self.range = self.range.start + range.start..self.range.start + range.end;
        self
    }
}
