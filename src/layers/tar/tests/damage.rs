//! Archives that are cut, damaged, or too much.

use super::*;
use crate::Cause;

fn small() -> Vec<u8> {
    [Raw::new(b"dir/", b'5').block(), Raw::new(b"dir/a", b'0').with(b"abc"), Raw::new(b"dir/b", b'0').with(&[7; 700])]
        .concat()
}

#[test]
fn two_blocks_of_zeros_end_an_archive() {
    let tar = read(&[&small(), &END]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 0));
    assert!(read(&[&END]).listing().is_empty());
    assert_eq!(read(&[]).notes().len(), 0);
}

#[test]
fn what_follows_the_end_is_passed_over() {
    let tar = read(&[&small(), &END, &[0; 10_000]]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 0));
    let tar = read(&[&small(), &END, &Raw::new(b"more", b'0').block()]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 1));
}

#[test]
fn a_single_block_of_zeros_ends_an_archive_too() {
    let tar = read(&[&small(), &[0; 512]]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 1));
    let tar = read(&[&small(), &[0; 512], &Raw::new(b"more", b'0').block()]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 2));
}

#[test]
fn a_missing_end_is_noted() {
    let tar = read(&[&small()]);
    assert_eq!((tar.listing().len(), tar.notes().len()), (3, 1));
}

#[test]
fn l03_an_archive_may_end_at_the_end_of_an_entry_only() {
    let archive = small();
    // What fills up the blocks of bodies of 3 and 700 bytes may be missing.
    let may_end = |length: usize| matches!(length, 0 | 512 | 1027..=1536 | 2748..=3072);
    for length in 0..archive.len() {
        let (_, result) = read_in(&[&archive[..length]], 100, &Limits::DEFAULT);
        match result {
            Ok(()) => assert!(may_end(length), "{length}"),
            Err(error) => {
                assert!(!may_end(length), "{length}");
                let Cause::Layer(error) = error.cause() else { panic!("{error}") };
                assert!(error.unpacked && error.offset == length as u64, "{error:?}");
            }
        }
    }
}

#[test]
fn l03_an_archive_does_not_end_before_the_entry_that_was_announced() {
    for first in [pax(b'x', &[("path", b"a")]), Raw::new(b"long", b'L').with(b"name\0")] {
        assert_eq!(error(&[&first]).kind(), Kind::CorruptLayer);
    }
}

#[test]
fn l03_entries_before_the_damage_are_kept() {
    let mut archive = small();
    archive[1536] ^= 1;
    let (tar, result) = read_in(&[&archive], 77, &Limits::DEFAULT);
    let error = result.unwrap_err();
    assert_eq!(format!("{error}"), "corrupt layer at byte 1536 of its uncompressed form: wrong checksum of a header");
    assert_eq!(paths(tar.listing()), ["dir", "dir/a"]);
}

