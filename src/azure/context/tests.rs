//! What needs no other program: bounds, refusals, and that pieces do not show. `tests/context.rs` asks az and GNU tar.

use super::{ContextError, Entry, Ignore, Packer, Pattern, Tar};
use alloc::{format, vec, vec::Vec};

fn packed(piece: usize) -> Vec<u8> {
    let contents: Vec<u8> = (0..200_000_u32).map(|at| (at.wrapping_mul(at) >> 9) as u8).collect();
    let mut packer = Packer::new();
    let mut out = Vec::new();
    packer.begin(&Entry::directory("src")).unwrap();
    packer.begin(&Entry::file("src/data", contents.len() as u64).modified(1_700_000_000)).unwrap();
    for piece in contents.chunks(piece) {
        packer.write(piece).unwrap();
        out.extend(packer.take());
    }
    packer.begin(&Entry::link("src/link", "data")).unwrap();
    packer.finish().unwrap();
    out.extend(packer.take());
    out
}

#[test]
fn pieces_do_not_show_in_what_is_packed() {
    let whole = packed(200_000);
    for piece in [1, 511, 512, 4_096, 65_537] {
        assert!(packed(piece) == whole, "pieces of {piece}");
    }
}

#[test]
fn files_that_change_meanwhile_are_refused() {
    let size = ContextError::Size { path: "a".into() };
    let mut tar = Tar::new();
    tar.begin(&Entry::file("a", 3)).unwrap();
    assert_eq!(tar.write(b"four"), Err(size.clone()));
    let mut tar = Tar::new();
    tar.begin(&Entry::file("a", 3)).unwrap();
    tar.write(b"ab").unwrap();
    assert_eq!(tar.begin(&Entry::directory("b")), Err(size.clone()));
    let mut tar = Tar::new();
    tar.begin(&Entry::file("a", 3)).unwrap();
    assert_eq!(tar.finish(), Err(size));
}

#[test]
fn a_finished_archive_takes_no_more() {
    let mut tar = Tar::new();
    tar.finish().unwrap();
    assert_eq!(tar.begin(&Entry::directory("a")), Err(ContextError::Finished));
    assert_eq!(tar.finish(), Err(ContextError::Finished));
}

#[test]
fn l06_paths_that_leave_the_archive_are_refused() {
    for path in ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\0b"] {
        let refused = Tar::new().begin(&Entry::file(path, 0));
        assert!(matches!(refused, Err(ContextError::Path { .. })), "{path:?}");
    }
    assert!(matches!(Tar::new().begin(&Entry::link("a", "b\0c")), Err(ContextError::Path { .. })));
}

#[test]
fn sizes_beyond_8_gib_are_written_in_base_256() {
    let mut tar = Tar::new();
    tar.begin(&Entry::file("a", 1 << 33)).unwrap();
    assert_eq!(tar.take().get(124..136), Some(&[0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0][..]));
    let mut tar = Tar::new();
    tar.begin(&Entry::file("a", (1 << 33) - 1)).unwrap();
    assert_eq!(tar.take().get(124..136), Some(&b"77777777777\0"[..]));
}

#[test]
fn an_ignore_file_must_be_text() {
    assert_eq!(Ignore::parse(b"a\nb\n\xff\n"), Err(ContextError::IgnoreText { line: 3 }));
    assert_eq!(Ignore::parse(b"\xef\xbb\xbfa"), Ignore::parse(b"a\r\n"));
}

#[test]
fn a_lone_exclamation_mark_says_nothing() {
    assert_eq!(Ignore::parse(b"!\n!/\n!//\n"), Ok(Ignore::none()));
}

#[test]
fn patterns_take_bytes_that_are_no_text() {
    assert!(Pattern::new(b"a?c").matches("aéc".as_bytes()));
    assert!(Pattern::new(b"a*").matches(b"a\xff\xfe"));
    assert!(Pattern::new(b"[[]").matches(b"["));
    assert!(Pattern::new(b"a[b").matches(b"a[b"));
    assert!(Pattern::new(b"\\*").matches(b"*") && !Pattern::new(b"\\*").matches(b"a"));
    assert!(Pattern::new(b"[^a-c]").matches(b"d") && !Pattern::new(b"[^a-c]").matches(b"/"));
}

#[test]
fn patterns_do_not_blow_up() {
    let path = vec![b'a'; 4_000];
    assert!(!Pattern::new(format!("{}b", "*a".repeat(200)).as_bytes()).matches(&path));
}
