//! One test for each rule.

use super::{
    super::ImageTree,
    build::{digest, image, layer, shown},
};
use crate::{
    Limits,
    layers::{Entry, EntryKind, Flags, Listing},
};
use alloc::{format, string::String, vec::Vec};

/// Asserts what the layers come to, line by line.
fn come_to(layers: &[&[&str]], expected: &[&str]) -> ImageTree {
    let tree = image(layers);
    let mut expected: Vec<String> = expected.iter().map(|line| String::from(*line)).collect();
    expected.sort();
    assert_eq!(shown(&tree), expected, "{layers:?}");
    tree
}

fn flags(tree: &ImageTree, path: &str) -> Flags {
    tree.entry(tree.find(path.as_bytes()).unwrap()).unwrap().flags()
}

#[test]
fn l10_whiteouts_hide_what_is_below() {
    let tree = come_to(&[&["d a", "f a/b 1", "f a/c 2"], &["f a/.wh.b 0"]], &["a/ 755 0", "a/c 2 0"]);
    assert_eq!(tree.layers()[1].deleted, 1);
    let tree = come_to(&[&["d a", "f a/b 1", "d a/d", "f a/d/e 2"], &["f .wh.a 0"]], &[]);
    assert_eq!(tree.layers()[1].deleted, 4);
}

#[test]
fn l10_whiteouts_of_nothing_are_harmless() {
    let tree =
        come_to(&[&["f a 1"], &["f .wh.b 0", "f c/.wh.d 0", "f a/.wh.e 0", "f .wh... 0", "f .wh.. 0"]], &["a 1 0"]);
    assert_eq!((tree.layers()[1].deleted, tree.layers()[1].entries), (0, 5));
}

#[test]
fn l10_whiteouts_never_hide_their_own_layer_whatever_the_order() {
    let below: &[&str] = &["d a 700", "f a/b 1", "f a/c 2"];
    let above = ["f .wh.a 0", "d a 711", "f a/c 3", "d a/d", "f a/d/e 4"];
    let expected = ["a/ 711 1", "a/c 3 1", "a/d/ 755 1", "a/d/e 4 1"];
    for turn in 0..above.len() {
        let mut lines = above;
        lines.rotate_left(turn);
        come_to(&[below, &lines], &expected);
    }
}

#[test]
fn l10_what_a_layer_has_in_a_hidden_directory_stays() {
    let below: &[&str] = &["d a 700", "f a/b 1", "d a/d 700", "f a/d/x 2"];
    // The directories are made anew, as nobody names them; or they are there already, as in what umoci leaves.
    come_to(&[below, &["f .wh.a 0", "f a/d/e 4"]], &["a/ 755 1", "a/d/ 755 1", "a/d/e 4 1"]);
    let kept = ["a/ 700 0", "a/d/ 700 0", "a/d/e 4 1"];
    come_to(&[below, &["f a/d/e 4", "f .wh.a 0"]], &kept);
    come_to(&[below, &["f a/d/e 4", "f .wh.a 0", "f .wh.a 0", "f a/d/.wh.e 0"]], &kept);
}

#[test]
fn l10_opaque_directories_hide_all_that_is_below() {
    let below: &[&str] = &["d a 700", "f a/b 1", "d a/c", "f a/c/d 2"];
    let expected = ["a/ 700 0", "a/c/ 755 1", "a/c/e 3 1"];
    come_to(&[below, &["f a/.wh..wh..opq 0", "d a/c", "f a/c/e 3"]], &expected);
    come_to(&[below, &["d a/c", "f a/c/e 3", "f a/.wh..wh..opq 0"]], &expected);
    come_to(&[below, &["f .wh..wh..opq 0"]], &[]);
}

#[test]
fn l10_names_of_aufs_are_no_files() {
    come_to(&[&["d .wh..wh.plnk", "f .wh..wh.aufs 1", "f a/.wh. 1", "f b 1"], &["f .wh..wh.b 0"]], &["b 1 0"]);
}

#[test]
fn l10_of_a_path_that_comes_twice_the_last_counts() {
    let tree = come_to(&[&["f a 1", "d b", "f b/c 2", "f a 3", "f b 4"]], &["a 3 0", "b 4 0"]);
    assert!(flags(&tree, "a").contains(Flags::REPEATED) && flags(&tree, "b").contains(Flags::REPEATED));
    assert_eq!((tree.layers()[0].content, tree.layers()[0].added, tree.layers()[0].changed), (10, 2, 0));
    let tree = come_to(&[&["f a/b 1", "d a 700"]], &["a/ 700 0", "a/b 1 0"]);
    assert!(flags(&tree, "a").is_empty());
}

