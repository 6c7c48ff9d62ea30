//! miniz_oxide: an inflater that works everywhere, and that can begin at any block.

use super::inflate::{Halt, Inflate, Step};
use alloc::boxed::Box;
use miniz_oxide::inflate::{
    TINFLStatus,
    core::{BlockBoundaryState, DecompressorOxide, decompress, inflate_flags},
};

/// The inflater that works everywhere.
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
