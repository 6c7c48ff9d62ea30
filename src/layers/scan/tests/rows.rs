//! Rows of section L that a scan holds as a whole.

use super::*;
use crate::{Cause, MediaType, Stage, layers::tar::testing::pax};
use alloc::{boxed::Box, format};

fn exceeded(index: &LayerIndex) -> &'static str {
    match index.facts.partial.as_ref().map(Error::cause) {
        Some(Cause::Limit(limit)) => limit.which,
        other => panic!("{other:?}"),
    }
}

/// An archive of one file of zeros behind another entry.
fn zeros(size: usize) -> Vec<u8> {
    [Raw::new(b"first", b'0').with(b"1"), Raw::new(b"zeros", b'0').with(&alloc::vec![0; size]), [0; 1024].to_vec()]
        .concat()
}

#[test]
fn l01_a_bomb_stops_at_the_budget_in_all_chunks_alike() {
    let limits = Limits { unpacked: 1 << 20, ..Limits::DEFAULT };
    let archive = zeros(8 << 20);
    for layer in [gzip(&archive), zstd(&archive), archive.clone()] {
        for chunk in [100, usize::MAX] {
            let mut seen = 0;
            let mut scan = Scan::new(ScanOptions { limits: limits.clone(), ..options(&layer) });
            let _ = layer.chunks(chunk).try_for_each(|chunk| scan.push_with(chunk, &mut |bytes| seen += bytes.len()));
            assert_eq!(seen, 1 << 20);
            let index = scan.into_index();
            assert_eq!(exceeded(&index), "uncompressed size of a layer");
            assert_eq!(paths(&index), [&b"first"[..], b"zeros"]);
            assert_eq!((index.facts.unpacked, index.facts.diff_id), (None, None));
        }
    }
}

#[test]
fn l01_expansion_counts_once_enough_came_out() {
    let archive = zeros(8 << 20);
    let layer = zstd(&archive);
    let ratio = archive.len() / layer.len();
    assert!(ratio > 100, "{ratio}");
    let limits = Limits { expansion: 100, expansion_floor: 1 << 20, ..Limits::DEFAULT };
    let index = scan_with(ScanOptions { limits: limits.clone(), ..options(&layer) }, &layer, 50);
    assert_eq!((exceeded(&index), index.listing.len()), ("expansion of a layer", 2));
    let limits = Limits { expansion_floor: 9 << 20, ..limits };
    assert_eq!(scan_with(ScanOptions { limits, ..options(&layer) }, &layer, 50).facts.partial, None);
}

#[test]
fn l01_gzip_at_its_best_is_within_the_limits() {
    let layer = gzip(&zeros(70 << 20));
    let index = scan(&layer, 1 << 16);
    assert!(index.facts.unpacked.unwrap() / index.facts.size > 900);
}

#[test]
fn l02_a_window_above_the_limit_is_refused() {
    let layer = zstd(&archive());
    let limits = Limits { zstd_window: 100, ..Limits::DEFAULT };
    let index = scan_with(ScanOptions { limits, ..options(&layer) }, &layer, 5);
    assert_eq!((exceeded(&index), index.listing.len()), ("window of a zstd frame", 0));
}

#[test]
fn l03_a_layer_that_was_cut_keeps_its_entries_and_is_partial() {
    let archive = archive();
    // Of a zstd frame that breaks off, the decoder keeps what a match could still reach back to: of a small one, all.
    for (whole, least) in [(gzip(&archive), 1), (zstd(&archive), 0), (archive, 1)] {
        let layer = &whole[..whole.len() - 1500.min(whole.len() / 2)];
        let index = scan_with(ScanOptions { verify: false, ..options(&whole) }, layer, 100);
        let partial = index.facts.partial.unwrap();
        assert_eq!((partial.kind(), partial.stage()), (Kind::CorruptLayer, Some(Stage::Layer)));
        assert_eq!((index.facts.unpacked, index.facts.size), (None, layer.len() as u64));
        assert!(index.listing.len() >= least);
        let known = [&b"etc"[..], b"etc/hostname", b"etc/motd"];
        assert!(known.iter().zip(index.listing.iter()).all(|(path, entry)| entry.path() == *path));
    }
}

#[test]
fn l03_other_bytes_than_asked_for_are_never_called_good() {
    let layer = gzip(&archive());
    let index = scan_with(ScanOptions::new(Digest::sha256(b"another")), &layer, 100);
    assert_eq!(index.facts.partial.map(|error| error.kind()), Some(Kind::DigestMismatch));
    // Too short, too: that it is another layer says more.
    let mut scan = Scan::new(options(&layer));
    scan.push(&layer[..layer.len() - 1]).unwrap();
    assert_eq!(scan.finish().unwrap_err().kind(), Kind::DigestMismatch);
}

#[test]
fn t04_more_or_fewer_bytes_than_the_descriptor_says_are_an_error() {
    let layer = gzip(&archive());
    let with = |size: usize| ScanOptions { size: Some(size as u64), ..options(&layer) };
    for size in [layer.len() - 1, layer.len() + 1] {
        let facts = scan_with(with(size), &layer, 100).facts;
        assert_eq!(facts.partial.map(|error| error.kind()), Some(Kind::SizeMismatch));
        assert_eq!(facts.size, size as u64);
    }
    assert_eq!(scan_with(with(layer.len()), &layer, 100).facts.partial, None);
}

