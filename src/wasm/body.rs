//! A response body as chunks that JavaScript and Rust both hold.

use super::{abort::AbortOnDrop, failure};
use crate::{
    TransportError,
    client::{Chunk, ResponseBody},
};
use alloc::{string::ToString, vec::Vec};
use core::ops::Range;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamReadResult};

/// Bytes that are read at once where the environment lets us say so.
const ROOM: u32 = 256 << 10;

#[wasm_bindgen]
extern "C" {
    /// A reader of either kind: one that fills what it is given, or one that does not look at it.
    pub(super) type Reader;

    #[wasm_bindgen(js_name = ReadableStreamBYOBReader)]
    type Filling;

    #[wasm_bindgen(constructor, catch, js_class = "ReadableStreamBYOBReader")]
    fn filling(stream: &ReadableStream) -> Result<Filling, JsValue>;

    #[wasm_bindgen(js_name = ReadableStreamDefaultReader)]
    type Giving;

    #[wasm_bindgen(constructor, catch, js_class = "ReadableStreamDefaultReader")]
    fn giving(stream: &ReadableStream) -> Result<Giving, JsValue>;

    #[wasm_bindgen(method)]
    fn read(this: &Reader, room: &Uint8Array) -> Promise;
}

/// The body of one `fetch`. Dropping it before its end aborts the request.
///
/// Where the environment can, all chunks are read into one buffer: engines let some 60 MiB of buffers gather before they look for
/// those that nobody uses any more.
pub(super) struct FetchBody {
    reader: Option<Reader>,
    /// The chunk that was read last, if it was read into a buffer of ours.
    last: Option<Uint8Array>,
    ours: bool,
    abort: AbortOnDrop,
}

impl FetchBody {
    /// Reads `stream`; nothing is an empty body.
    pub(super) fn new(stream: Option<&ReadableStream>, mut abort: AbortOnDrop) -> Result<Self, JsValue> {
        let Some(stream) = stream else {
            abort.disarm();
            return Ok(Self { reader: None, last: None, ours: false, abort });
        };
        // Streams of other than bytes, and browsers without this kind of reader, throw.
        let (reader, ours) = match Filling::filling(stream) {
            Ok(reader) => (reader.unchecked_into(), true),
            Err(_) => (Giving::giving(stream)?.unchecked_into(), false),
        };
        Ok(Self { reader: Some(reader), last: None, ours, abort })
    }

    fn room(&mut self) -> Uint8Array {
        match self.last.take() {
            Some(last) => Uint8Array::new(&last.buffer()),
            None => Uint8Array::new_with_length(if self.ours { ROOM } else { 0 }),
        }
    }
}

impl ResponseBody for FetchBody {
    type Chunk = FetchChunk;

    async fn chunk(&mut self) -> Result<Option<FetchChunk>, TransportError> {
        let room = self.room();
        let Some(reader) = &self.reader else { return Ok(None) };
        let read = JsFuture::from(reader.read(&room)).await.map_err(|e| failure::of_body(&e))?;
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
        let array: Uint8Array = value.unchecked_into();
        self.last = self.ours.then(|| array.clone());
        Ok(Some(FetchChunk::new(array)))
    }
}

/// Bytes that came from JavaScript, and a copy of them for the core: the way back costs nothing, while bytes taken out
/// of wasm memory would be copied into a new array. JavaScript's are there until the next chunk is asked for.
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
