//! Files read by range are the files that were packed.

use super::*;
use crate::{
    Digest, IntegrityError, Kind,
    layers::{
        Checkpoint, CheckpointKind, ContentPart, Entry, EntryKind, LayerFacts, Listing, Region, Scan, ScanOptions,
        Source,
    },
};
use alloc::{format, string::String, vec, vec::Vec};
use miniz_oxide::inflate::{
    TINFLStatus,
    core::{DecompressorOxide, decompress, inflate_flags},
};
use proptest::prelude::*;
use std::io::Write as _;

/// Bytes that deflate to about half.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        b"0123456789abcdef"[(state & 15) as usize]
    };
    (0..length).map(|_| next()).collect()
}

fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, name, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn some_files() -> Vec<(String, Vec<u8>)> {
    [0, 1, 511, 512, 513, 70_000, 3, 200_000, 40_000, 0, 99]
        .iter()
        .enumerate()
        .map(|(at, size)| (format!("dir/file-{at}"), noise(at as u32, *size)))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every deflate block of a single gzip member.
fn blocks(layer: &[u8], unpacked: &[u8]) -> Vec<Checkpoint> {
    const HEADER: usize = 10;
    let mut inflate = DecompressorOxide::new();
    let mut out = vec![0; unpacked.len() + 1];
    let (mut read, mut written) = (HEADER, 0);
    let flags = inflate_flags::TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
        | inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
    let mut all = vec![Checkpoint { input: 0, output: 0, kind: CheckpointKind::Start }];
    loop {
        let (status, took, made) = decompress(&mut inflate, &layer[read..], &mut out, written, flags);
        (read, written) = (read + took, written + made);
        if status != TINFLStatus::BlockBoundary {
            assert_eq!(status, TINFLStatus::Done);
            return all;
        }
        let window = miniz_oxide::deflate::compress_to_vec(&out[written.saturating_sub(32 << 10)..written], 6);
        let kind = CheckpointKind::Block {
            bits: inflate.block_boundary_state().unwrap().num_bits,
            byte: layer[read - 1],
            window,
        };
        all.push(Checkpoint { input: read as u64, output: written as u64, kind });
    }
}

fn scanned(layer: &[u8]) -> LayerIndex {
    let mut scan = Scan::new(ScanOptions::new(Digest::sha256(layer)));
    scan.push(layer).unwrap();
    scan.finish().unwrap()
}

fn row(index: &LayerIndex, path: &str) -> RowId {
    index.listing.find(path.as_bytes()).unwrap().id()
}

/// Reads as a client does: nothing but the range, and no more of it than is wanted.
fn read(
    layer: &[u8],
    index: &LayerIndex,
    row: RowId,
    limit: Option<u64>,
    chunk: usize,
) -> Result<(Vec<u8>, ReadOutcome), Error> {
    let mut read = FileRead::plan(index, row, limit, &Limits::DEFAULT)?;
    let range = read.range();
    let range = &layer[range.start as usize..range.end as usize];
    let mut bytes = Vec::new();
    read.push(&[], &mut |part| bytes.extend_from_slice(part))?;
    for chunk in range.chunks(chunk) {
        if read.push(chunk, &mut |part| bytes.extend_from_slice(part))? {
            break;
        }
    }
    Ok((bytes, read.finish()?))
}

fn all_are_read(layer: &[u8], index: &LayerIndex, files: &[(String, Vec<u8>)]) {
    for (name, content) in files {
        for chunk in [1, 1000, 1 << 20] {
            let (bytes, outcome) = read(layer, index, row(index, name), None, chunk).unwrap();
            assert!(bytes == *content, "{name} in chunks of {chunk}");
            assert_eq!(outcome.bytes, content.len() as u64);
            assert!(outcome.whole && outcome.is_verified(), "{name}: {outcome:?}");
        }
    }
}

#[test]
fn files_are_read_from_the_blocks_of_a_gzip_member() {
    let files = some_files();
    let archive = archive(&files);
    let layer = gzip(&archive);
    let index = LayerIndex { checkpoints: blocks(&layer, &archive), ..scanned(&layer) };
    assert!(index.checkpoints.len() > 3, "{}", index.checkpoints.len());
    all_are_read(&layer, &index, &files);
    let late = FileRead::plan(&index, row(&index, "dir/file-10"), None, &Limits::DEFAULT).unwrap();
    assert!(late.range().start > layer.len() as u64 / 2, "{:?}", late.range());
}

#[test]
fn files_are_read_from_a_plain_archive() {
    let files = some_files();
    let layer = archive(&files);
    let index = scanned(&layer);
    all_are_read(&layer, &index, &files);
    let one = FileRead::plan(&index, row(&index, "dir/file-2"), None, &Limits::DEFAULT).unwrap();
    assert_eq!(one.range().end - one.range().start, 511);
}

#[test]
fn l04_files_go_on_over_gzip_members() {
    let files = some_files();
    let archive = archive(&files);
    let (mut layer, mut checkpoints) = (Vec::new(), Vec::new());
    for (at, part) in archive.chunks(10_007).enumerate() {
        checkpoints.push(Checkpoint {
            input: layer.len() as u64,
            output: at as u64 * 10_007,
            kind: CheckpointKind::Start,
        });
        layer.extend(gzip(part));
    }
    let index = LayerIndex { checkpoints, ..scanned(&layer) };
    all_are_read(&layer, &index, &files);
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn l04_files_go_on_over_zstd_frames() {
    let files = some_files();
    let archive = archive(&files);
    let (mut layer, mut checkpoints) = (Vec::new(), Vec::new());
    for (at, part) in archive.chunks(10_007).enumerate() {
        let (input, output) = (layer.len() as u64, at as u64 * 10_007);
        checkpoints.push(Checkpoint { input, output, kind: CheckpointKind::Start });
        layer.extend(zstd(part));
        // Others may put their own things between frames.
        layer.extend(b"\x5a\x2a\x4d\x18\x03\0\0\0abc");
    }
    let index = LayerIndex { checkpoints, ..scanned(&layer) };
    all_are_read(&layer, &index, &files);
    let late = FileRead::plan(&index, row(&index, "dir/file-10"), None, &Limits::DEFAULT).unwrap();
    assert!(late.range().start > layer.len() as u64 / 2, "{:?}", late.range());
}

#[test]
fn a_single_zstd_frame_is_read_from_its_beginning() {
    let files = some_files();
    let layer = zstd(&archive(&files));
    let index = scanned(&layer);
    all_are_read(&layer, &index, &files);
    let late = FileRead::plan(&index, row(&index, "dir/file-10"), None, &Limits::DEFAULT).unwrap();
    assert_eq!(late.range(), 0..layer.len() as u64);
}

#[test]
fn l02_a_window_above_the_limit_is_refused() {
    let files = some_files();
    let layer = zstd(&archive(&files));
    let index = scanned(&layer);
    let limits = Limits { zstd_window: 10, ..Limits::DEFAULT };
    let mut read = FileRead::plan(&index, row(&index, "dir/file-5"), None, &limits).unwrap();
    assert_eq!(read.push(&layer, &mut |_| {}).unwrap_err().kind(), Kind::LimitExceeded);
}

#[test]
fn the_beginning_of_a_file_needs_no_more_than_that() {
    let files = some_files();
    let archive = archive(&files);
    let layer = gzip(&archive);
    let index = LayerIndex { checkpoints: blocks(&layer, &archive), ..scanned(&layer) };
    let (name, content) = &files[7];
    let row = row(&index, name);
    for limit in [0, 1, 100, 150_000, 200_000, u64::MAX] {
        let (bytes, outcome) = read(&layer, &index, row, Some(limit), 100).unwrap();
        let expected = content.len().min(usize::try_from(limit).unwrap());
        assert!(bytes == content[..expected], "{limit}");
        let whole = expected == content.len();
        assert_eq!((outcome.whole, outcome.is_verified()), (whole, whole), "{limit}");
    }
    let some = FileRead::plan(&index, row, Some(100), &Limits::DEFAULT).unwrap().range();
    let all = FileRead::plan(&index, row, None, &Limits::DEFAULT).unwrap().range();
    assert!(some.start == all.start && some.end < all.end, "{some:?} {all:?}");
}

#[test]
fn l03_another_byte_is_never_called_good() {
    let files = some_files();
    let archive = archive(&files);
    let layer = gzip(&archive);
    let index = LayerIndex { checkpoints: blocks(&layer, &archive), ..scanned(&layer) };
    let row = row(&index, "dir/file-5");
    let range = FileRead::plan(&index, row, None, &Limits::DEFAULT).unwrap().range();
    for at in range.step_by(97) {
        let mut broken = layer.clone();
        broken[at as usize] ^= 0x10;
        match read(&broken, &index, row, None, 1000) {
            Ok((bytes, _)) => assert!(bytes == files[5].1, "byte {at}"),
            Err(error) => assert!(matches!(error.kind(), Kind::CorruptLayer | Kind::DigestMismatch), "{error}"),
        }
    }
}

#[test]
fn l03_a_range_that_ends_too_early_is_an_error() {
    let files = some_files();
    let archive = archive(&files);
    for layer in [gzip(&archive), archive.clone()] {
        let index = scanned(&layer);
        let mut read = FileRead::plan(&index, row(&index, "dir/file-5"), None, &Limits::DEFAULT).unwrap();
        let range = read.range();
        assert!(!read.push(&layer[range.start as usize..][..500], &mut |_| {}).unwrap());
        assert_eq!(read.finish().unwrap_err().kind(), Kind::CorruptLayer);
    }
}

#[test]
fn l03_more_than_the_range_does_not_help() {
    let plain = archive(&some_files());
    let layer = gzip(&plain);
    let mut index = scanned(&layer);
    index.facts.size = 5000;
    let mut read = FileRead::plan(&index, row(&index, "dir/file-5"), None, &Limits::DEFAULT).unwrap();
    let error = layer[read.range().start as usize..].chunks(1000).find_map(|chunk| read.push(chunk, &mut |_| {}).err());
    assert_eq!(error.unwrap().kind(), Kind::CorruptLayer);
    assert_eq!(read.finish().unwrap_err().kind(), Kind::CorruptLayer);
    let mut index = scanned(&plain);
    index.facts.size = 5000;
    let error = FileRead::plan(&index, row(&index, "dir/file-5"), None, &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), Kind::CorruptLayer);
}

#[test]
fn another_content_is_a_digest_mismatch() {
    let files = some_files();
    let layer = archive(&files);
    let mut index = scanned(&layer);
    let row = row(&index, "dir/file-5");
    index.listing.set_print(row, 1);
    let error = read(&layer, &index, row, None, 100).unwrap_err();
    assert!(
        matches!(error.cause(), crate::Cause::Integrity(IntegrityError::Digest { expected, .. }) if expected == "xxh64:0000000000000001")
    );
    index.listing.set_content_digest(row, [7; 32]);
    let error = read(&layer, &index, row, None, 100).unwrap_err();
    assert!(
        matches!(error.cause(), crate::Cause::Integrity(IntegrityError::Digest { expected, .. }) if expected.starts_with("sha256:0707"))
    );
    index.listing.set_content_digest(row, Digest::sha256(&files[5].1).to_sha256().unwrap());
    assert_eq!(read(&layer, &index, row, None, 100).unwrap().1.proof, Some(Proof::Digest));
}

#[test]
fn parts_speak_for_what_was_read_of_them() {
    let files = some_files();
    let layer = archive(&files);
    let mut index = scanned(&layer);
    let row = row(&index, "dir/file-5");
    index.listing.set_print(row, 0);
    let mut parts: Vec<_> = files[5]
        .1
        .chunks(30_000)
        .map(|part| ContentPart { length: part.len() as u64, digest: Digest::sha256(part).to_sha256().unwrap() })
        .collect();
    index.listing.set_content_parts(row, parts.clone());
    for (limit, proof) in [(None, true), (Some(29_999), false), (Some(30_000), true), (Some(60_001), false)] {
        let (_, outcome) = read(&layer, &index, row, limit, 1000).unwrap();
        assert_eq!(outcome.proof, proof.then_some(Proof::Digest), "{limit:?}");
    }
    parts[1].digest = [0; 32];
    index.listing.set_content_parts(row, parts);
    assert_eq!(read(&layer, &index, row, Some(60_000), 1000).unwrap_err().kind(), Kind::DigestMismatch);
    assert!(read(&layer, &index, row, Some(59_999), 1000).unwrap().1.proof.is_none());
}

/// An index without checkpoints over bytes that are no archive.
fn bare(layer: &[u8], entry: &Entry<'_>, regions: &[Region]) -> LayerIndex {
    let mut listing = Listing::new();
    let row = listing.push(entry).unwrap();
    if !regions.is_empty() {
        listing.set_regions(row, regions.to_vec());
    }
    let facts = LayerFacts {
        digest: Digest::sha256(layer),
        size: layer.len() as u64,
        compression: Compression::Uncompressed,
        diff_id: None,
        unpacked: None,
        source: Source::Layer,
        partial: None,
        notes: Vec::new(),
    };
    LayerIndex { facts, listing, checkpoints: Vec::new() }
}

#[test]
fn holes_are_filled() {
    let layer = noise(1, 100_000);
    let regions = [
        Region { offset: 5_000, length: 10_000 },
        Region { offset: 15_000, length: 0 },
        Region { offset: 50_000, length: 1 },
        Region { offset: 90_000, length: 3_000 },
    ];
    let entry = Entry { path: b"sparse", size: 120_000, offset: 512, stored: 13_001, ..Entry::default() };
    let index = bare(&layer, &entry, &regions);
    let mut expected = vec![0; 120_000];
    expected[5_000..15_000].copy_from_slice(&layer[512..10_512]);
    expected[50_000] = layer[10_512];
    expected[90_000..93_000].copy_from_slice(&layer[10_513..13_513]);
    for limit in [0, 1, 4_999, 5_000, 5_001, 15_000, 50_001, 91_000, 93_000, 119_999, 120_000] {
        for chunk in [1, 100_000] {
            let (bytes, outcome) = read(&layer, &index, 0, Some(limit), chunk).unwrap();
            assert!(bytes == expected[..limit as usize], "{limit}");
            assert_eq!(outcome.whole, limit == 120_000);
        }
    }
    let first = FileRead::plan(&index, 0, Some(5_001), &Limits::DEFAULT).unwrap();
    assert_eq!(first.range(), 512..513);
}

#[test]
fn a_file_may_be_a_hole() {
    let entry = Entry { path: b"hole", size: 40_000, offset: 9, stored: 0, ..Entry::default() };
    let index = bare(b"", &entry, &[Region { offset: 40_000, length: 0 }]);
    let mut read = FileRead::plan(&index, 0, None, &Limits::DEFAULT).unwrap();
    assert!(read.range().is_empty() && !read.is_done());
    let mut size = 0;
    assert!(read.push(&[], &mut |zeros| size += zeros.iter().filter(|byte| **byte == 0).count()).unwrap());
    assert_eq!((size, read.finish().unwrap().bytes), (40_000, 40_000));
}

#[test]
fn l08_sparse_claims_are_bounded() {
    let entry = Entry { path: b"hole", size: 1 << 62, offset: 9, stored: 0, ..Entry::default() };
    let index = bare(b"", &entry, &[Region { offset: 1 << 62, length: 0 }]);
    let error = FileRead::plan(&index, 0, None, &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), Kind::LimitExceeded);
    let mut read = FileRead::plan(&index, 0, Some(10), &Limits::DEFAULT).unwrap();
    assert!(read.push(&[], &mut |_| {}).unwrap());
    assert_eq!(read.finish().unwrap().bytes, 10);
}

