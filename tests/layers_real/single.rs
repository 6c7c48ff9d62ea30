//! Single layers against GNU tar's listing, and one packing against another.

use super::{
    report::Report,
    set::{Image, Layer, images},
    yardstick::{Seen, gnu_tar},
};
use portolan::layers::{EntryKind, EntryRef, Flags, Whiteout};
use std::collections::{BTreeMap, BTreeSet};

/// What we say of an entry, in the words of the yardsticks.
pub(crate) fn seen(entry: EntryRef<'_>) -> Seen {
    Seen {
        kind: entry.kind(),
        mode: entry.mode(),
        uid: entry.uid(),
        gid: entry.gid(),
        size: entry.size(),
        mtime: entry.mtime(),
        link: entry.link().to_vec(),
        device: entry.device(),
        xattrs: entry.xattrs().iter().map(|xattr| (xattr.name.clone(), xattr.value.clone())).collect(),
    }
}

/// A name of an archive below the root: what tar prints before anybody has cleaned it.
fn below_root(name: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join(&b'/')
}

#[test]
fn layers_are_whole_and_have_both_digests() {
    let Some(images) = images() else { return };
    for image in images {
        for (number, layer) in image.layers.iter().enumerate() {
            let place = format!("{}, layer {number}", image.name);
            let facts = &layer.index.facts;
            assert!(facts.partial.is_none(), "{place}: {:?}", facts.partial);
            assert_eq!(facts.diff_id.as_ref(), Some(&layer.diff_id), "{place}");
            assert_eq!(facts.size, layer.descriptor.size, "{place}");
        }
    }
}

#[test]
fn single_layers_list_as_gnu_tar_lists_them() {
    let Some(images) = images() else { return };
    let mut report = Report::default();
    let mut done = BTreeSet::new();
    // tar needs a program for zstd; those layers are held against the same layers in gzip.
    for image in images.iter().filter(|image| !image.packing.contains("zstd")) {
        for (number, layer) in image.layers.iter().enumerate() {
            if done.insert(layer.diff_id.to_string()) {
                compare(&mut report, &format!("{}, layer {number}", image.name), layer);
            }
        }
    }
    report.finish(12_000);
}

fn compare(report: &mut Report, place: &str, layer: &Layer) {
    let theirs = gnu_tar::list(&layer.path);
    let ours: Vec<EntryRef<'_>> = layer.index.listing.iter().collect();
    report.same(place, b"", "number of entries", ours.len(), theirs.len());
    for (our, (name, their)) in ours.into_iter().zip(theirs) {
        let path = below_root(&name);
        report.same(place, &path, "path", our.path().escape_ascii().to_string(), path.escape_ascii().to_string());
        report.seen(place, &path, &seen(our), &their);
    }
}

#[test]
fn every_packing_lists_alike() {
    let Some(images) = images() else { return };
    let mut report = Report::default();
    let mut kinds: BTreeMap<&str, &Image> = BTreeMap::new();
    // eStargz has another archive.
    for image in images.iter().filter(|image| image.packing != "estargz") {
        let first = kinds.entry(image.kind()).or_insert(image);
        assert_eq!(image.layers.len(), first.layers.len(), "{}", image.name);
        for (number, (ours, theirs)) in image.layers.iter().zip(&first.layers).enumerate() {
            same_rows(&mut report, &format!("{}, layer {number}", image.name), ours, theirs);
        }
    }
    report.finish(30_000);
}

fn same_rows(report: &mut Report, place: &str, ours: &Layer, theirs: &Layer) {
    let (ours, theirs) = (&ours.index.listing, &theirs.index.listing);
    report.same(place, b"", "number of entries", ours.len(), theirs.len());
    for (our, their) in ours.iter().zip(theirs.iter()) {
        let path = their.path();
        let odd = |entry: EntryRef<'_>| (entry.path(), entry.offset(), entry.stored(), entry.print(), entry.flags());
        report.same(place, &path, "place", odd(our), odd(their));
        report.seen(place, &path, &seen(our), &seen(their));
        report.same(place, &path, "attributes", seen(our).xattrs, seen(their).xattrs);
    }
}

#[test]
fn the_set_has_something_of_everything() {
    let Some(images) = images() else { return };
    let entries = || images.iter().flat_map(|image| &image.layers).flat_map(|layer| layer.index.listing.iter());
    let kinds: BTreeSet<EntryKind> = entries().map(EntryRef::kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), EntryKind::ALL);
    let flags = |flag: Flags| entries().filter(|entry| entry.flags().contains(flag)).count();
    for flag in [Flags::ABSOLUTE, Flags::ESCAPES, Flags::SPARSE, Flags::REPEATED, Flags::LINK_ESCAPES] {
        assert!(flags(flag) > 0, "{:?}", flag.words().collect::<Vec<_>>());
    }
    assert!(entries().filter(|entry| entry.whiteout() == Some(Whiteout::Opaque)).count() > 1);
    assert!(entries().filter(|entry| matches!(entry.whiteout(), Some(Whiteout::Path(_)))).count() > 200);
    assert!(entries().any(|entry| entry.name().utf8_chunks().any(|chunk| !chunk.invalid().is_empty())));
    assert!(entries().any(|entry| entry.path().len() > 1_000));
    assert!(entries().any(|entry| entry.xattrs().iter().any(|xattr| xattr.name == b"security.capability")));
    let packings: BTreeSet<&str> = images.iter().map(|image| image.packing.as_str()).collect();
    assert!(["plain", "gzip", "zstd", "old-zstd-chunked"].iter().all(|packing| packings.contains(packing)));
}
