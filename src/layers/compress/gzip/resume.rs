//! Beginning in the middle of a layer.

use super::{Gzip, Member, ROOM, State, WINDOW, corrupt};
use crate::{
    Error,
    layers::{
        Checkpoint, CheckpointKind,
        compress::inflate::{at_block, inflate_all},
    },
};
use alloc::vec::Vec;

impl Gzip {
    /// Begins at a checkpoint. The checksum of a member that was begun before is not checked.
    pub(in crate::layers::compress) fn resume(checkpoint: &Checkpoint) -> Result<Self, Error> {
        let mut gzip = Self { input: checkpoint.input, output: checkpoint.output, ..Self::new(false) };
        if let CheckpointKind::Block { bits, byte, window } = &checkpoint.kind {
            let wrong = || corrupt(checkpoint.input, "a checkpoint's window does not inflate");
            let window = inflate_all(window, WINDOW).ok_or_else(wrong)?;
            gzip.at = window.len();
            gzip.buffer = primed(window);
            gzip.inflate = at_block(*bits, *byte);
            gzip.member = Member { begun_before: true, ..Member::default() };
            gzip.state = State::Body;
        }
        Ok(gzip)
    }
}

/// A buffer that begins with the window.
fn primed(window: Vec<u8>) -> Vec<u8> {
    let mut buffer = window;
    buffer.resize(WINDOW + ROOM, 0);
    buffer
}
