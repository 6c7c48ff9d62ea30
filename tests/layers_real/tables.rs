//! Listings by the table of contents against listings of the whole layer.

use super::{
    report::Report,
    set::{Layer, images},
    single,
};
use portolan::{
    Limits,
    layers::{EntryRef, LayerIndex, Source, TocNext, TocPlan},
};
use std::{collections::BTreeSet, fs::File, ops::Range, os::unix::fs::FileExt};

/// What stands in a table for bytes that are not UTF-8.
const REPLACED: &[u8] = "\u{fffd}".as_bytes();

/// Reads a table as a driver does: range by range. Gives the bytes that were asked for, too.
pub(crate) fn table(layer: &Layer) -> Option<(LayerIndex, u64)> {
    let mut plan = TocPlan::of(&layer.descriptor, &Limits::DEFAULT).unwrap()?;
    let mut asked = 0;
    loop {
        let bytes = read(layer, plan.range());
        asked += bytes.len() as u64;
        match plan.accept(&bytes).unwrap() {
            TocNext::More(next) => plan = next,
            TocNext::Index(index) => return Some((index, asked)),
        }
    }
}

/// A stretch of a layer.
pub(crate) fn read(layer: &Layer, range: Range<u64>) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap()];
    File::open(&layer.path).unwrap().read_exact_at(&mut bytes, range.start).unwrap();
    bytes
}

#[test]
fn tables_list_what_is_in_their_layers() {
    let Some(images) = images() else { return };
    let mut report = Report::default();
    let mut tables = BTreeSet::new();
    for image in images {
        for (number, layer) in image.layers.iter().enumerate() {
            let Some((index, asked)) = table(layer) else { continue };
            let place = format!("{}, layer {number}", image.name);
            let source = if image.packing == "estargz" { Source::Estargz } else { Source::ZstdChunked };
            assert_eq!(index.facts.source, source, "{place}");
            // Little for a large layer; of a small one, the table is most of it.
            assert!(asked < layer.descriptor.size / 20 + (256 << 10), "{place}: asked for {asked} bytes");
            compare(&mut report, &place, &index, &layer.index);
            tables.insert(&image.packing);
        }
    }
    let least = if tables.len() > 1 { 8_000 } else { 3_000 };
    report.finish(least);
    assert!(tables.iter().any(|packing| *packing == "old-zstd-chunked"), "{tables:?}");
}

fn compare(report: &mut Report, place: &str, table: &LayerIndex, whole: &LayerIndex) {
    report.same(place, b"", "number of entries", table.listing.len(), whole.listing.len());
    for (ours, theirs) in table.listing.iter().zip(whole.listing.iter()) {
        entry(report, place, table.facts.source, ours, theirs);
    }
}

fn entry(report: &mut Report, place: &str, source: Source, ours: EntryRef<'_>, theirs: EntryRef<'_>) {
    let path = theirs.path();
    let (mut our, mut their) = (single::seen(ours), single::seen(theirs));
    let told = |ours: &[u8], theirs: &[u8]| ours == theirs || replaced(theirs) == ours;
    if !told(&ours.path(), &path) {
        report.note(format!("{place}: {} is {}", path.escape_ascii(), ours.path().escape_ascii()));
    }
    if told(&our.link, &their.link) {
        their.link.clone_from(&our.link);
    }
    // eStargz rounds times.
    if source == Source::Estargz && our.mtime == their.mtime + 1 {
        our.mtime = their.mtime;
    }
    report.seen(place, &path, &our, &their);
    report.same(place, &path, "attributes", our.xattrs, their.xattrs);
}

fn replaced(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in name.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        // Go replaces every byte by itself.
        chunk.invalid().iter().for_each(|_| out.extend_from_slice(REPLACED));
    }
    out
}