#[test]
fn what_cannot_be_read_says_why() {
    let layer = archive(&some_files());
    let entry = |kind, stored| Entry { path: b"x", kind, size: 100, offset: 512, stored, ..Entry::default() };
    let why = |index: &LayerIndex, row| FileRead::plan(index, row, None, &Limits::DEFAULT).unwrap_err().kind();
    assert_eq!(why(&bare(&layer, &entry(EntryKind::Hardlink, 100), &[]), 0), Kind::Misuse);
    assert_eq!(why(&bare(&layer, &entry(EntryKind::File, 100), &[]), 1), Kind::Misuse);
    assert_eq!(why(&bare(&layer, &entry(EntryKind::File, 99), &[]), 0), Kind::Unsupported);
    let mut gzip = bare(&layer, &entry(EntryKind::File, 100), &[]);
    gzip.facts.compression = Compression::Gzip;
    assert_eq!(why(&gzip, 0), Kind::Unsupported);
}

fn any_checkpoint() -> impl Strategy<Value = Checkpoint> {
    let window = prop::collection::vec(any::<u8>(), 0..50);
    let block =
        (0..9_u8, any::<u8>(), window).prop_map(|(bits, byte, window)| CheckpointKind::Block { bits, byte, window });
    let kind = prop_oneof![Just(CheckpointKind::Start), block];
    (0..2000_u64, 0..2000_u64, kind).prop_map(|(input, output, kind)| Checkpoint { input, output, kind })
}

