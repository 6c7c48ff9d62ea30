//! Random layers that `umoci unpack` took, and what it left on disk: `golden/overlay.txt`.
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]

use portolan::{
    Digest, Limits,
    layers::{Entry, EntryKind, FileRow, Filter, ImageFiles, Listing},
};

const GOLDEN: &str = include_str!("golden/overlay.txt");

/// `KIND MODE UID GID SIZE PATH [TARGET]`
fn push(listing: &mut Listing, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let number = |at: usize| words[at].parse().unwrap();
    let kind = match words[0] {
        "d" => EntryKind::Directory,
        "f" => EntryKind::File,
        "h" => EntryKind::Hardlink,
        "p" => EntryKind::Fifo,
        "s" => EntryKind::Symlink,
        other => panic!("{other}?"),
    };
    let entry = Entry {
        path: words[5].as_bytes(),
        kind,
        mode: u16::from_str_radix(words[1], 8).unwrap(),
        uid: number(2),
        gid: number(3),
        size: words[4].parse().unwrap(),
        stored: words[4].parse().unwrap(),
        link: words.get(6).copied().unwrap_or_default().as_bytes(),
        ..Entry::default()
    };
    listing.push(&entry).unwrap();
}

/// A path as `lstat` tells it.
fn left(row: FileRow<'_>) -> String {
    let path = String::from_utf8(row.path()).unwrap();
    let (mode, uid, gid) = (row.mode, row.uid, row.gid);
    match row.means().kind() {
        EntryKind::Symlink => format!("s {path} {uid} {gid} {}", String::from_utf8_lossy(row.means().link())),
        EntryKind::Directory => format!("d {path} {mode:o} {uid} {gid}"),
        EntryKind::Fifo => format!("p {path} {mode:o} {uid} {gid}"),
        _ => format!("f {path} {mode:o} {uid} {gid} {}", row.size),
    }
}

#[test]
fn l10_images_are_what_umoci_leaves() {
    let mut images = 0;
    for image in GOLDEN.split("image\n").skip(1) {
        let (layers, expected) = image.split_once("left\n").unwrap();
        let mut files = ImageFiles::new(&Limits::DEFAULT);
        for layer in layers.split("layer\n").skip(1) {
            let mut listing = Listing::new();
            layer.lines().for_each(|line| push(&mut listing, line));
            files.push_layer(Digest::sha256(layer.as_bytes()), listing).unwrap();
        }
        let view = files.view(&Filter::default());
        let rows = view.nodes().filter_map(|node| view.row(node)).filter(|row| row.id != 0);
        let mut found: Vec<String> = rows.map(left).collect();
        found.sort();
        assert_eq!(found, expected.lines().collect::<Vec<_>>(), "{layers}");
        images += 1;
    }
    assert_eq!(images, 200);
}
