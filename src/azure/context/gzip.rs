//! Gzip (RFC 1952), written as it is pushed.

use alloc::{boxed::Box, vec, vec::Vec};
use core::mem;
use miniz_oxide::{
    DataFormat, MZFlush,
    deflate::{core::CompressorOxide, stream::deflate},
};

/// No name, no time, no system: the same input gives the same bytes everywhere.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// Room made for output at a time.
const ROOM: usize = 16 << 10;

/// Compresses: bytes are pushed, bytes are pulled. How the input is cut into pieces does not show.
pub struct Gzip {
    compressor: Box<CompressorOxide>,
    crc: crc32fast::Hasher,
    size: u32,
    out: Vec<u8>,
}

impl Default for Gzip {
    fn default() -> Self {
        Self::new()
    }
}

impl Gzip {
    /// Level 6, as `gzip` itself has it.
    #[must_use]
    pub fn new() -> Self {
        let mut compressor = Box::new(CompressorOxide::default());
        compressor.set_format_and_level(DataFormat::Raw, 6);
        Self { compressor, crc: crc32fast::Hasher::new(), size: 0, out: HEADER.to_vec() }
    }

    /// Takes the next bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.crc.update(bytes);
        // RFC 1952: the size modulo 2^32.
        self.size = self.size.wrapping_add(bytes.len() as u32);
        self.run(bytes, MZFlush::None);
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        self.run(b"", MZFlush::Finish);
        let crc = mem::take(&mut self.crc).finalize();
        self.out.extend_from_slice(&crc.to_le_bytes());
        self.out.extend_from_slice(&self.size.to_le_bytes());
    }

    /// What was written since the last call.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.out)
    }

    fn run(&mut self, mut input: &[u8], flush: MZFlush) {
        let mut room = vec![0; ROOM];
        loop {
            let result = deflate(&mut self.compressor, input, &mut room, flush);
            self.out.extend_from_slice(room.get(..result.bytes_written).unwrap_or_default());
            input = input.get(result.bytes_consumed..).unwrap_or_default();
            // A full buffer may hide more of it; anything less is all that there is for now.
            if input.is_empty() && result.bytes_written < ROOM || result.status.is_err() {
                return;
            }
        }
    }
}

impl core::fmt::Debug for Gzip {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Gzip").field("size", &self.size).finish_non_exhaustive()
    }
}