proptest! {
    #[test]
    fn any_index_over_any_bytes_is_harmless(
        layer in prop::collection::vec(any::<u8>(), 0..1000),
        numbers in (0..2000_u16, 0..600_u16, 0..600_u16, any::<bool>()),
        checkpoints in prop::collection::vec(any_checkpoint(), 0..4),
        regions in prop::collection::vec((0..300_u16, 0..300_u16), 0..3),
        form: (u8, u8),
        limit: Option<u16>,
    ) {
        let (offset, size, stored, same) = numbers;
        let stored = if same { size } else { stored };
        let entry = Entry { path: b"x", size: size.into(), offset: offset.into(), stored: stored.into(), ..Entry::default() };
        let regions: Vec<_> =
            regions.iter().map(|(offset, length)| Region { offset: (*offset).into(), length: (*length).into() }).collect();
        let mut index = bare(&layer, &entry, &regions);
        index.checkpoints = checkpoints;
        index.facts.compression = [Compression::Gzip, Compression::Uncompressed, Compression::Zstd][usize::from(form.0 % 3)];
        index.facts.source = [Source::Layer, Source::Estargz, Source::ZstdChunked][usize::from(form.1 % 3)];
        if let Ok(mut read) = FileRead::plan(&index, 0, limit.map(u64::from), &Limits::DEFAULT) {
            let range = read.range();
            prop_assert!(range.start <= range.end && range.end <= layer.len() as u64, "{:?}", range);
            let mut given = 0;
            for chunk in layer.chunks(100) {
                let _ = read.push(chunk, &mut |bytes| given += bytes.len());
            }
            prop_assert!(given <= usize::from(size));
            if let Ok(outcome) = read.finish() {
                prop_assert_eq!(outcome.bytes, given as u64);
            }
        }
    }
}