#[test]
fn j06_a_digest_that_cannot_be_verified_is_refused() {
    let mut scan = Scan::new(ScanOptions::new("blake3:abcd".parse().unwrap()));
    assert_eq!(scan.push(b"").unwrap_err().kind(), Kind::InvalidDigest);
    let options = ScanOptions { verify: false, ..ScanOptions::new("blake3:abcd".parse().unwrap()) };
    assert_eq!(scan_with(options, &archive(), 100).facts.partial, None);
}

#[test]
fn l04_the_bytes_count_and_the_media_type_is_noted() {
    let archive = archive();
    for (layer, media_type, notes) in [
        (gzip(&archive), MediaType::OCI_LAYER_GZIP, 0),
        (gzip(&archive), MediaType::OCI_LAYER_ZSTD, 1),
        (zstd(&archive), MediaType::DOCKER_LAYER_GZIP, 1),
        (archive.clone(), MediaType::OCI_LAYER_GZIP, 1),
        (gzip(&archive), MediaType::OCI_LAYER, 1),
        (gzip(&archive), MediaType::OCTET_STREAM, 0),
        (Vec::new(), MediaType::OCI_LAYER_GZIP, 0),
    ] {
        let index = scan_with(ScanOptions { media_type: Some(media_type), ..options(&layer) }, &layer, 100);
        assert_eq!((index.facts.partial, index.facts.notes.len()), (None, notes), "{:?}", index.facts.notes);
    }
    let options = ScanOptions { media_type: Some(MediaType::OCI_LAYER_GZIP), ..options(&archive) };
    let note = "the media type says gzip, and the layer is uncompressed";
    assert_eq!(scan_with(options, &archive, 100).facts.notes, [note]);
}

#[test]
fn l05_many_entries_are_listed_to_the_last() {
    let entries = 200_000_u32;
    let archive = (0..entries).flat_map(|at| Raw::new(format!("d{}/f{at}", at % 1000).as_bytes(), b'0').block());
    let layer: Vec<u8> = archive.collect();
    let index = scan_with(ScanOptions { verify: false, ..options(b"") }, &layer, 1 << 16);
    assert_eq!((index.facts.partial, index.listing.len()), (None, 200_000));
    assert!(index.listing.memory() < 25 << 20, "{}", index.listing.memory());
}

#[test]
fn l11_a_diff_id_that_differs_is_noted_and_can_be_asked_for() {
    let archive = archive();
    let right = Digest::sha256(&archive);
    let wrong = Digest::sha256(b"another");
    for layer in [gzip(&archive), zstd(&archive), archive.clone()] {
        let with = |diff_id: &Digest| ScanOptions { diff_id: Some(diff_id.clone()), ..options(&layer) };
        let facts = scan_with(with(&right), &layer, 99).facts;
        assert_eq!((facts.has_diff_id(&right), facts.notes.len()), (Some(true), 0));
        let facts = scan_with(with(&wrong), &layer, 99).facts;
        assert_eq!((facts.has_diff_id(&wrong), facts.notes.len(), facts.partial), (Some(false), 1, None));
        assert_eq!(facts.diff_id, Some(right.clone()));
    }
}

#[test]
fn l11_what_was_not_hashed_is_not_called_right() {
    let layer = archive();
    let facts = scan(&layer, 99).facts;
    assert_eq!(facts.has_diff_id(&Digest::sha256(&layer)), None);
    let hashed = ScanOptions { hash_unpacked: true, ..options(&layer) };
    assert_eq!(scan_with(hashed, &layer, 99).facts.diff_id, Some(Digest::sha256(&layer)));
    let unknown = ScanOptions { diff_id: Some("blake3:abcd".parse().unwrap()), ..options(&layer) };
    let facts = scan_with(unknown, &layer, 99).facts;
    assert_eq!((facts.diff_id, facts.notes.len()), (None, 1));
}

#[test]
fn l11_data_behind_the_end_belongs_to_the_diff_id() {
    let layer = [archive(), b"more".to_vec()].concat();
    let facts = scan_with(ScanOptions { hash_unpacked: true, ..options(&layer) }, &layer, 99).facts;
    assert_eq!((facts.diff_id, facts.unpacked), (Some(Digest::sha256(&layer)), Some(layer.len() as u64)));
    assert_eq!(facts.notes, ["there is data behind the end of the archive"]);
}

#[test]
fn l06_to_l10_what_is_odd_is_flagged_and_listed() {
    let layer = [
        Raw::new(b"../up", b'0').block(),
        pax(b'x', &[("size", b"0")]),
        Raw::new(b"conflict", b'0').size(5).block(),
        Raw::new(b"a/.wh.b", b'0').block(),
        Raw::new(b"a/.wh..wh..opq", b'0').block(),
        Raw::new(b"dev/null", b'3').put(329, b"0000001\0").put(337, b"0000003\0").block(),
        [0; 1024].to_vec(),
    ]
    .concat();
    let index = scan(&gzip(&layer), 100);
    let entries: Vec<_> = index.listing.iter().map(|entry| (entry.flags(), entry.kind())).collect();
    let file = EntryKind::File;
    assert_eq!(
        entries,
        [
            (Flags::ESCAPES, file),
            (Flags::SIZE_CONFLICT, file),
            (Flags::default(), file),
            (Flags::default(), file),
            (Flags::default(), EntryKind::CharDevice),
        ]
    );
    assert_eq!(index.listing.iter().filter(|entry| entry.whiteout().is_some()).count(), 2);
    assert_eq!(index.listing.get(4).map(|entry| entry.device()), Some((1, 3)));
}

#[test]
fn a_scan_can_go_to_another_thread() {
    fn check(_: Box<dyn Send>) {}
    check(Box::new(Scan::new(options(b""))));
}
