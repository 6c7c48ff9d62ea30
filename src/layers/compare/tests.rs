use super::*;
use crate::layers::{
    Entry, EntryKind, Filter, ImageTree, Listing, Selection, Xattr,
    tree::tests::{digest, image, layer},
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
};

fn merged(tree: &ImageTree) -> Selection {
    Selection::new(tree, Filter::default())
}

fn lines(left: View<'_>, right: View<'_>) -> Vec<String> {
    let comparison = Comparison::new(left, right);
    let line = |difference: &Difference| {
        let path = String::from_utf8(difference.path(left, right)).unwrap();
        let aspects: Vec<_> = difference.aspects.words().collect();
        format!("{path} {} {} {}", difference.kind.as_str(), difference.delta, aspects.join(",")).trim_end().to_string()
    };
    comparison.differences.iter().map(line).collect()
}

fn one(entry: &Entry<'_>, print: u64, content: Option<[u8; 32]>, layer: usize) -> ImageTree {
    let mut listing = Listing::new();
    listing.push(&Entry { stored: entry.size, ..entry.clone() });
    listing.set_print(0, print);
    content.into_iter().for_each(|digest| listing.set_content_digest(0, digest));
    let mut tree = ImageTree::new(&crate::Limits::DEFAULT);
    tree.push_layer(digest(layer), listing).unwrap();
    tree
}

#[test]
fn differences_come_by_path_with_what_is_different() {
    let left = image(&[&[
        "d a",
        "f a/same 1",
        "f a/grown 1",
        "f a.b 3",
        "d gone",
        "f gone/x 5",
        "s l x",
        "f t 2",
        "h h gone/x",
    ]]);
    let right = image(&[&["d a 700", "f a/same 1", "f a/grown 4", "f a.b 3", "d new", "f new/y 6", "s l y", "s t z"]]);
    let (a, b) = (merged(&left), merged(&right));
    let (a, b) = (a.view(&left), b.view(&right));
    assert_eq!(
        lines(a, b),
        [
            "a changed 0 mode",
            "a/grown changed 3 content,size",
            "gone removed 0",
            "gone/x removed -5",
            "h removed 0",
            "l changed 0 link",
            "new added 0",
            "new/y added 6",
            "t changed -2 type,size",
        ]
    );
    let comparison = Comparison::new(a, b);
    assert_eq!((comparison.left_size, comparison.right_size), (12, 14));
    assert_eq!(comparison.added, Sum { count: 2, delta: 6 });
    assert_eq!(comparison.removed, Sum { count: 3, delta: -5 });
    assert_eq!(comparison.changed, Sum { count: 4, delta: 1 });
    assert_eq!(Comparison::new(b, a).changed, Sum { count: 4, delta: -1 });
}

