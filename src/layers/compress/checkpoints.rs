//! Where decompression can begin.

use crate::layers::{Checkpoint, CheckpointKind};

/// A place that needs nothing.
pub(super) fn start(input: u64, output: u64) -> Checkpoint {
    Checkpoint { input, output, kind: CheckpointKind::Start }
}
