//! What the formats can say.

use super::*;

#[test]
fn ustar_has_a_prefix() {
    let tar = one(&[&Raw::new(b"name", b'0').put(345, b"some/dir").block()]);
    assert_eq!(only(&tar).path(), b"some/dir/name");
    let tar = one(&[&Raw::new(b"name", b'0').put(345, b"some/dir").put(508, b"tar\0").block()]);
    assert_eq!(only(&tar).path(), b"some/dir/name");
}

#[test]
fn what_gnu_keeps_in_the_place_of_the_prefix_is_no_name() {
    let tar = one(&[&Raw::new(b"name", b'0').gnu().put(345, b"14716411751").block()]);
    assert_eq!(only(&tar).path(), b"name");
}

#[test]
fn v7_has_neither_prefix_nor_devices() {
    let mut raw = Raw::new(b"dev/x", b'3');
    let tar = one(&[&raw.put(257, &[7; 255]).block()]);
    assert_eq!((only(&tar).path(), only(&tar).device()), (b"dev/x".to_vec(), (0, 0)));
    let tar = one(&[&Raw::new(b"dir/", 0).put(257, &[0; 8]).block()]);
    assert_eq!((only(&tar).path(), only(&tar).kind()), (b"dir".to_vec(), EntryKind::Directory));
}

#[test]
fn every_field_is_read() {
    let mut raw = Raw::new(b"dev/sda1", b'4');
    raw.put(100, b"0060660\0").put(108, b"0000001\0").put(116, b"0000006\0").put(136, b"14524770400\0");
    let tar = one(&[&raw.put(329, b"0000010\0").put(337, b"0000001\0").block()]);
    let entry = only(&tar);
    assert_eq!((entry.kind(), entry.mode(), entry.uid(), entry.gid()), (EntryKind::BlockDevice, 0o660, 1, 6));
    assert_eq!((entry.mtime(), entry.device(), entry.size()), (0o14524770400, (8, 1), 0));
}

#[test]
fn l10_every_type_is_listed() {
    for (byte, kind, flags) in [
        (b'0', EntryKind::File, Flags::default()),
        (0, EntryKind::File, Flags::default()),
        (b'7', EntryKind::File, Flags::default()),
        (b'1', EntryKind::Hardlink, Flags::default()),
        (b'2', EntryKind::Symlink, Flags::default()),
        (b'3', EntryKind::CharDevice, Flags::default()),
        (b'4', EntryKind::BlockDevice, Flags::default()),
        (b'5', EntryKind::Directory, Flags::default()),
        (b'6', EntryKind::Fifo, Flags::default()),
        (b'A', EntryKind::File, Flags::UNKNOWN_TYPE),
        (b'Z', EntryKind::File, Flags::UNKNOWN_TYPE),
    ] {
        let tar = one(&[&Raw::new(b"x", byte).block()]);
        assert_eq!((only(&tar).kind(), only(&tar).flags()), (kind, flags), "{byte}");
    }
}

#[test]
fn links_devices_and_directories_have_no_body_whatever_their_size() {
    let next = Raw::new(b"next", b'0').block();
    for kind in *b"123456" {
        let tar = read(&[&Raw::new(b"x", kind).size(5).block(), &next, &END]);
        assert_eq!(paths(tar.listing()), ["x", "next"], "{kind}");
        assert_eq!(tar.listing().get(0).unwrap().size(), 0);
    }
}

#[test]
fn unknown_types_have_a_body() {
    let next = Raw::new(b"next", b'0').block();
    let tar = read(&[&Raw::new(b"x", b'Q').with(b"body"), &next, &END]);
    assert_eq!(tar.listing().get(0).unwrap().size(), 4);
    assert_eq!(paths(tar.listing()), ["x", "next"]);
}

#[test]
fn bodies_are_fingerprinted_where_they_lie() {
    let tar = read(&[&Raw::new(b"a", b'0').with(b""), &Raw::new(b"b", b'0').with(b"abc"), &END]);
    let [a, b] = [0, 1].map(|row| tar.listing().get(row).unwrap());
    assert_eq!((a.offset(), a.print()), (512, 0xef46_db37_51d8_e999));
    assert_eq!((b.offset(), b.stored(), b.print()), (1024, 3, 0x44bc_2cf5_ad77_0999));
}