#[test]
fn l10_types_are_replaced() {
    let below: &[&str] = &["d a", "f a/b 1", "f c 2", "s d x"];
    let above: &[&str] = &["f a 3", "d c", "d d"];
    let tree = come_to(&[below, above], &["a 3 1", "c/ 755 1", "d/ 755 1"]);
    let layer = &tree.layers()[1];
    assert_eq!((layer.added, layer.changed, layer.deleted), (0, 3, 1));
    come_to(&[below, &["d a 700"]], &["a/ 700 1", "a/b 1 0", "c 2 0", "d -> x 0"]);
    come_to(&[below, &["c a"]], &["a device 1", "c 2 0", "d -> x 0"]);
}

#[test]
fn l06_parents_that_are_links_are_followed_inside_of_the_root() {
    let below: &[&str] = &["d usr", "d usr/bin", "s bin usr/bin", "s up ../../../usr", "s abs /usr/bin", "s two bin"];
    let base = [
        "usr/ 755 0",
        "usr/bin/ 755 0",
        "bin -> usr/bin 0",
        "up -> ../../../usr 0",
        "abs -> /usr/bin 0",
        "two -> bin 0",
    ];
    for (name, place) in
        [("bin/x", "usr/bin/x"), ("up/bin/x", "usr/bin/x"), ("abs/x", "usr/bin/x"), ("two/x", "usr/bin/x")]
    {
        let (file, line) = (format!("f {name} 1"), format!("{place} 1 1"));
        let mut expected = base.to_vec();
        expected.push(&line);
        come_to(&[below, &[&file]], &expected);
    }
    let whiteout = come_to(
        &[&["d usr/bin", "f usr/bin/x 1", "s bin usr/bin"], &["f bin/.wh.x 0"]],
        &["usr/ 755 0", "usr/bin/ 755 0", "bin -> usr/bin 0"],
    );
    assert_eq!(whiteout.layers()[1].deleted, 1);
}

#[test]
fn the_last_component_is_never_followed() {
    come_to(&[&["d a", "f a/b 1", "s c a"], &["f c 2"]], &["a/ 755 0", "a/b 1 0", "c 2 1"]);
    come_to(&[&["d a", "f a/b 1", "s c a"], &["f .wh.c 0"]], &["a/ 755 0", "a/b 1 0"]);
    come_to(&[&["d a", "s c a"], &["d c 700", "f c/d 1"]], &["a/ 755 0", "c/ 700 1", "c/d 1 1"]);
}

#[test]
fn links_to_nothing_lead_to_directories_that_are_made() {
    come_to(&[&["s a b/c/../d"], &["f a/x 1"]], &["a -> b/c/../d 0", "b/ 755 1", "b/d/ 755 1", "b/d/x 1 1"]);
    come_to(&[&["s a b"], &["f a/.wh.x 0"]], &["a -> b 0"]);
}

#[test]
fn links_in_circles_are_taken_for_directories() {
    come_to(&[&["s a b", "s b a"], &["f a/x 1"]], &["a/ 755 1", "a/x 1 1", "b -> a 0"]);
    come_to(&[&["s a ."], &["f a/a/a/x 1"]], &["a -> . 0", "x 1 1"]);
    let long = format!("s a {}a", "b/../".repeat(1000));
    come_to(&[&[&long], &["f a/x 1"]], &["a/ 755 1", "a/x 1 1"]);
}

#[test]
fn a_way_that_changes_within_a_layer_is_found_anew() {
    let below: &[&str] = &["d a", "s l a"];
    come_to(&[below, &["f l/x 1", "s l b", "f l/y 2"]], &["a/ 755 0", "a/x 1 1", "l -> b 1", "b/ 755 1", "b/y 2 1"]);
    come_to(&[below, &["f l/x 1", "f .wh.l 0", "f l/y 2"]], &["a/ 755 0", "a/x 1 1", "l/ 755 1", "l/y 2 1"]);
}

#[test]
fn parents_that_are_missing_or_no_directories_are_made() {
    come_to(&[&["f a/b/c 1"]], &["a/ 755 0", "a/b/ 755 0", "a/b/c 1 0"]);
    let tree = come_to(&[&["f a 1"], &["f a/b 2"]], &["a/ 755 1", "a/b 2 1"]);
    assert_eq!((tree.layers()[1].added, tree.layers()[1].changed), (1, 1));
}

