//! zlib-rs, where there is `std`: half as fast again as miniz_oxide.

use super::inflate::{Halt, Inflate, Step};
use zlib_rs::{InflateFlush, Status};

/// Bits of the window: all that deflate allows.
const WINDOW_BITS: u8 = 15;

/// The faster inflater. It keeps a window of its own.
pub(super) struct Zlib(zlib_rs::Inflate);

impl Zlib {
    pub(super) fn new() -> Self {
        Self(zlib_rs::Inflate::new(false, WINDOW_BITS))
    }
}

impl Inflate for Zlib {
    fn inflate(&mut self, input: &[u8], buffer: &mut [u8], at: usize, pause: bool) -> Step {
        let room = buffer.get_mut(at..).unwrap_or_default();
        let size = room.len();
        let flush = if pause { InflateFlush::Block } else { InflateFlush::NoFlush };
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, room, flush);
        let read = usize::try_from(self.0.total_in().wrapping_sub(read)).unwrap_or_default();
        let written = usize::try_from(self.0.total_out().wrapping_sub(written)).unwrap_or_default();
        let halt = match status {
            Ok(Status::StreamEnd) => Halt::End,
            // It does not say why it stopped: with input and room left, only a block can have ended.
            Ok(_) if pause && read < input.len() && written < size => Halt::Block,
            Ok(_) => Halt::More,
            Err(_) => Halt::Corrupt,
        };
        Step { read, written, halt }
    }

    fn reset(&mut self) {
        self.0.reset(false);
    }
}