#[test]
fn base_256_holds_what_octal_cannot() {
    let mut raw = Raw::new(b"x", b'5');
    raw.gnu().put(108, b"\x80\0\0\0\xff\xff\xff\xfe").put(116, b"\x80\0\0\x01\0\0\0\0");
    let tar = one(&[&raw.put(136, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").block()]);
    let entry = only(&tar);
    assert_eq!((entry.uid(), entry.gid(), entry.mtime()), (4_294_967_294, u32::MAX, -1));
    assert_eq!(entry.flags(), Flags::ID_CLAMPED);
}

#[test]
fn pax_records_count_before_the_header() {
    let records: [(&str, &[u8]); 7] = [
        ("path", b"other/name"),
        ("uid", b"3000000000"),
        ("gid", b"99999999999"),
        ("mtime", b"-1.5"),
        ("hdrcharset", b"BINARY"),
        ("SCHILY.xattr.security.capability", b"\x01\0\0\x02"),
        ("comment", b"nothing"),
    ];
    let tar = one(&[&pax(b'x', &records), &Raw::new(b"name", b'0').with(b"abc")]);
    let entry = only(&tar);
    assert_eq!(
        (entry.path(), entry.uid(), entry.gid(), entry.mtime()),
        (b"other/name".to_vec(), 3_000_000_000, u32::MAX, -2)
    );
    assert_eq!((entry.size(), entry.flags()), (3, Flags::ID_CLAMPED));
    assert_eq!(entry.xattrs()[0].name, b"security.capability");
    assert_eq!(entry.xattrs()[0].value, b"\x01\0\0\x02");
}

#[test]
fn pax_records_are_for_one_entry() {
    let tar = read(&[
        &pax(b'x', &[("path", b"first"), ("SCHILY.xattr.user.a", b"1")]),
        &Raw::new(b"x", b'0').block(),
        &Raw::new(b"second", b'0').block(),
        &END,
    ]);
    assert_eq!(paths(tar.listing()), ["first", "second"]);
    assert!(tar.listing().get(1).unwrap().xattrs().is_empty());
}

#[test]
fn global_records_are_for_all_entries_unless_taken_back() {
    let tar = read(&[
        &pax(b'g', &[("uid", b"7"), ("comment", b"of git")]),
        &Raw::new(b"a", b'0').block(),
        &pax(b'x', &[("uid", b"8")]),
        &Raw::new(b"b", b'0').block(),
        &pax(b'x', &[("uid", b"")]),
        &Raw::new(b"c", b'0').put(108, b"0000011\0").block(),
        &Raw::new(b"d", b'0').block(),
        &END,
    ]);
    let uids: Vec<_> = tar.listing().iter().map(|entry| entry.uid()).collect();
    assert_eq!(uids, [7, 8, 9, 7]);
    assert!(tar.notes().is_empty());
}

#[test]
fn global_names_are_noted() {
    let tar = read(&[&pax(b'g', &[("path", b"all")]), &Raw::new(b"a", b'0').block(), &END]);
    assert_eq!(paths(tar.listing()), ["all"]);
    assert_eq!(tar.notes().len(), 1);
}

#[test]
fn l07_the_size_in_a_pax_record_counts_and_a_difference_is_flagged() {
    let next = Raw::new(b"next", b'0').block();
    let mut body = Raw::new(b"x", b'0').with(b"");
    body.extend([b'a'; 512]);
    let tar = read(&[&pax(b'x', &[("size", b"300")]), &body, &next, &END]);
    let entry = tar.listing().get(0).unwrap();
    assert_eq!((entry.size(), entry.stored(), entry.flags()), (300, 300, Flags::SIZE_CONFLICT));
    assert_eq!(paths(tar.listing()), ["x", "next"]);
    let tar = one(&[&pax(b'x', &[("size", b"3")]), &Raw::new(b"x", b'0').with(b"abc")]);
    assert!(only(&tar).flags().is_empty());
}

#[test]
fn l07_sizes_that_no_header_can_hold_are_no_conflict() {
    let header = Raw::new(b"x", b'0').block();
    let (tar, _) = read_in(&[&pax(b'x', &[("size", b"8589934592")]), &header], 512, &Limits::DEFAULT);
    assert_eq!((only(&tar).size(), only(&tar).flags()), (8 << 30, Flags::default()));
}

#[test]
fn what_gnu_has_beside_files_is_passed_over_or_named() {
    let label = Raw::new(b"backup", b'V').gnu().block();
    let dump = Raw::new(b"dir/", b'D').gnu().with(b"Yfile\0\0");
    let part = Raw::new(b"big", b'M').gnu().with(b"tail");
    let tar = read(&[&label, &dump, &part, &END]);
    assert_eq!(paths(tar.listing()), ["dir", "big"]);
    let [dump, part] = [0, 1].map(|row| tar.listing().get(row).unwrap());
    assert_eq!((dump.kind(), dump.size(), part.size()), (EntryKind::Directory, 0, 4));
    assert_eq!(part.flags(), Flags::UNKNOWN_TYPE);
    assert_eq!(tar.notes().len(), 2);
}
