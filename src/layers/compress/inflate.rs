//! Raw deflate (RFC 1951), by whoever does it best here.

use alloc::{boxed::Box, vec, vec::Vec};

/// How far back a match may reach.
pub(in crate::layers) const WINDOW: usize = 32 << 10;

/// Inflates one deflate stream after another.
pub(in crate::layers) trait Inflate: Send {
    /// Inflates `input` into `buffer` from position `at`. What is before `at` is what came before in this stream: its last
    /// [`WINDOW`] bytes, or all of it. With `pause` it stops where a block ends. Behind what it says that it wrote, it may
    /// have left anything.
    fn inflate(&mut self, input: &[u8], buffer: &mut [u8], at: usize, pause: bool) -> Step;

    /// Where a block ended: how many bits of the byte read last are the next block's, if it can tell.
    fn bits_left(&self) -> Option<u8> {
        None
    }

    /// Makes ready for another stream.
    fn reset(&mut self);
}

/// What one call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layers) struct Step {
    /// Bytes read.
    pub(in crate::layers) read: usize,
    /// Bytes written.
    pub(in crate::layers) written: usize,
    /// Why it stopped.
    pub(in crate::layers) halt: Halt,
}

/// Why a call stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::layers) enum Halt {
    /// A block ended here, and another follows. Where it ends in the very last byte of the input this need not be said.
    Block,
    /// The stream is corrupt.
    Corrupt,
    /// The stream ended.
    End,
    /// There is no more input, or no more room.
    More,
}

/// The fastest inflater of this build.
pub(super) fn new_inflate() -> Box<dyn Inflate> {
    #[cfg(target_arch = "wasm32")]
    return at_block(0, 0);
    #[cfg(all(feature = "zlib", not(target_arch = "wasm32")))]
    return Box::new(super::zlib::Zlib::new());
    #[cfg(all(not(feature = "zlib"), not(target_arch = "wasm32")))]
    return at_block(0, 0);
}

/// One that begins at a block, of which the uppermost `bits` bits of `byte` are the first.
#[cfg(target_arch = "wasm32")]
pub(in crate::layers) fn at_block(bits: u8, byte: u8) -> Box<dyn Inflate> {
    Box::new(super::deflate::Deflate::at_block(bits, byte))
}

/// One that begins at a block, of which the uppermost `bits` bits of `byte` are the first.
#[cfg(not(target_arch = "wasm32"))]
pub(in crate::layers) fn at_block(bits: u8, byte: u8) -> Box<dyn Inflate> {
    Box::new(super::miniz::Miniz::at_block(bits, byte))
}

/// Inflates a whole stream; nothing if it is corrupt, or comes to more than `limit` bytes.
pub(super) fn inflate_all(input: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut buffer = vec![0; limit];
    let Step { written, halt, .. } = at_block(0, 0).inflate(input, &mut buffer, 0, false);
    buffer.truncate(written);
    (halt == Halt::End).then_some(buffer)
}
