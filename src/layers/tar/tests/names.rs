//! Names and links: long ones, strange ones, hostile ones.

use super::*;

fn long(kind: u8, name: &[u8]) -> Vec<u8> {
    Raw::new(b"././@LongLink", kind).gnu().with(&[name, b"\0"].concat())
}

#[test]
fn l09_long_names_come_in_blocks_of_their_own() {
    let name = [b"d/".repeat(100), b"file".to_vec()].concat();
    let target = b"t".repeat(300);
    let tar = read(&[&long(b'L', &name), &long(b'K', &target), &Raw::new(b"short", b'2').gnu().block(), &END]);
    assert_eq!(only(&tar).path(), name);
    assert_eq!(only(&tar).link(), target);
    let tar = read(&[&long(b'L', &name), &Raw::new(b"a", b'0').block(), &Raw::new(b"b", b'0').block(), &END]);
    assert_eq!(tar.listing().get(1).unwrap().path(), b"b");
}

#[test]
fn l09_long_names_may_be_in_pax_records() {
    let name = b"n".repeat(1000);
    let tar = one(&[&pax(b'x', &[("path", &name), ("linkpath", b"other")]), &Raw::new(b"short", b'1').block()]);
    assert_eq!((only(&tar).path(), only(&tar).link()), (name, &b"other"[..]));
}

#[test]
fn l09_names_are_bytes() {
    for name in
        [&b"caf\xe9"[..], b"a\x1b[31mb", "a\u{202e}b".as_bytes(), b"new\nline", b"\xff\xfe", b"back\\slash", b" "]
    {
        let tar = one(&[&Raw::new(name, b'0').block()]);
        assert_eq!((only(&tar).path(), only(&tar).flags()), (name.to_vec(), Flags::default()));
    }
}

#[test]
fn l09_a_nul_in_a_name_is_kept_and_flagged() {
    let tar = one(&[&pax(b'x', &[("path", b"a\0b")]), &Raw::new(b"x", b'0').block()]);
    assert_eq!((only(&tar).path(), only(&tar).flags()), (b"a\0b".to_vec(), Flags::NUL));
    let tar = one(&[&pax(b'x', &[("linkpath", b"a\0")]), &Raw::new(b"x", b'2').block()]);
    assert_eq!((only(&tar).link(), only(&tar).flags()), (&b"a\0"[..], Flags::NUL));
}

#[test]
fn l09_names_are_capped() {
    let limits = Limits { path: 150, ..Limits::DEFAULT };
    let name = b"n".repeat(151);
    for parts in [
        [pax(b'x', &[("path", &name)]), Raw::new(b"short", b'0').block()],
        [long(b'L', &name), Raw::new(b"short", b'0').block()],
        [Vec::new(), Raw::new(&[b'n'; 100], b'0').put(345, &[b'n'; 60]).block()],
    ] {
        let (tar, result) = read_in(&[&parts[0], &parts[1], &END], 512, &limits);
        result.unwrap();
        assert_eq!((only(&tar).path().len(), only(&tar).flags()), (150, Flags::CUT));
    }
    let (tar, _) = read_in(&[&long(b'K', &name), &Raw::new(b"x", b'2').block(), &END], 512, &limits);
    assert_eq!((only(&tar).link().len(), only(&tar).flags()), (150, Flags::CUT));
}

#[test]
fn l06_what_leads_out_of_the_root_is_clamped_and_flagged() {
    let tar = read(&[
        &Raw::new(b"../../etc/passwd", b'0').block(),
        &Raw::new(b"/etc/shadow", b'0').block(),
        &Raw::new(b"a/../../b", b'5').block(),
        &Raw::new(b"..", b'5').block(),
        &Raw::new(b"ok/x", b'2').put(157, b"../../../etc").block(),
        &Raw::new(b"ok/y", b'1').put(157, b"../etc/passwd").block(),
        &END,
    ]);
    assert_eq!(paths(tar.listing()), ["etc/passwd", "etc/shadow", "b", "", "ok/x", "ok/y"]);
    let flags: Vec<_> = tar.listing().iter().map(|entry| entry.flags()).collect();
    let links = Flags::LINK_ESCAPES;
    assert_eq!(flags, [Flags::ESCAPES, Flags::ABSOLUTE, Flags::ESCAPES, Flags::ESCAPES, links, links]);
    assert_eq!(tar.listing().get(4).unwrap().link(), b"../../../etc");
}

#[test]
fn l06_links_inside_of_the_layer_are_fine() {
    for (kind, target) in
        [(b'2', &b"/usr/lib"[..]), (b'2', b"../lib"), (b'1', b"/bin/x"), (b'1', b"./bin/x"), (b'2', b"")]
    {
        let tar = one(&[&Raw::new(b"usr/link", kind).put(157, target).block()]);
        assert_eq!((only(&tar).link(), only(&tar).flags()), (target, Flags::default()));
    }
}

#[test]
fn l10_a_path_that_comes_again_is_flagged() {
    let tar = read(&[
        &Raw::new(b"a/b", b'0').block(),
        &Raw::new(b"a", b'5').block(),
        &Raw::new(b"./a//b", b'0').with(b"new"),
        &END,
    ]);
    let flags: Vec<_> = tar.listing().iter().map(|entry| entry.flags()).collect();
    assert_eq!(flags, [Flags::default(), Flags::default(), Flags::REPEATED]);
}
