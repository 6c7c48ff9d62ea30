use super::*;
use crate::{Cause, Compression};
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// By `zstd -19 --check`: 1,000 times the letters from a to t.
const CHECKED: &[u8] = include_bytes!("checked.zst");

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// A frame by hand: header behind the magic number, then blocks.
fn frame(header: &[u8], blocks: &[(u32, &[u8], u32)]) -> Vec<u8> {
    let mut frame = [&[0x28, 0xb5, 0x2f, 0xfd], header].concat();
    for (at, (kind, content, size)) in blocks.iter().enumerate() {
        let last = u32::from(at + 1 == blocks.len());
        frame.extend_from_slice(&(size << 3 | kind << 1 | last).to_le_bytes()[..3]);
        frame.extend_from_slice(content);
    }
    frame
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    frame(&[0x20, bytes.len() as u8], &[(0, bytes, bytes.len() as u32)])
}

const SKIPPABLE: [u8; 12] = [0x5a, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];

fn letters() -> Vec<u8> {
    b"abcdefghijklmnopqrst".repeat(1000)
}

#[test]
fn l04_frames_follow_each_other_and_some_are_skipped() {
    let empty = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
    let layer = [&SKIPPABLE, &raw(b"one ")[..], &empty, CHECKED, &SKIPPABLE, &zstd(&text(300_000)), &empty].concat();
    let expected = [b"one ".to_vec(), letters(), text(300_000)].concat();
    for chunk in [1, 17, 4096, usize::MAX] {
        let (kept, _, result) = unpack_in(&layer, chunk);
        result.unwrap();
        assert!(kept.bytes == expected, "{chunk}");
    }
}

#[test]
fn empty_blocks_and_frames_are_fine() {
    assert_eq!(unpack(&raw(b"")), Ok(Vec::new()));
    assert_eq!(unpack(&SKIPPABLE), Ok(Vec::new()));
    let layer = frame(&[0, 0x50], &[(0, b"", 0), (0, b"ab", 2), (0, b"", 0), (1, b"c", 3), (0, b"", 0)]);
    assert_eq!(unpack(&layer), Ok(b"abccc".to_vec()));
}

#[test]
fn l03_a_stream_that_was_cut_is_never_whole() {
    for length in 4..CHECKED.len() {
        assert_eq!(unpack(&CHECKED[..length]).unwrap_err().kind(), Kind::CorruptLayer, "{length}");
    }
    let layer = [&SKIPPABLE[..], &raw(b"abc")].concat();
    for length in 4..layer.len() {
        assert_eq!(unpack(&layer[..length]).is_ok(), length == SKIPPABLE.len(), "{length}");
    }
}

#[test]
fn l03_checksums_and_sizes_are_checked() {
    let mut damaged = CHECKED.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    assert!(unpack(&damaged).unwrap_err().to_string().contains("wrong checksum of a zstd frame"));
    let layer = frame(&[0x40, 0x50, 0, 0], &[(0, b"short", 5)]);
    assert!(unpack(&layer).unwrap_err().to_string().contains("wrong size of a zstd frame"));
}

#[test]
fn l03_what_is_no_frame_is_refused() {
    for layer in [
        [raw(b"abc"), b"rubbish".to_vec()].concat(),
        frame(&[0x08, 0], &[]),
        frame(&[0, 0x50], &[(3, b"", 0)]),
        frame(&[0, 0x50], &[(0, b"", (128 << 10) + 1)]),
        frame(&[0, 0x50], &[(2, b"xxxx", 4)]),
        frame(&[0x21, 7, 3], &[(0, b"abc", 3)]),
    ] {
        assert_eq!(unpack(&layer).unwrap_err().kind(), Kind::CorruptLayer, "{layer:?}");
    }
}

#[test]
fn l02_a_window_above_the_limit_is_refused_before_there_is_one() {
    let limit = Limits::DEFAULT.zstd_window;
    for header in [&[0, 0xff][..], &[0, 0x89], &[0xe0, 255, 255, 255, 255, 255, 255, 255, 127], &[0xa0, 1, 0, 0, 8]] {
        // Nothing but the header came.
        let mut unpack = Unpack::new(&Limits::DEFAULT, true);
        let error = unpack.push(&frame(header, &[]), &mut Kept::default()).unwrap_err();
        let Cause::Limit(exceeded) = error.cause() else { panic!("{error}") };
        assert_eq!((exceeded.which, exceeded.limit), ("window of a zstd frame", limit));
    }
    // The limit itself is fine.
    assert_eq!(unpack(&frame(&[0, 0x88], &[(0, b"abc", 3)])), Ok(b"abc".to_vec()));
    let limits = Limits { zstd_window: 2, ..Limits::DEFAULT };
    assert_eq!(
        Unpack::new(&limits, true).push(&raw(b"abc"), &mut Kept::default()).unwrap_err().kind(),
        Kind::LimitExceeded
    );
}

#[test]
fn l01_blocks_come_out_one_by_one_however_far_they_expand() {
    let block = (1, &b"x"[..], 128 << 10);
    let layer = frame(&[0, 0x38], &[block; 300]);
    let (kept, _, result) = unpack_in(&layer, usize::MAX);
    assert!(result.is_ok() && kept.bytes.len() == 300 * (128 << 10));
    assert!(kept.piece <= 128 << 10);
}

#[test]
fn checkpoints_are_frames_that_are_far_apart() {
    let layer: Vec<u8> = (0..40).flat_map(|at| [raw(b"small"), zstd(&text(100_000 + at))].concat()).collect();
    let (kept, points, result) = unpack_in(&layer, 4096);
    result.unwrap();
    assert_eq!(points.len(), 1 + 40 * 100_024 / (1 << 20));
    for point in &points {
        let mut unpack = Unpack::resume(Compression::Zstd, point, &Limits::DEFAULT).unwrap();
        let mut rest = Kept::default();
        unpack.push(&layer[point.input as usize..], &mut rest).unwrap();
        unpack.finish(&mut rest).unwrap();
        assert!(rest.bytes == kept.bytes[point.output as usize..]);
    }
}

proptest! {
    #[test]
    fn damage_is_no_panic_and_the_same_in_all_chunks(
        at in any::<prop::sample::Index>(), damage in prop::collection::vec(any::<u8>(), 1..5), chunk in 1_usize..500,
    ) {
        let mut layer = [CHECKED, &zstd(&text(3000)), &zstd(&noise(300))].concat();
        let at = 4 + at.index(layer.len() - 4);
        layer.iter_mut().skip(at).zip(&damage).for_each(|(to, from)| *to = *from);
        let (kept, _, result) = unpack_in(&layer, chunk);
        let (whole, _, same) = unpack_in(&layer, usize::MAX);
        prop_assert_eq!(result, same);
        prop_assert_eq!(kept.bytes, whole.bytes);
    }

    #[test]
    fn any_bytes_behind_the_magic_are_no_panic(rest in prop::collection::vec(any::<u8>(), 0..300), chunk in 1_usize..50) {
        let layer = [&b"\x28\xb5\x2f\xfd"[..], &rest].concat();
        let (kept, _, result) = unpack_in(&layer, chunk);
        let (whole, _, same) = unpack_in(&layer, usize::MAX);
        prop_assert_eq!(result, same);
        prop_assert_eq!(kept.bytes, whole.bytes);
    }
}
