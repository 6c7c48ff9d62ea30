//! Checkpoints: everything from there on comes out again.

use super::*;
use crate::{Compression, layers::CheckpointKind};
use flate2::{Compress, Compression as Level, FlushCompress};

/// Compressed bytes that are read from a checkpoint on.
const STRETCH: usize = 300 << 10;

/// What comes out from a checkpoint on.
fn from_point(layer: &[u8], compression: Compression, point: &Checkpoint) -> Vec<u8> {
    let mut unpack = Unpack::resume(compression, point, &Limits::DEFAULT).unwrap();
    let mut kept = Kept::default();
    let rest = layer[point.input as usize..].chunks(5000).take(STRETCH / 5000);
    rest.for_each(|chunk| unpack.push(chunk, &mut kept).unwrap());
    kept.bytes
}

/// Checks all checkpoints of a layer, and says how many are blocks.
fn check(layer: &[u8], chunk: usize) -> usize {
    let (kept, points, result) = unpack_in(layer, chunk);
    result.unwrap();
    assert_eq!((points[0].input, points[0].output, &points[0].kind), (0, 0, &CheckpointKind::Start));
    assert!(points.is_sorted_by(|a, b| a.input < b.input && a.output < b.output));
    for point in &points {
        let bytes = from_point(layer, Compression::Gzip, point);
        let enough = STRETCH.min(layer.len() - point.input as usize) / 2;
        assert!(kept.bytes[point.output as usize..].starts_with(&bytes), "{} {}", point.input, point.output);
        assert!(bytes.len() >= enough || layer.len() < STRETCH, "{} bytes", bytes.len());
    }
    points.iter().filter(|point| point.kind != CheckpointKind::Start).count()
}

/// A gzip member by hand around a deflate stream.
fn member(deflated: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let size = bytes.len() as u32;
    [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], deflated, &crc.sum().to_le_bytes(), &size.to_le_bytes()].concat()
}

/// Deflates in pieces, each flushed so.
fn flushed(bytes: &[u8], piece: usize, level: u32, flush: FlushCompress) -> Vec<u8> {
    let mut compress = Compress::new(Level::new(level), false);
    let mut out = Vec::new();
    let mut run = |input: &[u8], flush| {
        let begin = compress.total_in();
        loop {
            out.reserve(1 << 16);
            let done = (compress.total_in() - begin) as usize;
            compress.compress_vec(&input[done..], &mut out, flush).unwrap();
            let room = out.capacity() - out.len();
            if (compress.total_in() - begin) as usize == input.len() && room > 0 {
                return;
            }
        }
    };
    bytes.chunks(piece).for_each(|piece| run(piece, flush));
    run(b"", FlushCompress::Finish);
    out
}

/// Enough for a few checkpoints.
fn much() -> Vec<u8> {
    [noise(3 << 20), text(4 << 20), noise(3 << 20), text(1 << 20), noise(1 << 20)].concat()
}

#[test]
fn blocks_of_all_kinds_become_checkpoints() {
    let bytes = much();
    for (level, piece, flush, least) in [
        // The fastest level of zlib-rs makes blocks of many megabytes.
        (1, usize::MAX, FlushCompress::None, 1),
        (6, usize::MAX, FlushCompress::None, 2),
        (6, 100_000, FlushCompress::Sync, 2),
        (6, 3000, FlushCompress::Full, 2),
        (0, usize::MAX, FlushCompress::None, 2),
    ] {
        let layer = member(&flushed(&bytes, piece, level, flush), &bytes);
        let expected = layer.len() / (3 << 20);
        let blocks = check(&layer, 1 << 16);
        assert!((least..=expected).contains(&blocks), "level {level}: {blocks} of {expected}");
    }
}

#[test]
fn the_file_before_and_after_a_checkpoint_is_at_most_a_spacing_away() {
    let layer = gzip(&much());
    let (_, points, _) = unpack_in(&layer, 1 << 16);
    let gaps = points.windows(2).map(|pair| pair[1].input - pair[0].input);
    assert!(gaps.max().unwrap() < (3 << 20) + (256 << 10));
}

#[test]
fn checkpoints_are_compact() {
    let layer = gzip(&much());
    let (_, points, _) = unpack_in(&layer, 1 << 16);
    let windows: usize = points
        .iter()
        .map(|point| match &point.kind {
            CheckpointKind::Block { window, .. } => window.len(),
            CheckpointKind::Start => 0,
        })
        .sum();
    assert!(windows * 100 <= layer.len(), "{windows} of {}", layer.len());
}

#[test]
fn members_become_checkpoints_where_they_are_far_apart() {
    let small: Vec<u8> = (0..500).flat_map(|at| gzip(&text(10_000 + at))).collect();
    assert_eq!(check(&small, 1 << 16), 0);
    let (_, points, _) = unpack_in(&small, 777);
    assert_eq!(points.len(), 1 + 500 * 10_250 / (1 << 20));
    let large: Vec<u8> = (0..2).flat_map(|_| gzip(&noise(4 << 20))).collect();
    assert_eq!(check(&large, 1 << 16), 2);
}

#[test]
fn many_tiny_blocks_do_not_make_many_checkpoints() {
    let bytes = noise(5 << 20);
    let layer = member(&flushed(&bytes, 60, 6, FlushCompress::Sync), &bytes);
    let blocks = check(&layer, 1 << 16);
    assert_eq!(blocks, layer.len() / (3 << 20));
}

#[test]
fn nobody_need_have_checkpoints() {
    let mut unpack = Unpack::new(&Limits::DEFAULT, false);
    let mut kept = Kept::default();
    unpack.push(&gzip(&noise(4 << 20)), &mut kept).unwrap();
    unpack.finish(&mut kept).unwrap();
    assert!(unpack.take_checkpoints().is_empty());
}

#[test]
fn l03_checkpoints_before_the_damage_are_good() {
    let bytes = much();
    let mut layer = gzip(&bytes);
    let end = layer.len() - 100_000;
    layer.truncate(end);
    let (_, points, result) = unpack_in(&layer, 1 << 16);
    assert_eq!(result.unwrap_err().kind(), Kind::CorruptLayer);
    assert!(points.len() > 2);
    let last = points.last().unwrap();
    let mut unpack = Unpack::resume(Compression::Gzip, last, &Limits::DEFAULT).unwrap();
    let mut kept = Kept::default();
    unpack.push(&layer[last.input as usize..], &mut kept).unwrap();
    assert!(bytes[last.output as usize..].starts_with(&kept.bytes) && kept.bytes.len() > 100_000);
}
