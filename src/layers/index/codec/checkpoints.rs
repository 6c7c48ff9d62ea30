//! Where decompression can begin.

use super::{
    IndexError,
    read::{Packed, Plain},
    write::Writer,
};
use crate::{
    Compression, LimitExceeded, Limits,
    layers::{Checkpoint, CheckpointKind, LayerFacts},
};
use alloc::vec::Vec;

/// 32 KiB that do not deflate, and what deflate takes to say so.
const WINDOW: u64 = 33 << 10;

/// Kinds: `START`, or `BLOCK` and how many bits of the block lie in the byte before.
const START: u8 = 0;
const BLOCK: u8 = 1;

/// Bytes that `write` leaves as they are.
pub(super) fn plain(checkpoints: &[Checkpoint]) -> usize {
    let windows = checkpoints.iter().map(|checkpoint| match &checkpoint.kind {
        CheckpointKind::Start => 0,
        CheckpointKind::Block { window, .. } => window.len(),
    });
    windows.sum()
}

pub(super) fn write(checkpoints: &[Checkpoint], out: &mut Writer) {
    out.varint(checkpoints.len() as u64);
    let (mut input, mut output) = (0, 0);
    for checkpoint in checkpoints {
        out.varint(checkpoint.input.wrapping_sub(input));
        out.varint(checkpoint.output.wrapping_sub(output));
        (input, output) = (checkpoint.input, checkpoint.output);
        match &checkpoint.kind {
            CheckpointKind::Start => out.byte(START),
            CheckpointKind::Block { bits, byte, window } => {
                out.byte(BLOCK + (*bits).min(7));
                out.byte(*byte);
                out.varint(window.len() as u64);
                out.plain.extend_from_slice(window);
            }
        }
        out.settle();
    }
}

pub(super) fn read(
    facts: &LayerFacts,
    packed: &mut Packed<'_>,
    plain: &mut Plain<'_>,
    limits: &Limits,
) -> Result<Vec<Checkpoint>, IndexError> {
    let count = packed.varint()?;
    if count > limits.entries as u64 {
        return Err(LimitExceeded { which: "checkpoints of an index", limit: limits.entries as u64 }.into());
    }
    let mut checkpoints = Vec::new();
    let (mut input, mut output) = (0_u64, 0_u64);
    for _ in 0..count {
        packed.charge(size_of::<Checkpoint>())?;
        input = further(input, packed.varint()?, facts.size)?;
        output = further(output, packed.varint()?, facts.unpacked.unwrap_or(u64::MAX))?;
        let kind = kind(facts, packed, plain)?;
        checkpoints.push(Checkpoint { input, output, kind });
    }
    Ok(checkpoints)
}

fn further(from: u64, by: u64, end: u64) -> Result<u64, IndexError> {
    let place = from.checked_add(by).filter(|place| *place <= end);
    place.ok_or(IndexError::Malformed("a checkpoint outside of the layer"))
}

fn kind(facts: &LayerFacts, packed: &mut Packed<'_>, plain: &mut Plain<'_>) -> Result<CheckpointKind, IndexError> {
    let number = packed.byte()?;
    match number.checked_sub(BLOCK) {
        None => Ok(CheckpointKind::Start),
        Some(bits) if bits < 8 && facts.compression == Compression::Gzip => {
            let byte = packed.byte()?;
            let length = packed.varint()?;
            if length > WINDOW {
                return Err(IndexError::Malformed("a window is too long"));
            }
            Ok(CheckpointKind::Block { bits, byte, window: plain.bytes(length)?.into() })
        }
        Some(_) => Err(IndexError::Malformed("an unknown kind of checkpoint")),
    }
}