#[test]
fn checksums_of_signed_bytes_are_accepted() {
    let mut raw = Raw::new(b"caf\xe9", b'0');
    raw.put(148, b"        ");
    let sum: i32 = raw.0.iter().map(|byte| i32::from(byte.cast_signed())).sum();
    raw.put(148, format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(only(&one(&[&raw.0])).path(), b"caf\xe9");
}

#[test]
fn l08_fields_that_are_no_numbers_are_corrupt() {
    for (at, field) in [
        (100, &b"rwxr-xr"[..]),
        (108, b"root"),
        (116, b"8"),
        (124, b"-0000000001"),
        (124, b"garbage"),
        (124, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        (124, b"\x80\0\0\0\x80\0\0\0\0\0\0\0"),
        (136, b"\x80\x01\0\0\0\0\0\0\0\0\0\0"),
    ] {
        assert_eq!(
            error(&[&Raw::new(b"x", b'0').put(at, field).block(), &END]).kind(),
            Kind::CorruptLayer,
            "{field:?}"
        );
    }
    assert_eq!(error(&[&Raw::new(b"x", b'3').put(329, b"x").block(), &END]).kind(), Kind::CorruptLayer);
    assert_eq!(error(&[&Raw::new(b"x", b'x').put(124, b"x").block(), &END]).kind(), Kind::CorruptLayer);
}

#[test]
fn l08_the_largest_size_is_only_a_number() {
    let raw = Raw::new(b"x", b'0').put(124, b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff").block();
    let (tar, result) = read_in(&[&raw, &[1; 100]], 50, &Limits::DEFAULT);
    assert_eq!(only(&tar).size(), i64::MAX as u64);
    assert_eq!(result.unwrap_err().kind(), Kind::CorruptLayer);
}

#[test]
fn l08_malformed_records_are_corrupt_where_they_are() {
    let header = Raw::new(b"pax", b'x').with(b"12 path=abc\nrubbish");
    let error = error(&[&header, &END]);
    assert_eq!(format!("{error}"), "corrupt layer at byte 524 of its uncompressed form: malformed pax record");
}

fn limited(limits: Limits, parts: &[&[u8]]) -> (usize, String) {
    let (tar, result) = read_in(parts, 512, &limits);
    (tar.listing().len(), format!("{}", result.unwrap_err()))
}

#[test]
fn l05_one_entry_too_many_stops_the_listing() {
    let limits = Limits { entries: 3, ..Limits::DEFAULT };
    let (tar, result) = read_in(&[&small(), &END], 512, &limits);
    assert_eq!((tar.listing().len(), result), (3, Ok(())));
    let limits = Limits { entries: 2, ..Limits::DEFAULT };
    let expected = (2, String::from("limit exceeded: entries of a layer (limit 2)"));
    assert_eq!(limited(limits, &[&small(), &END]), expected);
}

#[test]
fn blocks_of_records_are_bounded_by_what_they_say() {
    let limits = Limits { pax: 600, ..Limits::DEFAULT };
    for kind in *b"xgLKX" {
        let header = Raw::new(b"x", kind).size(601).block();
        let expected = (0, String::from("limit exceeded: pax or long-name block of a layer (limit 600)"));
        assert_eq!(limited(limits.clone(), &[&header]), expected);
    }
    let fits = pax(b'x', &[("path", &[b'a'; 580])]);
    assert!(read_in(&[&fits, &Raw::new(b"x", b'0').block(), &END], 512, &limits).1.is_ok());
}

#[test]
fn l05_names_links_and_attributes_may_not_fill_the_memory() {
    let limits = Limits { listing: 100_000, ..Limits::DEFAULT };
    let attribute = |at: u32| pax(b'x', &[("SCHILY.xattr.user.a", format!("{at}").repeat(500).as_bytes())]);
    let deep = |at: u32| pax(b'x', &[("path", format!("{at}/").repeat(800).as_bytes())]);
    let link = |at: u32| pax(b'x', &[("linkpath", format!("{at}").repeat(500).as_bytes())]);
    let all: [&dyn Fn(u32) -> Vec<u8>; 3] = [&attribute, &deep, &link];
    for extension in all {
        let entry = |at: u32| [extension(at), Raw::new(format!("{at}").as_bytes(), b'2').block()].concat();
        let archive: Vec<u8> = (100..400).flat_map(entry).collect();
        let (entries, error) = limited(limits.clone(), &[&archive]);
        assert_eq!(error, "limit exceeded: memory of a listing (limit 100000)");
        assert!((2..300).contains(&entries), "{entries}");
    }
}

#[test]
fn the_chunks_make_no_difference() {
    let archive = [pax(b'x', &[("path", b"a/b"), ("size", b"700")]), small(), END.to_vec()].concat();
    let list = |chunk| {
        let (tar, result) = read_in(&[&archive], chunk, &Limits::DEFAULT);
        let entries: Vec<_> = tar.listing().iter().map(|e| (e.path(), e.size(), e.offset(), e.print())).collect();
        (entries, result)
    };
    for chunk in [1, 2, 511, 512, 513] {
        assert_eq!(list(chunk), list(usize::MAX));
    }
}
