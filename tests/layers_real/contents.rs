//! Files read by range against the files on disk.

use super::{
    merged,
    set::{Image, images},
    tables,
    yardstick::shown,
};
use portolan::{
    Limits,
    layers::{EntryKind, FileRead, FileRow, Filter, ImageTree, LayerIndex, Selection},
};
use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

/// A preview may cost so much of a gzip layer.
const PREVIEW: u64 = 8 << 20;

#[test]
fn files_read_by_range_are_those_on_disk() {
    let Some(images) = images() else { return };
    for image in images.iter().filter(|image| image.root.is_some()) {
        let indexes: Vec<&LayerIndex> = image.layers.iter().map(|layer| &layer.index).collect();
        compare(image, &merged::tree(image), &indexes);
    }
}

#[test]
fn files_read_by_the_table_of_contents_are_those_on_disk() {
    let Some(images) = images() else { return };
    let with_tables = images.iter().filter(|image| image.packing.contains("chunked") || image.packing == "estargz");
    for image in with_tables {
        let whole = |layer| tables::table(layer).map_or_else(|| layer.index.clone(), |(index, _)| index);
        let indexes: Vec<LayerIndex> = image.layers.iter().map(whole).collect();
        let mut tree = ImageTree::new(&Limits::DEFAULT);
        for (layer, index) in image.layers.iter().zip(&indexes) {
            tree.push_layer(layer.descriptor.digest.clone(), index.listing.clone()).unwrap();
        }
        compare(image, &tree, &indexes.iter().collect::<Vec<_>>());
    }
}

/// Reads some of the files: the largest, and others from here and there.
fn compare(image: &Image, tree: &ImageTree, indexes: &[&LayerIndex]) {
    let merged = Selection::new(tree, Filter::default());
    let view = merged.view(tree);
    let mut files: Vec<FileRow<'_>> = view.nodes().filter_map(|node| view.row(node)).collect();
    files.retain(|row| row.means().kind() == EntryKind::File && row.means().size() > 0);
    // Names that a table does not tell are nowhere on disk.
    files.retain(|row| row.path().utf8_chunks().all(|chunk| !chunk.valid().contains('\u{fffd}')));
    files.sort_by_key(|row| row.means().size());
    // One zstd frame can be read from its beginning only.
    let count = if image.packing == "zstd" { 4 } else { 40 };
    let step = (files.len() / count).max(1);
    let chosen: Vec<&FileRow<'_>> = files.iter().rev().step_by(step).collect();
    assert!(chosen.len() >= count.min(files.len()), "{}: {} files", image.name, chosen.len());
    chosen.into_iter().for_each(|row| read(image, indexes, row));
}

fn read(image: &Image, indexes: &[&LayerIndex], row: &FileRow<'_>) {
    let path = row.path();
    let place = format!("{}: {}", image.name, shown(&path));
    let (layer, index) = (&image.layers[row.content_layer()], indexes[row.content_layer()]);
    let entry = row.means();
    let mut read = FileRead::plan_entry(&index.facts, &index.checkpoints, entry, None, &Limits::DEFAULT).unwrap();
    let range = read.range();
    if image.packing.contains("gzip") && entry.size() <= 10 << 10 {
        assert!(range.end - range.start < PREVIEW, "{place}: {range:?}");
    }
    let mut bytes = Vec::new();
    read.push(&tables::read(layer, range), &mut |part| bytes.extend_from_slice(part)).unwrap();
    let outcome = read.finish().unwrap();
    assert!(outcome.whole && outcome.is_verified(), "{place}: {outcome:?}");
    let theirs = fs::read(image.root.as_ref().unwrap().join(OsStr::from_bytes(&path))).unwrap();
    assert!(bytes == theirs, "{place}: {} bytes are other than the {} on disk", bytes.len(), theirs.len());
}