#[test]
fn the_root_has_metadata_and_stays_a_directory() {
    let tree = image(&[&["d . 700"], &["d . 711", "f . 5", "s . x"]]);
    assert_eq!(tree.entry(0).map(|root| (root.kind(), root.mode())), Some((EntryKind::Directory, 0o711)));
    assert_eq!((tree.layers()[0].added, tree.layers()[1].changed, tree.layers()[1].ignored), (1, 1, 2));
    assert_eq!(image(&[&["f a 1"]]).layers()[0].added, 1);
}

#[test]
fn hard_links_mean_what_was_there_when_they_came() {
    come_to(&[&["f a 1", "h b a"], &["f a 2", "h c a"]], &["a 2 1", "b = 1 0", "c = 2 1"]);
    come_to(&[&["f a 1"], &["h b a", "f a 2"]], &["a 2 1", "b = 1 1"]);
    come_to(&[&["f a 1"], &["h b a", "f .wh.a 0"]], &["b = 1 1"]);
    come_to(&[&["f a 1", "h b a", "h c b"], &["f .wh.a 0", "f .wh.b 0"]], &["c = 1 0"]);
    come_to(
        &[&["d d", "f d/a 1", "s l d", "h b l/../l/a", "h c /l/a"]],
        &["d/ 755 0", "d/a 1 0", "l -> d 0", "b = 1 0", "c = 1 0"],
    );
    come_to(&[&["s a x", "h b a"]], &["a -> x 0", "b = 0 0"]);
}

#[test]
fn hard_links_to_nothing_are_flagged() {
    for target in ["nothing", "d", "b", "", "..", "d/../../nothing"] {
        let line = format!("h b {target}");
        let tree = come_to(&[&["d d", &line]], &["d/ 755 0", "b = ? 0"]);
        assert!(flags(&tree, "b").contains(Flags::NO_TARGET), "{target}");
    }
}

#[test]
fn directories_and_files_that_are_named_again_are_unchanged() {
    let tree =
        image(&[&["d a", "f a/b 1 7", "f a/c 1 0", "h a/d a/b"], &["d a", "f a/b 1 7", "f a/c 1 0", "h a/d a/b"]]);
    // Nobody can tell for `c`, whose content nobody looked at.
    assert_eq!((tree.layers()[1].unchanged, tree.layers()[1].changed), (3, 1));
}

#[test]
fn l05_an_image_that_is_full_shows_what_fits() {
    let mut tree = ImageTree::new(&Limits { entries: 3, ..Limits::DEFAULT });
    assert!(tree.push_layer(digest(0), layer(&["d a", "f a/b 1"])).is_ok());
    let full = tree.push_layer(digest(1), layer(&["f a/c 2", "f a/d 3"])).unwrap_err();
    assert_eq!((full.which, full.limit), ("entries of one image", 3));
    assert_eq!(shown(&tree), ["a/ 755 0", "a/b 1 0", "a/c 2 1"]);
    assert!(tree.layers()[1].partial && !tree.layers()[0].partial);
    assert_eq!((tree.layers()[1].entries, tree.layers()[1].added), (1, 1));
}

#[test]
fn l05_parents_nobody_names_are_bounded_too() {
    let mut tree = ImageTree::new(&Limits { entries: 10, ..Limits::DEFAULT });
    let path = |name: &str| format!("{}x", alloc::vec![name; 400].join("/"));
    let mut listing = Listing::new();
    for name in ["a", "b", "c", "d"] {
        listing.push(&Entry { path: path(name).as_bytes(), ..Entry::default() });
    }
    assert!(tree.push_layer(digest(0), listing).is_err());
    assert!(tree.find(path("a").as_bytes()).is_some() && tree.paths().len() <= 1_045);
}

#[test]
fn l10_deep_paths_do_not_exhaust_the_stack() {
    let deep = alloc::vec!["d"; 2_000].join("/");
    let tree = image(&[&[&format!("f {deep}/x 1")], &["f .wh.d 0"]]);
    assert_eq!((shown(&tree).len(), tree.layers()[1].deleted), (0, 2_001));
}

#[test]
fn l10_what_went_is_not_walked_over_again() {
    let mut lines: Vec<String> = (0..3_000).map(|at| format!("f d/{at} 1")).collect();
    for _ in 0..3_000 {
        lines.extend(["f d 1", "d d", "f d/x 1"].map(String::from));
    }
    let tree = image(&[&lines.iter().map(String::as_str).collect::<Vec<_>>()]);
    assert_eq!(shown(&tree), ["d/ 755 0", "d/x 1 0"]);
    assert_eq!(tree.nodes_below(tree.find(b"d").unwrap()).count(), 1);
}

