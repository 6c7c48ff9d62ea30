//! Whole layers, from compressed bytes to an index.

mod alike;
mod rows;

use super::*;
use crate::{
    Digest, Kind, Limits,
    layers::{EntryKind, Flags, tar::testing::Raw},
};
use alloc::vec::Vec;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A directory and two files.
fn archive() -> Vec<u8> {
    [
        Raw::new(b"etc/", b'5').block(),
        Raw::new(b"etc/hostname", b'0').with(b"host\n"),
        Raw::new(b"etc/motd", b'0').with(&b"hello ".repeat(200)),
        [0; 1024].to_vec(),
    ]
    .concat()
}

fn options(layer: &[u8]) -> ScanOptions {
    ScanOptions::new(Digest::sha256(layer))
}

/// Scans in chunks of this size; what there is at the end, or when something went wrong.
fn scan_with(options: ScanOptions, layer: &[u8], chunk: usize) -> LayerIndex {
    let mut scan = Scan::new(options);
    let _ = layer.chunks(chunk).try_for_each(|chunk| scan.push(chunk));
    scan.into_index()
}

fn scan(layer: &[u8], chunk: usize) -> LayerIndex {
    scan_with(options(layer), layer, chunk)
}

fn paths(index: &LayerIndex) -> Vec<Vec<u8>> {
    index.listing.iter().map(|entry| entry.path()).collect()
}

#[test]
fn lists_a_layer_whatever_its_compression_and_its_chunks() {
    let archive = archive();
    for layer in [gzip(&archive), zstd(&archive), archive.clone()] {
        for chunk in [1, 7, 512, usize::MAX] {
            let index = scan(&layer, chunk);
            assert_eq!(index.facts.partial, None);
            assert_eq!(paths(&index), [&b"etc"[..], b"etc/hostname", b"etc/motd"]);
            assert_eq!((index.facts.size, index.facts.unpacked), (layer.len() as u64, Some(archive.len() as u64)));
            assert_eq!((index.facts.source, index.facts.notes.len()), (Source::Layer, 0));
            assert_eq!((index.checkpoints[0].input, index.checkpoints[0].output), (0, 0));
        }
    }
}

#[test]
fn tells_how_far_it_came() {
    let layer = gzip(&archive());
    let mut scan = Scan::new(options(&layer));
    assert_eq!((scan.compression(), scan.received(), scan.unpacked()), (None, 0, 0));
    scan.push(&layer[..layer.len() - 8]).unwrap();
    assert_eq!(scan.compression(), Some(Compression::Gzip));
    assert_eq!((scan.received(), scan.unpacked()), (layer.len() as u64 - 8, archive().len() as u64));
    assert_eq!(scan.listing().len(), 3);
}

#[test]
fn shows_the_uncompressed_bytes_to_who_wants_them() {
    let layer = gzip(&archive());
    let mut seen = Vec::new();
    let mut scan = Scan::new(options(&layer));
    for chunk in layer.chunks(50) {
        scan.push_with(chunk, &mut |bytes| seen.extend_from_slice(bytes)).unwrap();
    }
    assert!(scan.finish().is_ok());
    assert_eq!(seen, archive());
}

#[test]
fn an_empty_layer_is_a_layer() {
    for layer in [Vec::new(), gzip(b""), zstd(b""), [0; 1024].to_vec(), gzip(&[0; 10_240])] {
        let index = scan(&layer, 10);
        assert_eq!((index.facts.partial, index.listing.len(), index.facts.notes.len()), (None, 0, 0));
    }
}

#[test]
fn checkpoints_can_be_left_out() {
    let layer = gzip(&archive());
    let index = scan_with(ScanOptions { checkpoints: false, ..options(&layer) }, &layer, 100);
    assert!(index.checkpoints.is_empty());
}

#[test]
fn what_went_wrong_is_said_again() {
    let mut layer = archive();
    layer[600] ^= 1;
    let mut scan = Scan::new(options(&layer));
    let first = scan.push(&layer).unwrap_err();
    assert_eq!(scan.push(b"").unwrap_err(), first);
    assert_eq!(scan.finish().unwrap_err(), first);
}

#[test]
fn a_layer_that_breaks_off_is_partial_for_that_reason() {
    let layer = gzip(&archive());
    let mut scan = Scan::new(options(&layer));
    scan.push(&layer[..layer.len() / 2]).unwrap();
    let reason = Error::from(crate::TransportError::Aborted);
    let index = scan.abandon(reason.clone());
    assert_eq!((index.facts.partial, index.facts.unpacked), (Some(reason), None));
}
