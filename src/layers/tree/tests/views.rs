//! Filters, rows, sorting and paging.

use super::{
    super::{EntryKind, Filter, ImageTree, Order, Page, Selection, View},
    build::image,
};
use crate::layers::{Change, Paths};
use alloc::{format, string::String, vec, vec::Vec};

fn names(view: View<'_>, directory: &str, order: &str, page: Page) -> (Vec<String>, usize) {
    let node = view.tree().paths().find(directory.as_bytes()).unwrap();
    let rows = view.list(node, order.parse().unwrap(), page);
    (rows.rows.iter().map(|row| String::from_utf8_lossy(row.name).into_owned()).collect(), rows.total)
}

/// All paths that a filter shows: wanted ones with what the layer did, the directories that lead to them in brackets.
fn shown(tree: &ImageTree, filter: Filter) -> Vec<String> {
    let selection = Selection::new(tree, filter);
    let view = selection.view(tree);
    let mut rest: Vec<_> = view.children(Paths::ROOT).collect();
    let mut lines = Vec::new();
    while let Some(node) = rest.pop() {
        let row = view.row(node).unwrap();
        let path = String::from_utf8(row.path()).unwrap();
        let change = row.change.map(|change| format!(" {}", change.as_str())).unwrap_or_default();
        let by = row.deleted_by.map(|layer| format!(" by {layer}")).unwrap_or_default();
        let line = format!("{path} {}{change}{by}", row.size);
        lines.push(if view.wants(node) { line } else { format!("({line})") });
        rest.extend(view.children(node));
    }
    lines.sort();
    lines
}

const BASE: &[&str] = &["d a", "f a/big 100", "f a/small 1", "d a/b", "f a/b/c 10", "h a/link a/big", "s z a"];
const TOP: &[&str] = &["d a", "f a/small 2", "f a/b/.wh.c 0", "d n", "f n/new 7", "s z a"];

#[test]
fn the_merged_view_adds_up_what_directories_hold() {
    let tree = image(&[BASE, TOP]);
    let expected = ["a 102", "a/b 0", "a/big 100", "a/link 100", "a/small 2", "n 7", "n/new 7", "z 0"];
    assert_eq!(shown(&tree, Filter::default()), expected);
    let selection = Selection::new(&tree, Filter::default());
    let sum = selection.view(&tree).sum();
    assert_eq!((sum.size, sum.files, sum.directories), (109, 5, 3));
}

#[test]
fn a_layer_shows_what_it_changes_and_the_way_there() {
    let tree = image(&[BASE, TOP]);
    let of = |changes: Option<Vec<Change>>| shown(&tree, Filter { layer: Some(1), changes, ..Filter::default() });
    let usual = ["(a 12)", "(a/b 10)", "a/b/c 10 deleted by 1", "a/small 2 changed", "n 7 added", "n/new 7 added"];
    let mut expected = usual.map(String::from).to_vec();
    expected[0] = "(a 12 unchanged)".into();
    expected.sort();
    assert_eq!(of(None), expected);
    assert_eq!(of(Some(vec![Change::Unchanged])), ["a 0 unchanged", "z 0 unchanged"]);
    assert_eq!(of(Some(vec![Change::Deleted])), ["(a 10 unchanged)", "(a/b 10)", "a/b/c 10 deleted by 1"]);
    assert_eq!(of(Some(vec![])), [""; 0]);
    assert_eq!(shown(&tree, Filter { layer: Some(9), ..Filter::default() }), [""; 0]);
    assert_eq!(shown(&tree, Filter { layer: Some(70_000), ..Filter::default() }), [""; 0]);
    assert_eq!(shown(&tree, Filter { layer: Some(0), ..Filter::default() }).len(), 7);
}

#[test]
fn a_directory_that_became_a_file_still_leads_to_what_it_held() {
    let tree = image(&[&["d a", "f a/b 1", "f a/c 2"], &["f a 4"]]);
    let expected = ["a 4 changed", "a/b 1 deleted by 1", "a/c 2 deleted by 1"];
    assert_eq!(shown(&tree, Filter { layer: Some(1), ..Filter::default() }), expected);
    let selection = Selection::new(&tree, Filter { layer: Some(1), ..Filter::default() });
    assert_eq!(selection.view(&tree).sum().size, 7);
}

#[test]
fn deleted_paths_come_with_who_had_and_who_removed_them() {
    let tree = image(&[BASE, TOP, &["f .wh.a 0"]]);
    let by_2 = ["a 112 by 2", "a/b 10 by 2", "a/b/c 10 by 1", "a/big 100 by 2", "a/link 100 by 2", "a/small 2 by 2"];
    let expected = [&by_2[..], &["n 7", "n/new 7", "z 0"]].concat();
    assert_eq!(shown(&tree, Filter { deleted: true, ..Filter::default() }), expected);
    assert_eq!(shown(&tree, Filter::default()), ["n 7", "n/new 7", "z 0"]);
}