#[test]
fn every_aspect_is_told() {
    let base = Entry { path: b"x", ..Entry::default() };
    let device = Entry { kind: EntryKind::CharDevice, device: (1, 2), ..base.clone() };
    let xattr = |name: &[u8]| Xattr { name: name.into(), value: b"v".into() };
    let (ab, ba) = ([xattr(b"a"), xattr(b"b")], [xattr(b"b"), xattr(b"a")]);
    let with = |xattrs| Entry { path: b"x", xattrs, ..Entry::default() };
    for (left, right, expected) in [
        (base.clone(), Entry { uid: 1, ..base.clone() }, vec!["owner"]),
        (base.clone(), Entry { gid: 1, mtime: 9, ..base.clone() }, vec!["owner"]),
        (base.clone(), Entry { mtime: 9, ..base.clone() }, vec![]),
        (device.clone(), Entry { device: (1, 3), ..device.clone() }, vec!["device"]),
        (base.clone(), device, vec!["type"]),
        (base.clone(), with(&ab), vec!["xattrs"]),
        (with(&ab), with(&ba), vec![]),
        (with(&ab), with(&ab[..1]), vec!["xattrs"]),
    ] {
        let (left, right) = (one(&left, 1, None, 0), one(&right, 1, None, 1));
        let (a, b) = (merged(&left), merged(&right));
        let differences = Comparison::new(a.view(&left), b.view(&right)).differences;
        let found: Vec<_> = differences.iter().flat_map(|difference| difference.aspects.words()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn contents_are_the_same_different_or_nobody_knows() {
    let file = Entry { path: b"x", size: 5, ..Entry::default() };
    let digests = [Some([1; 32]), Some([2; 32]), None];
    for (left, right, same_layer, differ, unknown) in [
        ((7, None), (7, None), false, false, false),
        ((7, None), (8, None), false, true, false),
        ((7, None), (0, None), false, false, true),
        ((0, digests[0]), (0, digests[0]), false, false, false),
        ((7, digests[0]), (7, digests[1]), false, true, false),
        ((0, digests[0]), (7, None), false, false, true),
        ((0, None), (0, None), false, false, true),
        ((0, None), (0, None), true, false, false),
    ] {
        let (left, right) = (one(&file, left.0, left.1, 0), one(&file, right.0, right.1, usize::from(!same_layer)));
        let (a, b) = (merged(&left), merged(&right));
        let comparison = Comparison::new(a.view(&left), b.view(&right));
        assert_eq!((comparison.changed.count == 1, comparison.unknown == 1), (differ, unknown));
    }
}

#[test]
fn pages_hold_what_fits_the_filter() {
    let left = image(&[&["f a/one 10", "f a/two 1", "f b/three 3"]]);
    let right = image(&[&["f a/one 1", "f a/two 2", "f c/FOUR 7"]]);
    let (a, b) = (merged(&left), merged(&right));
    let (a, b) = (a.view(&left), b.view(&right));
    let comparison = Comparison::new(a, b);
    let page = |filter: &DifferenceFilter, offset, limit| {
        let (rows, total) = comparison.page(a, b, filter, Page { offset, limit });
        let path = |row: &DifferenceRow<'_>| String::from_utf8(row.right.or(row.left).unwrap().path()).unwrap();
        (rows.iter().map(path).collect::<Vec<_>>(), total)
    };
    let all = DifferenceFilter::default();
    assert_eq!(page(&all, 0, 9), (["a/one", "a/two", "b", "b/three", "c", "c/FOUR"].map(String::from).to_vec(), 6));
    assert_eq!(page(&all, 2, 2), (["b", "b/three"].map(String::from).to_vec(), 6));
    let largest = DifferenceFilter { largest_first: true, ..all.clone() };
    assert_eq!(page(&largest, 0, 3).0, ["a/one", "c/FOUR", "b/three"]);
    let kinds = DifferenceFilter { kinds: Some(vec![DifferenceKind::Added]), ..all.clone() };
    assert_eq!(page(&kinds, 0, 9).0, ["c", "c/FOUR"]);
    let search = DifferenceFilter { search: b"/fo".to_vec(), ..all };
    assert_eq!(page(&search, 0, 9), (["c/FOUR"].map(String::from).to_vec(), 1));
}

#[test]
fn two_layers_are_compared_by_what_they_bring() {
    let tree = image(&[&["d a", "f a/x 1", "f b 1"], &["d a", "f a/x 2", "f .wh.b 0", "f c 3"]]);
    let [first, second] = [0, 1].map(|at| Selection::new(&tree, Filter::of_layer(at)));
    let found = lines(first.view(&tree), second.view(&tree));
    assert_eq!(found, ["a/x changed 1 content,size", "b removed -1", "c added 3"]);
}

#[test]
fn layers_of_both_are_found_by_digest() {
    let [a, b, c] = [1, 2, 3].map(digest);
    let shared = SharedLayers::new([&a, &b, &a, &a], [&a, &a, &c]);
    let pairs: Vec<_> = shared.shared.iter().map(|pair| (pair.left, pair.right)).collect();
    assert_eq!((pairs, shared.only_left, shared.only_right), (vec![(0, 0), (2, 1)], vec![1, 3], vec![2]));
    let trees = [image(&[&[], &[]]), image(&[&[]])];
    let shared = SharedLayers::of(trees[0].layers(), trees[1].layers());
    assert_eq!((shared.shared.len(), shared.only_left), (1, vec![1]));
}

#[test]
fn layers_that_come_twice_are_the_same_layer() {
    let file: &[&str] = &["f x 5 0"];
    let mut left = ImageTree::new(&crate::Limits::DEFAULT);
    let mut right = left.clone();
    left.push_layer(digest(0), layer(file)).unwrap();
    for _ in 0..2 {
        right.push_layer(digest(0), layer(file)).unwrap();
    }
    let (a, b) = (merged(&left), merged(&right));
    let comparison = Comparison::new(a.view(&left), b.view(&right));
    assert_eq!((comparison.changed.count, comparison.unknown), (0, 0));
}

#[test]
fn deep_differences_do_not_exhaust_the_stack() {
    let deep = vec!["d"; 2_000].join("/");
    let (left, right) = (image(&[&[&format!("f {deep}/x 1")]]), image(&[&[]]));
    let (a, b) = (merged(&left), merged(&right));
    let comparison = Comparison::new(a.view(&left), b.view(&right));
    assert_eq!(comparison.removed.count, 2_001);
}
