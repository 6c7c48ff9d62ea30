//! When a checkpoint is due.

use super::{
    super::{checkpoints, inflate::Halt},
    trial::{self, Trial},
};
use crate::layers::Checkpoint;
use alloc::vec::Vec;

/// Compressed bytes between two checkpoints: what reading a file may cost more than the file.
const SPACING: u64 = 3 << 20;
/// Compressed bytes after which another block is tried, where one did not do.
const AGAIN: u64 = SPACING / 8;

/// The checkpoints of a gzip layer in the making.
pub(super) struct Points {
    list: Vec<Checkpoint>,
    trial: Option<Trial>,
    /// Where the next one is due; nothing if nobody wants any.
    due: Option<u64>,
}

impl Points {
    pub(super) fn new(wanted: bool) -> Self {
        Self { list: Vec::new(), trial: None, due: wanted.then_some(0) }
    }

    /// True if the inflater should stop at the end of a block.
    pub(super) fn wants_block(&self, input: u64) -> bool {
        self.trial.is_some() || self.is_due(input)
    }

    /// A member begins.
    pub(super) fn member(&mut self, input: u64, output: u64) {
        if self.due.is_some() && checkpoints::begin(&mut self.list, input, output) {
            self.due = Some(input.saturating_add(SPACING));
        }
    }

    /// The inflater read and wrote, and stopped.
    pub(super) fn follow(&mut self, read: &[u8], written: &[u8], halt: Halt) {
        let Some(trial) = &mut self.trial else { return };
        if !trial.follow(read, written, halt) {
            return;
        }
        match self.trial.take().and_then(|trial| trial.judge(halt)) {
            Some(point) => self.keep(point),
            None => self.due = self.due.map(|due| due.saturating_add(AGAIN)),
        }
    }

    /// A block ended at `input` and `output`; `byte` and `window` came before. `bits` of the byte are the next block's, if
    /// the inflater can tell.
    pub(super) fn block(&mut self, input: u64, output: u64, bits: Option<u8>, byte: u8, window: &[u8]) {
        if self.trial.is_some() || !self.is_due(input) {
            return;
        }
        match bits {
            Some(bits) => self.keep(trial::checkpoint(input, output, bits, byte, window)),
            None => {
                self.due = Some(input);
                self.trial = Some(Trial::new(input, output, byte, window));
            }
        }
    }

    pub(super) fn take(&mut self) -> Vec<Checkpoint> {
        core::mem::take(&mut self.list)
    }

    fn is_due(&self, input: u64) -> bool {
        self.due.is_some_and(|due| input >= due)
    }

    fn keep(&mut self, point: Checkpoint) {
        self.due = Some(point.input.saturating_add(SPACING));
        self.list.push(point);
    }
}
