//! Two streams side by side: what deflates well is deflated as it comes, what does not is kept as it is.

use crate::layers::compress::Deflater;
use alloc::vec::Vec;

/// So many bytes are collected before they are deflated.
const BATCH: usize = 64 << 10;

pub(super) struct Writer {
    /// Columns on their way into `packed`.
    pub(super) columns: Vec<u8>,
    /// What would not get smaller.
    pub(super) plain: Vec<u8>,
    deflater: Deflater,
    packed: Vec<u8>,
}

impl Writer {
    /// One with room for so many plain bytes.
    pub(super) fn new(plain: usize) -> Self {
        Self { columns: Vec::new(), plain: Vec::with_capacity(plain), deflater: Deflater::new(), packed: Vec::new() }
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.columns.push(byte);
    }

    pub(super) fn varint(&mut self, value: u64) {
        varint(value, &mut self.columns);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.columns.extend_from_slice(bytes);
    }

    /// Passes on what was collected, if it is worth it.
    pub(super) fn settle(&mut self) {
        if self.columns.len() >= BATCH {
            self.deflate(false);
        }
    }

    pub(super) fn finish(mut self) -> (Vec<u8>, Vec<u8>) {
        self.deflate(true);
        (self.packed, self.plain)
    }

    fn deflate(&mut self, last: bool) {
        self.deflater.push(&self.columns, last, &mut self.packed);
        self.columns.clear();
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
pub(super) fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Its length, and its bytes.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// A difference in either direction, small where it is small.
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}
