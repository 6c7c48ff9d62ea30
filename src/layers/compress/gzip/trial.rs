//! Trying out whether decompression can begin at a block.
//!
//! A block may begin at any bit of a byte, and not every inflater says at which. So it is found out: from each of the eight
//! places an inflater that can begin anywhere is let loose on what follows, and that place counts from which it makes
//! the very bytes that the other one made.

use super::super::{
    Deflater,
    inflate::{Halt, Step, at_block},
};
use crate::layers::{Checkpoint, CheckpointKind};
use alloc::vec::Vec;

/// Bytes that must have been made before it is certain.
const ENOUGH: usize = 4 << 10;
/// What is kept of either side at the most. More than a stored block, for that one begins at more than one place.
const LIMIT: usize = 128 << 10;

/// A checkpoint where a block begins with `bits` bits of `byte`.
pub(super) fn checkpoint(input: u64, output: u64, bits: u8, byte: u8, window: &[u8]) -> Checkpoint {
    let mut deflated = Vec::new();
    Deflater::fast().push(window, true, &mut deflated);
    Checkpoint { input, output, kind: CheckpointKind::Block { bits, byte, window: deflated } }
}

/// A block that may become a checkpoint.
pub(super) struct Trial {
    input: u64,
    output: u64,
    /// The byte before.
    byte: u8,
    window: Vec<u8>,
    /// What follows, compressed and not.
    read: Vec<u8>,
    written: Vec<u8>,
}

impl Trial {
    /// Begins where a block ended: at `input` of the layer, `output` of the tar stream; before it came `byte` and `window`.
    pub(super) fn new(input: u64, output: u64, byte: u8, window: &[u8]) -> Self {
        Self { input, output, byte, window: window.to_vec(), read: Vec::new(), written: Vec::new() }
    }

    /// Takes what the inflater did next; true if that is enough.
    pub(super) fn follow(&mut self, read: &[u8], written: &[u8], halt: Halt) -> bool {
        self.read.extend(read.iter().take(LIMIT - self.read.len().min(LIMIT)));
        self.written.extend_from_slice(written);
        let ended = matches!(halt, Halt::Block | Halt::End);
        (ended && self.written.len() >= ENOUGH)
            || matches!(halt, Halt::End)
            || self.read.len() >= LIMIT
            || self.written.len() >= LIMIT
    }

    /// The checkpoint, if the same bytes come from one of the places; `last` is why following stopped.
    pub(super) fn judge(self, last: Halt) -> Option<Checkpoint> {
        let mut buffer = self.window.clone();
        buffer.resize(self.window.len() + self.written.len() + 1, 0);
        let bits = (0..8).find(|bits| self.holds(*bits, last, &mut buffer))?;
        Some(checkpoint(self.input, self.output, bits, self.byte, &self.window))
    }

    /// True if what followed comes from a block that begins with so many bits of the byte before.
    fn holds(&self, bits: u8, last: Halt, buffer: &mut [u8]) -> bool {
        let mut inflate = at_block(bits, self.byte);
        let at = self.window.len();
        let Step { written, halt, .. } = inflate.inflate(&self.read, buffer, at, false);
        let made = buffer.get(at..at + written).unwrap_or_default();
        // Where following stopped within a block, the two need not have come equally far.
        let common = made.len().min(self.written.len());
        let same = made.iter().zip(&self.written).all(|(a, b)| a == b) && common >= ENOUGH.min(self.written.len());
        match halt {
            Halt::Corrupt => false,
            Halt::End => last == Halt::End && same && made.len() == self.written.len(),
            Halt::Block | Halt::More => last != Halt::End && same,
        }
    }
}
