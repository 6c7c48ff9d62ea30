#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use portolan::{
    Digest, Limits,
    layers::{
        Change, Comparison, Entry, EntryKind, Filter, ImageTree, Listing, Order, Page, Paths, Query, Selection, TreemapSize,
    },
};

/// Few names, so that layers meet.
const NAMES: [&[u8]; 10] = [b"a", b"b", b"c", b"..", b".wh.a", b".wh.b", b".wh..wh..opq", b".wh.", b"a b", b"\xff"];

#[derive(Arbitrary, Debug)]
struct Item {
    kind: u8,
    path: Vec<u8>,
    link: Vec<u8>,
    size: u16,
    print: u8,
    mode: u8,
}

fn path(parts: &[u8], dots: bool) -> Vec<u8> {
    let names = parts.iter().take(12).map(|part| NAMES[usize::from(*part) % NAMES.len()]);
    let names: Vec<&[u8]> = names.filter(|name| dots || *name != b"..").collect();
    names.join(&b'/')
}

fn listing(items: &[Item]) -> Listing {
    let mut listing = Listing::new();
    for item in items {
        let kind = EntryKind::ALL[usize::from(item.kind) % EntryKind::ALL.len()];
        let size = if kind == EntryKind::File { u64::from(item.size) } else { 0 };
        let linked = matches!(kind, EntryKind::Symlink | EntryKind::Hardlink);
        let link = if linked { path(&item.link, true) } else { Vec::new() };
        let path = path(&item.path, false);
        let mode = u16::from(item.mode);
        let entry = Entry { path: &path, kind, mode, size, stored: size, link: &link, ..Entry::default() };
        let row = listing.push(&entry).expect("room for a few");
        listing.set_print(row, u64::from(item.print));
    }
    listing
}

fuzz_target!(|layers: Vec<Vec<Item>>| {
    let limits = Limits { entries: 500, ..Limits::DEFAULT };
    let mut tree = ImageTree::new(&limits);
    for (place, items) in layers.iter().take(8).enumerate() {
        let _ = tree.push_layer(Digest::sha256(&[place as u8]), listing(items));
    }
    adds_up(&tree);
    for layer in 0..tree.layers().len() {
        let selection = Selection::new(&tree, Filter { changes: Some(Change::ALL.into()), ..Filter::of_layer(layer) });
        walk(&tree, &selection);
    }
    let merged = Selection::new(&tree, Filter::default());
    walk(&tree, &merged);
    let view = merged.view(&tree);
    let same = Comparison::new(view, view);
    assert!(same.differences.is_empty(), "{:?}", same.differences);
    for node in 0..u32::try_from(tree.paths().len()).expect("a few") {
        let _ = tree.history(node);
    }
});

/// What is wasted is what is not kept, and the layers add up to it.
fn adds_up(tree: &ImageTree) {
    let waste = tree.waste(usize::MAX);
    assert_eq!(waste.reclaimable(), waste.layers.iter().sum::<u64>());
    assert_eq!(waste.reclaimable(), waste.paths.iter().map(|path| path.bytes).sum::<u64>());
    // Whiteouts may have content, and a file in place of the root has: of their layer, and of no path.
    assert!(waste.total <= tree.layers().iter().map(|layer| layer.content).sum::<u64>());
}

/// Everything below the root can be listed, and is counted once.
fn walk(tree: &ImageTree, selection: &Selection) {
    let view = selection.view(tree);
    let (mut open, mut seen) = (vec![Paths::ROOT], 0);
    while let Some(node) = open.pop() {
        let page = view.list(node, Order::default(), Page { offset: 0, limit: usize::MAX });
        assert_eq!(page.rows.len(), page.total);
        seen += page.total;
        open.extend(page.rows.iter().filter(|row| row.kind == EntryKind::Directory).map(|row| row.id));
    }
    assert!(seen <= tree.paths().len());
    let _ = view.treemap(Paths::ROOT, TreemapSize::default());
    if let Ok(query) = Query::parse("a b") {
        for hit in view.find(query, Paths::ROOT) {
            let path = tree.paths().path(hit);
            assert!(path.contains(&b'a') && path.contains(&b'b'));
        }
    }
}
