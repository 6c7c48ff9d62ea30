//! The merged view against the tree that `umoci unpack` leaves.

use super::{
    report::Report,
    set::{Image, images},
    yardstick::{Seen, shown, walk},
};
use portolan::{
    Limits,
    layers::{EntryKind, FileRow, Filter, ImageTree, Selection},
};
use std::collections::BTreeMap;

/// The layers of an image over one another.
pub(crate) fn tree(image: &Image) -> ImageTree {
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    for layer in &image.layers {
        tree.push_layer(layer.descriptor.digest.clone(), layer.index.listing.clone()).unwrap();
    }
    tree
}

/// A row in the words of the yardsticks: a hard link is the file that it means.
fn seen(row: &FileRow<'_>) -> Seen {
    let entry = row.means();
    Seen { mode: row.mode, uid: row.uid, gid: row.gid, mtime: row.mtime, ..super::single::seen(entry) }
}

#[test]
fn the_merged_view_is_what_umoci_leaves() {
    let Some(images) = images() else { return };
    let mut report = Report::default();
    for image in images.iter().filter(|image| image.root.is_some()) {
        compare(&mut report, image);
    }
    report.finish(20_000);
}

fn compare(report: &mut Report, image: &Image) {
    let theirs = walk::walk(image.root.as_ref().unwrap()).unwrap();
    let tree = tree(image);
    let merged = Selection::new(&tree, Filter::default());
    let view = merged.view(&tree);
    let mut paths = theirs.paths;
    let mut groups: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
    // The root has a place of its own, and no layer of these names it.
    paths.remove(&b""[..]);
    for row in view.nodes().filter_map(|node| view.row(node)).filter(|row| !row.name.is_empty()) {
        let path = row.path();
        let ours = seen(&row);
        if ours.kind != EntryKind::Directory {
            groups.entry(row.means().id()).or_default().push(path.clone());
        }
        match paths.remove(&path) {
            Some(their) => {
                report.seen(&image.name, &path, &ours, &their);
                report.same(&image.name, &path, "attributes", &ours.xattrs, &their.xattrs);
            }
            None => report.note(format!("{}: {} is not there", image.name, shown(&path))),
        }
    }
    for path in paths.keys() {
        report.note(format!("{}: {} is missing", image.name, shown(path)));
    }
    let mut groups: Vec<Vec<Vec<u8>>> = groups.into_values().filter(|names| names.len() > 1).collect();
    groups.iter_mut().for_each(|names| names.sort());
    groups.sort();
    let names = |groups: &[Vec<Vec<u8>>]| -> Vec<String> {
        groups.iter().map(|names| names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(" = ")).collect()
    };
    report.same(&image.name, b"", "hard links", names(&groups), names(&theirs.groups));
}
