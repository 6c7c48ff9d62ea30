//! Raw deflate (RFC 1951), by whoever does it best here.

use alloc::boxed::Box;
use miniz_oxide::inflate::{
    TINFLStatus,
    core::{BlockBoundaryState, DecompressorOxide, decompress, inflate_flags},
};

/// How far back a match may reach.
pub(super) const WINDOW: usize = 32 << 10;

/// Inflates one deflate stream after another.
pub(super) trait Inflate: Send {
    /// Inflates `input` into `buffer` from position `at`. What is before `at` is what came before in this stream: its last
    /// [`WINDOW`] bytes, or all of it. With `pause` it stops where a block ends.
    fn inflate(&mut self, input: &[u8], buffer: &mut [u8], at: usize, pause: bool) -> Step;

    /// Makes ready for another stream.
    fn reset(&mut self);
}

/// What one call did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Bytes read.
    pub(super) read: usize,
    /// Bytes written.
    pub(super) written: usize,
    /// Why it stopped.
    pub(super) halt: Halt,
}

/// Why a call stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
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
#[cfg(feature = "zlib")]
pub(super) fn new_inflate() -> Box<dyn Inflate> {
    Box::new(super::zlib::Zlib::new())
}

/// The fastest inflater of this build.
#[cfg(not(feature = "zlib"))]
pub(super) fn new_inflate() -> Box<dyn Inflate> {
    Box::new(Miniz::default())
}

/// The inflater that works everywhere, and that can begin at any block.
#[derive(Default)]
pub(super) struct Miniz(Box<DecompressorOxide>);

impl Miniz {
    /// Begins at a block, of which the uppermost `bits` bits of `byte` are the first.
    pub(super) fn at_block(bits: u8, byte: u8) -> Self {
        let num_bits = bits.min(7);
        let bit_buf = byte.checked_shr(8 - u32::from(num_bits)).unwrap_or_default();
        let state = BlockBoundaryState { num_bits, bit_buf, ..BlockBoundaryState::default() };
        Self(Box::new(DecompressorOxide::from_block_boundary_state(&state)))
    }
}

impl Inflate for Miniz {
    fn inflate(&mut self, input: &[u8], buffer: &mut [u8], at: usize, pause: bool) -> Step {
        use inflate_flags::{
            TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        };
        let pause = if pause { TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY } else { 0 };
        let flags = TINFL_FLAG_HAS_MORE_INPUT | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | pause;
        let (status, read, written) = decompress(&mut self.0, input, buffer, at, flags);
        let halt = match status {
            TINFLStatus::BlockBoundary => Halt::Block,
            TINFLStatus::Done => Halt::End,
            TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput => Halt::More,
            _ => Halt::Corrupt,
        };
        Step { read, written, halt }
    }

    fn reset(&mut self) {
        self.0.init();
    }
}
