//! Where to begin, and how far to read.

use super::{body::Body, corrupt};
use crate::{
    Cause, Compression, Error, LimitExceeded, Limits, ProtocolError,
    layers::{Checkpoint, CheckpointKind, EntryKind, EntryRef, Flags, LayerFacts, Source, contents::are_regions_of},
};
use alloc::collections::VecDeque;
use core::ops::Range;

pub(super) const NO_FILE: Cause = Cause::Misuse("only files have content");

/// A stretch of a layer that is decompressed in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Where to begin.
    pub(super) from: Checkpoint,
    /// Where it lies in the layer.
    pub(super) input: Range<u64>,
    /// Where in the uncompressed layer it is enough.
    pub(super) end: u64,
}

/// What leads into a layer.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) facts: &'a LayerFacts,
    pub(super) checkpoints: &'a [Checkpoint],
}

pub(super) fn plan(
    way: Way<'_>,
    entry: EntryRef<'_>,
    limit: Option<u64>,
    limits: &Limits,
) -> Result<(Body, VecDeque<Segment>), Error> {
    if entry.kind() != EntryKind::File {
        return Err(NO_FILE.into());
    }
    let wanted = limit.unwrap_or(u64::MAX).min(entry.size());
    if wanted > limits.unpacked {
        return Err(LimitExceeded { which: "size of a file", limit: limits.unpacked }.into());
    }
    check_holes(entry)?;
    let body = Body::new(entry, wanted);
    let stretch = body.stretch();
    let segments = if stretch.is_empty() { VecDeque::new() } else { segments(way, stretch)? };
    Ok((body, segments))
}

/// A body that is shorter than its file says nothing without its map.
fn check_holes(entry: EntryRef<'_>) -> Result<(), Error> {
    let regions = entry.regions();
    let sparse = entry.flags().contains(Flags::SPARSE) || entry.stored() != entry.size();
    if regions.is_empty() && sparse {
        return Err(ProtocolError::Unsupported("a sparse file whose map is not in the index").into());
    }
    let mapped = regions.iter().fold(0_u64, |sum, region| sum.saturating_add(region.length));
    if mapped > entry.stored() || !are_regions_of(regions, entry.size()) {
        return Err(corrupt(0, "the index has a map of a sparse file that cannot be"));
    }
    Ok(())
}

fn segments(way: Way<'_>, stretch: Range<u64>) -> Result<VecDeque<Segment>, Error> {
    if way.facts.compression == Compression::Uncompressed {
        // It can begin anywhere.
        let from = Checkpoint { input: stretch.start, output: stretch.start, kind: CheckpointKind::Start };
        if stretch.end > way.facts.size {
            return Err(corrupt(way.facts.size, "the index has a file behind the end of its layer"));
        }
        return Ok([segment(&from, stretch.end, stretch.end)].into());
    }
    let all = way.checkpoints;
    let first = all.partition_point(|checkpoint| checkpoint.output <= stretch.start);
    let first = first.checked_sub(1).ok_or(ProtocolError::Unsupported("this layer cannot be read by range"))?;
    let beyond = all.partition_point(|checkpoint| checkpoint.output < stretch.end);
    let touched = all.get(first..beyond).unwrap_or_default();
    let limit = all.get(beyond).map_or(way.facts.size, |checkpoint| checkpoint.input.min(way.facts.size));
    let segments = match way.facts.source {
        // The stream goes on by itself.
        Source::Layer => touched.first().map(|from| segment(from, limit, stretch.end)).into_iter().collect(),
        // Between two contents there are headers, which the table does not count.
        Source::Estargz | Source::ZstdChunked => {
            let ends = touched.iter().skip(1).map(|next| (next.input, next.output));
            let ends = ends.chain([(limit, stretch.end)]);
            touched.iter().zip(ends).map(|(from, (limit, end))| segment(from, limit, end)).collect::<VecDeque<_>>()
        }
    };
    match segments.iter().find(|segment| segment.input.is_empty()) {
        Some(segment) => Err(corrupt(segment.input.start, "two checkpoints of the index are in one place")),
        None => Ok(segments),
    }
}

fn segment(from: &Checkpoint, limit: u64, end: u64) -> Segment {
    Segment { from: from.clone(), input: from.input..limit, end }
}
