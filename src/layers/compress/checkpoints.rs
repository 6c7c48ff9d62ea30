//! Checkpoints that need nothing: where a gzip member or a zstd frame begins.

use crate::layers::{Checkpoint, CheckpointKind};
use alloc::vec::Vec;

/// How far apart they are, compressed or not: there are layers with a member for each file.
const APART: u64 = 1 << 20;

/// Keeps a beginning if it is the first or far from the last checkpoint; says whether it did.
pub(super) fn begin(list: &mut Vec<Checkpoint>, input: u64, output: u64) -> bool {
    let far = |last: &Checkpoint| input - last.input >= APART || output - last.output >= APART;
    let keep = list.last().is_none_or(far);
    if keep {
        list.push(Checkpoint { input, output, kind: CheckpointKind::Start });
    }
    keep
}