#[test]
fn links_that_take_forever_stop_cleanly() {
    let around = "./".repeat(2_000);
    let mut lines: Vec<String> = ["d a", "f b/x 1"].map(String::from).to_vec();
    lines.extend((0..4).map(|at| format!("s l{at} {around}l{}", at + 1)));
    for at in 0..10_000 {
        lines.extend([format!("f l0/{at} 1"), format!("f b/{at} 1")]);
    }
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    let stopped = tree.push_layer(digest(0), layer(&lines.iter().map(String::as_str).collect::<Vec<_>>())).unwrap_err();
    assert_eq!(stopped.which, "bytes of links followed for one layer");
    assert!(tree.layers()[0].partial && tree.find(b"b/x").is_some());
}

fn history(tree: &ImageTree, path: &str) -> Vec<String> {
    let events = tree.history(tree.paths().find(path.as_bytes()).unwrap()).into_iter();
    let above = |above| if above { " above" } else { "" };
    events.map(|e| format!("{} {} {}{}", e.layer, e.change.as_str(), e.size, above(e.above))).collect()
}

#[test]
fn every_layer_that_did_something_to_a_path_is_told() {
    let tree = image(&[
        &["d a", "f a/b 1 7"],
        &["f c 1"],
        &["f a/b 1 7"],
        &["f a/b 2"],
        &["f .wh.a 0"],
        &["f a/b 3", "f a/b 4"],
        &["f a/.wh..wh..opq 0"],
        &["f a/b 5"],
        &["f a/.wh.b 0"],
    ]);
    assert_eq!(
        history(&tree, "a/b"),
        [
            "0 added 1",
            "2 unchanged 1",
            "3 changed 2",
            "4 deleted 2 above",
            "5 added 4",
            "6 deleted 4 above",
            "7 added 5",
            "8 deleted 5",
        ]
    );
    assert_eq!(history(&tree, "a"), ["0 added 0", "4 deleted 0", "5 added 0"]);
    assert!(tree.history(999).is_empty());
}

/// Paths such as images have: some names are everywhere, others are nowhere else.
fn many(entries: usize) -> Listing {
    let mut listing = Listing::new();
    for at in 0..entries {
        let (package, file) = (at / 20, at % 20);
        let path = match file {
            0 => format!("usr/lib/node_modules/package-{package}"),
            1..10 => format!("usr/lib/node_modules/package-{package}/file-{file}.js"),
            _ => format!("usr/lib/node_modules/package-{package}/file-{file}-{package}.map"),
        };
        let kind = if file == 0 { EntryKind::Directory } else { EntryKind::File };
        listing.push(&Entry { path: path.as_bytes(), kind, ..Entry::default() });
    }
    listing
}

#[test]
fn l05_an_entry_takes_about_110_bytes() {
    let entries = 60_000;
    let mut tree = ImageTree::new(&Limits { entries: 3 * entries, ..Limits::DEFAULT });
    for at in 0..3 {
        tree.push_layer(digest(at), many(entries)).unwrap();
    }
    // Rows of all three layers, and their paths once.
    assert!(tree.memory() / (3 * entries) < 90, "{} bytes", tree.memory() / (3 * entries));
    let mut tree = ImageTree::new(&Limits { entries, ..Limits::DEFAULT });
    tree.push_layer(digest(0), many(entries)).unwrap();
    assert!(tree.memory() / entries < 115, "{} bytes", tree.memory() / entries);
    let (rows, versions) = (tree.listing.rows.memory(), tree.versions.memory());
    assert!((rows + versions) / entries <= 65, "{} bytes", (rows + versions) / entries);
}

#[test]
fn l05_an_image_over_the_limit_stops_cleanly() {
    let limit = 30_000;
    let mut tree = ImageTree::new(&Limits { entries: limit, ..Limits::DEFAULT });
    tree.push_layer(digest(0), many(limit - 10)).unwrap();
    for at in 1..4 {
        assert!(tree.push_layer(digest(at), many(limit)).is_err());
    }
    assert_eq!(tree.layers().iter().map(|layer| layer.entries).collect::<Vec<_>>(), [limit - 10, 10, 0, 0]);
    assert!(tree.find(b"usr/lib/node_modules/package-7/file-3.js").is_some());
}
