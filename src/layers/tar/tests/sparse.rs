//! Sparse files, in all ways that GNU tar writes them.

use super::*;
use crate::layers::Region;

const REGIONS: [Region; 2] = [Region { offset: 0, length: 512 }, Region { offset: 1024, length: 100 }];

fn check(tar: &Tar, offset: u64) {
    let entry = tar.listing().get(0).unwrap();
    assert_eq!((entry.path(), entry.size(), entry.stored()), (b"holes".to_vec(), 5000, 612));
    assert_eq!((entry.offset(), entry.flags()), (offset, Flags::SPARSE));
    assert_eq!(entry.regions(), REGIONS);
    assert_eq!(entry.print(), twox_hash::XxHash64::oneshot(0, &body()));
    assert_eq!(paths(tar.listing()), ["holes", "next"]);
}

fn body() -> Vec<u8> {
    (0..612_u32).map(|at| (at % 251) as u8).collect()
}

fn next() -> Vec<u8> {
    Raw::new(b"next", b'0').block()
}

fn part(raw: &mut Raw, at: usize, offset: u64, length: u64) {
    raw.put(at, format!("{offset:011o}\0{length:011o}\0").as_bytes());
}

fn old() -> Raw {
    let mut raw = Raw::new(b"holes", b'S');
    raw.gnu().put(483, b"00000011610\0");
    raw
}

#[test]
fn old_gnu_has_the_map_in_its_header() {
    let mut raw = old();
    part(&mut raw, 386, 0, 512);
    part(&mut raw, 410, 1024, 100);
    part(&mut raw, 434, 5000, 0);
    check(&read(&[&raw.with(&body()), &next(), &END]), 512);
}

#[test]
fn old_gnu_may_have_more_of_the_map_behind_its_header() {
    let mut raw = old();
    part(&mut raw, 386, 0, 512);
    raw.put(482, b"\x01");
    let mut more = Raw([0; 512]);
    more.put(0, b"00000002000 00000000144\0").put(504, b"\x01");
    let mut last = Raw([0; 512]);
    part(&mut last, 0, 5000, 0);
    let file = raw.with(&body());
    let (header, content) = file.split_at(512);
    check(&read(&[header, &more.0, &last.0, content, &next(), &END]), 1536);
}

#[test]
fn pax_0_0_repeats_its_records() {
    let records: [(&str, &[u8]); 6] = [
        ("GNU.sparse.size", b"5000"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.offset", b"0"),
        ("GNU.sparse.numbytes", b"512"),
        ("GNU.sparse.offset", b"1024"),
        ("GNU.sparse.numbytes", b"100"),
    ];
    check(&read(&[&pax(b'x', &records), &Raw::new(b"holes", b'0').with(&body()), &next(), &END]), 1536);
}

#[test]
fn pax_0_1_has_a_map_and_a_name() {
    let records: [(&str, &[u8]); 4] = [
        ("GNU.sparse.size", b"5000"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.map", b"0,512,1024,100"),
        ("GNU.sparse.name", b"holes"),
    ];
    let file = Raw::new(b"GNUSparseFile.1/holes", b'0').with(&body());
    check(&read(&[&pax(b'x', &records), &file, &next(), &END]), 1536);
}

fn pax_1_0(map: &[u8], body: &[u8]) -> Vec<u8> {
    let records: [(&str, &[u8]); 4] = [
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"holes"),
        ("GNU.sparse.realsize", b"5000"),
    ];
    let mut content = map.to_vec();
    content.resize(map.len().next_multiple_of(512), 0);
    content.extend_from_slice(body);
    [pax(b'x', &records), Raw::new(b"GNUSparseFile.1/holes", b'0').with(&content)].concat()
}

#[test]
fn pax_1_0_has_the_map_in_its_body() {
    check(&read(&[&pax_1_0(b"2\n0\n512\n1024\n100\n", &body()), &next(), &END]), 2048);
}

#[test]
fn a_file_of_one_hole_has_a_region_of_nothing() {
    let tar = read(&[&pax_1_0(b"1\n5000\n0\n", b""), &END]);
    let entry = only(&tar);
    assert_eq!((entry.size(), entry.stored(), entry.regions()), (5000, 0, &[Region { offset: 0, length: 0 }][..]));
}

#[test]
fn l08_claims_that_cannot_be_are_corrupt() {
    let mut behind = old();
    part(&mut behind, 386, 4999, 2);
    let mut more_than_there_is = old();
    part(&mut more_than_there_is, 386, 0, 613);
    let mut back = old();
    part(&mut back, 386, 100, 10);
    part(&mut back, 410, 50, 10);
    let mut garbage = old();
    garbage.put(386, b"garbage");
    garbage.put(398, b"1");
    for mut raw in [behind, more_than_there_is, back, garbage, old().put(483, b"-1").clone()] {
        assert_eq!(error(&[&raw.with(&body()), &END]).kind(), Kind::CorruptLayer);
    }
    for map in [&b"x\n"[..], b"1\n0\n5001\n", b"2\n100\n5\n50\n5\n", b"1\n0\n613\n", b"9999\n0\n1\n"] {
        assert_eq!(error(&[&pax_1_0(map, &body()), &END]).kind(), Kind::CorruptLayer, "{map:?}");
    }
    for record in [("GNU.sparse.map", &b"1"[..]), ("GNU.sparse.numbytes", b"1"), ("GNU.sparse.size", b"-1")] {
        assert_eq!(error(&[&pax(b'x', &[record]), &next(), &END]).kind(), Kind::CorruptLayer, "{record:?}");
    }
}

#[test]
fn l08_a_huge_hole_is_only_a_number() {
    let records: [(&str, &[u8]); 2] = [("GNU.sparse.size", b"9223372036854775807"), ("GNU.sparse.map", b"0,3")];
    let tar = one(&[&pax(b'x', &records), &Raw::new(b"x", b'0').with(b"abc")]);
    assert_eq!((only(&tar).size(), only(&tar).stored()), (i64::MAX as u64, 3));
}

#[test]
fn l08_maps_are_bounded_by_the_memory_of_the_listing() {
    let limits = Limits { listing: 20_000, ..Limits::DEFAULT };
    let mut raw = old();
    raw.put(482, b"\x01").size(1 << 20);
    let mut archive = raw.block();
    for block in 0..100_u64 {
        let mut more = Raw([0; 512]);
        (0..21).for_each(|at| part(&mut more, at as usize * 24, (block * 21 + at) * 2, 1));
        archive.extend(more.put(504, b"\x01").0);
    }
    let (_, result) = read_in(&[&archive], 512, &limits);
    assert_eq!(result.unwrap_err().kind(), Kind::LimitExceeded);
}