#[test]
fn conditions_hold_for_paths_and_show_the_way_to_them() {
    let tree = image(&[BASE, TOP]);
    let large = Filter { min_size: 50, ..Filter::default() };
    assert_eq!(shown(&tree, large), ["(a 100)", "a/big 100", "a/link 100"]);
    let links = Filter { kinds: Some(vec![EntryKind::Symlink, EntryKind::Hardlink]), ..Filter::default() };
    assert_eq!(shown(&tree, links), ["(a 100)", "a/link 100", "z 0"]);
    let directories = Filter { kinds: Some(vec![EntryKind::Directory]), ..Filter::default() };
    assert_eq!(shown(&tree, directories), ["a 0", "a/b 0", "n 0"]);
}

#[test]
fn rows_come_in_the_order_asked_for() {
    let tree = image(&[&["f b 5", "f a 9", "d c", "f c/x 7", "d d", "f abcdefgh2 1", "f abcdefgh1 1"]]);
    let selection = Selection::new(&tree, Filter::default());
    let all = |order| names(selection.view(&tree), "", order, Page::default()).0;
    assert_eq!(all("name"), ["c", "d", "a", "abcdefgh1", "abcdefgh2", "b"]);
    assert_eq!(all("-name"), ["d", "c", "b", "abcdefgh2", "abcdefgh1", "a"]);
    assert_eq!(all("size"), ["d", "c", "abcdefgh1", "abcdefgh2", "b", "a"]);
    assert_eq!(all("-size"), ["c", "d", "a", "b", "abcdefgh1", "abcdefgh2"]);
    let mixed = Order { directories_first: false, .."-size".parse().unwrap() };
    let rows = selection.view(&tree).list(Paths::ROOT, mixed, Page { offset: 0, limit: 3 });
    assert_eq!(rows.rows.iter().map(|row| row.name).collect::<Vec<_>>(), [b"a", b"c", b"b"]);
    assert!("colour".parse::<Order>().is_err());
}

#[test]
fn times_before_1970_come_before_those_after() {
    let mut listing = crate::layers::Listing::new();
    for (path, mtime) in [("b", 5), ("a", -5), ("c", i64::MIN), ("d", i64::MAX)] {
        listing.push(&crate::layers::Entry { path: path.as_bytes(), mtime, ..Default::default() });
    }
    let mut tree = ImageTree::new(&crate::Limits::DEFAULT);
    tree.push_layer(super::build::digest(0), listing).unwrap();
    let selection = Selection::new(&tree, Filter::default());
    assert_eq!(names(selection.view(&tree), "", "modified", Page::default()).0, ["c", "a", "b", "d"]);
    assert_eq!(
        names(selection.view(&tree), "", "-modified", Page { offset: 1, limit: 2 }),
        (vec!["b".into(), "a".into()], 4)
    );
}

#[test]
fn pages_are_parts_of_the_whole() {
    let lines: Vec<String> = (0..50).map(|at| format!("f file-{:02} {}", at * 7 % 50, at % 3)).collect();
    let tree = image(&[&lines.iter().map(String::as_str).collect::<Vec<_>>()]);
    let selection = Selection::new(&tree, Filter::default());
    for order in ["name", "-name", "size", "-size"] {
        let page = |offset, limit| names(selection.view(&tree), "", order, Page { offset, limit });
        let (whole, total) = page(0, 1_000);
        assert_eq!((whole.len(), total), (50, 50));
        for (offset, limit) in
            [(0, 7), (7, 7), (45, 10), (49, 1), (50, 1), (99, 1), (3, 0), (0, usize::MAX), (2, usize::MAX)]
        {
            let expected: Vec<String> = whole.iter().skip(offset).take(limit).cloned().collect();
            assert_eq!(page(offset, limit), (expected, 50), "{order} {offset} {limit}");
        }
    }
}

#[test]
fn paths_that_are_none_have_no_rows() {
    let tree = image(&[BASE, &["f .wh.a 0"]]);
    let selection = Selection::new(&tree, Filter::default());
    let view = selection.view(&tree);
    let gone = tree.paths().find(b"a/big").unwrap();
    assert!(view.row(gone).is_none() && view.row(12_345).is_none() && view.total(gone).is_none());
    assert_eq!(view.list(gone, Order::default(), Page::default()).total, 0);
    assert_eq!(view.row(Paths::ROOT).map(|row| row.kind), Some(EntryKind::Directory));
}

#[test]
fn contents_are_told_with_the_layer_that_has_them() {
    let tree = image(&[&["f a 5"], &["h b a", "f .wh.a 0"]]);
    let selection = Selection::new(&tree, Filter::default());
    let row = selection.view(&tree).row(tree.find(b"b").unwrap()).unwrap();
    assert_eq!((row.kind, row.size, row.layer, row.content_layer()), (EntryKind::Hardlink, 5, 1, 0));
    assert_eq!((row.link, row.means().kind(), row.means().size()), (&b"a"[..], EntryKind::File, 5));
}
