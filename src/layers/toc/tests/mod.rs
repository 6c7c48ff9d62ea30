//! Tables say what archives say, and what they say wrong is noticed.

mod hostile;
mod pack;

use super::*;
use crate::layers::{EntryKind, EntryRef, FileRead, Proof, Scan, ScanOptions, Source};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use pack::{File, estargz, zstd_chunked};

fn noise(length: usize) -> Vec<u8> {
    (0..length as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8 & 15).collect()
}

fn files() -> Vec<File> {
    let link = |name, kind, link| File { link: String::from(link), ..File::new(name, kind) };
    let mut files = vec![
        File::with(".no.prefetch.landmark", b"\x0f"),
        File::new("./", EntryKind::Directory),
        File::new("bin/", EntryKind::Directory),
        File { mode: 0o4755, uid: 1000, ..File::with("bin/su", &noise(70_000)) },
        File::with("empty", b""),
        link("bin/sh", EntryKind::Symlink, "../bin/su"),
        link("bin/out", EntryKind::Symlink, "../../etc"),
        link("bin/again", EntryKind::Hardlink, "bin/su"),
        File { device: (1, 3), ..File::new("dev/null", EntryKind::CharDevice) },
        File { device: (8, 1), ..File::new("dev/sda1", EntryKind::BlockDevice) },
        File::new("run/pipe", EntryKind::Fifo),
        File { xattr: Some(("user.note".into(), b"\0\xff".into())), ..File::with("etc/noted", b"noted") },
        File::with("/../etc/.wh.gone", b""),
        File::with("zeros", &vec![0; 50_000]),
        File::with("etc/noted", b"noted again"),
        File::with("last", &noise(9_000)),
    ];
    files[12].mtime = 1_566_297_043;
    files
}

/// Reads the table of a layer as a client does; counts the ranges.
fn read(layer: &[u8], descriptor: &Descriptor, limits: &Limits) -> Result<(LayerIndex, usize), Error> {
    let mut plan = TocPlan::of(descriptor, limits)?.expect("an announced table");
    for count in 1.. {
        let range = plan.range();
        match plan.accept(&layer[range.start as usize..range.end as usize])? {
            TocNext::Index(index) => return Ok((index, count)),
            TocNext::More(more) => plan = more,
        }
    }
    unreachable!("it ends")
}

fn listed(layer: &[u8], descriptor: &Descriptor) -> LayerIndex {
    read(layer, descriptor, &Limits::DEFAULT).unwrap().0
}

fn scanned(layer: &[u8]) -> LayerIndex {
    let mut scan = Scan::new(ScanOptions::new(Digest::sha256(layer)));
    scan.push(layer).unwrap();
    scan.finish().unwrap()
}

fn shown(entry: EntryRef<'_>) -> String {
    let numbers = (entry.mode(), entry.uid(), entry.gid(), entry.mtime(), entry.size(), entry.stored(), entry.device());
    let words: Vec<_> = entry.flags().words().collect();
    let (path, link) = (String::from_utf8_lossy(&entry.path()).into_owned(), String::from_utf8_lossy(entry.link()));
    format!("{:?} {path} {link} {numbers:?} {:?} {words:?}", entry.kind(), entry.xattrs())
}

fn same_listing(layer: &[u8], index: &LayerIndex) {
    let all = |index: &LayerIndex| index.listing.iter().map(shown).collect::<Vec<_>>();
    assert_eq!(all(index), all(&scanned(layer)));
}

/// Every file by its range: the content and nothing else, held against its digest.
fn same_contents(layer: &[u8], index: &LayerIndex, files: &[File]) {
    for (file, row) in files.iter().zip(0..).filter(|(file, _)| file.kind == EntryKind::File) {
        for (limit, chunk) in [(None, 1 << 20), (None, 100), (Some(5), 7), (Some(30_000), 1000)] {
            let mut read = FileRead::plan(index, row, limit, &Limits::DEFAULT).unwrap();
            let range = read.range();
            let mut bytes = Vec::new();
            for chunk in layer[range.start as usize..range.end as usize].chunks(chunk) {
                if read.push(chunk, &mut |part| bytes.extend_from_slice(part)).unwrap() {
                    break;
                }
            }
            let outcome = read.finish().unwrap();
            let expected = limit.map_or(file.content.len(), |limit: u64| file.content.len().min(limit as usize));
            assert!(bytes == file.content[..expected], "{} {limit:?}", file.name);
            if outcome.whole {
                assert_eq!(outcome.proof, Some(Proof::Digest), "{}", file.name);
            }
        }
    }
}

#[test]
fn an_estargz_layer_lists_as_its_archive() {
    for (chunk, least) in [(1 << 22, 0), (4096, 0), (10_000, 0), (1 << 22, 100_000), (4096, 10_000), (4096, 20_001)] {
        let packed = estargz(&files(), chunk, least);
        let (layer, descriptor) = packed.estargz(&packed.text());
        let index = listed(&layer, &descriptor);
        assert_eq!((index.facts.source, index.facts.compression), (Source::Estargz, crate::Compression::Gzip));
        assert_eq!((&index.facts.digest, index.facts.size), (&descriptor.digest, layer.len() as u64));
        same_listing(&layer, &index);
        same_contents(&layer, &index, &files());
    }
}

#[test]
fn a_zstd_chunked_layer_lists_as_its_archive() {
    for chunk in [1 << 22, 4096, 10_000] {
        let packed = zstd_chunked(&files(), chunk);
        let (layer, descriptor) = packed.zstd_chunked(&packed.text());
        let index = listed(&layer, &descriptor);
        assert_eq!((index.facts.source, index.facts.compression), (Source::ZstdChunked, crate::Compression::Zstd));
        same_listing(&layer, &index);
        same_contents(&layer, &index, &files());
    }
}

#[test]
fn the_table_of_an_estargz_layer_is_a_file_too() {
    let packed = estargz(&files(), 4096, 0);
    let (layer, descriptor) = packed.estargz(&packed.text());
    let index = listed(&layer, &descriptor);
    let own = index.listing.find(b"stargz.index.json").unwrap();
    let mut read = FileRead::plan(&index, own.id(), None, &Limits::DEFAULT).unwrap();
    let range = read.range();
    let mut bytes = Vec::new();
    read.push(&layer[range.start as usize..range.end as usize], &mut |part| bytes.extend_from_slice(part)).unwrap();
    assert_eq!(read.finish().unwrap().proof, Some(Proof::Digest));
    assert!(bytes == packed.text().as_bytes());
}

#[test]
fn small_layers_take_one_range_and_large_ones_two() {
    let packed = estargz(&files(), 1 << 22, 0);
    let (layer, descriptor) = packed.estargz(&packed.text());
    assert_eq!(read(&layer, &descriptor, &Limits::DEFAULT).unwrap().1, 1);
    let many: Vec<_> = (0..3_000).map(|at| File::with(&format!("file-{at}"), &noise(at))).collect();
    let packed = estargz(&many, 1 << 22, 0);
    let (layer, descriptor) = packed.estargz(&packed.text());
    let (index, ranges) = read(&layer, &descriptor, &Limits::DEFAULT).unwrap();
    assert_eq!((index.listing.len(), ranges), (3_001, 2));
}

#[test]
fn parts_are_known_where_there_are_several() {
    let packed = zstd_chunked(&files(), 30_000);
    let (layer, descriptor) = packed.zstd_chunked(&packed.text());
    let index = listed(&layer, &descriptor);
    let entry = |path: &str| index.listing.find(path.as_bytes()).unwrap();
    let lengths = entry("bin/su").content_parts().iter().map(|part| part.length).collect::<Vec<_>>();
    assert_eq!(lengths, [30_000, 30_000, 10_000]);
    assert!(entry("last").content_parts().is_empty());
    assert_eq!(entry("empty").content_digest(), Digest::sha256(b"").to_sha256());
    assert_eq!(entry("last").content_digest(), Digest::sha256(&noise(9_000)).to_sha256());
    assert_eq!((entry("bin").content_digest(), entry("last").print()), (None, 0));
    let mut read = FileRead::plan(&index, entry("bin/su").id(), Some(30_000), &Limits::DEFAULT).unwrap();
    let range = read.range();
    assert!(read.push(&layer[range.start as usize..range.end as usize], &mut |_| {}).unwrap());
    assert_eq!(read.finish().unwrap().proof, Some(Proof::Digest));
}

#[test]
fn ranges_are_those_of_the_pieces() {
    let packed = zstd_chunked(&files(), 10_000);
    let (layer, descriptor) = packed.zstd_chunked(&packed.text());
    let index = listed(&layer, &descriptor);
    let range = |path: &str, limit| {
        let row = index.listing.find(path.as_bytes()).unwrap().id();
        FileRead::plan(&index, row, limit, &Limits::DEFAULT).unwrap().range()
    };
    let entries = packed.table["entries"].as_array().unwrap();
    let first = entries.iter().find(|entry| entry["name"] == "bin/su").unwrap();
    let place = |key: &str| first[key].as_u64().unwrap();
    assert_eq!(range("bin/su", Some(10_000)), place("offset")..place("endOffset"));
    assert_eq!(range("last", None).end, packed.contents.len() as u64);
}

#[test]
fn another_content_is_a_digest_mismatch() {
    let packed = estargz(&files(), 4096, 0);
    let digest = Digest::sha256(&noise(9_000)).to_string();
    let text = packed.text().replace(&digest, Digest::sha256(b"other").as_str());
    let (layer, descriptor) = packed.estargz(&text);
    let index = listed(&layer, &descriptor);
    let row = index.listing.find(b"last").unwrap().id();
    let mut read = FileRead::plan(&index, row, None, &Limits::DEFAULT).unwrap();
    let range = read.range();
    read.push(&layer[range.start as usize..range.end as usize], &mut |_| {}).unwrap();
    assert_eq!(read.finish().unwrap_err().kind(), crate::Kind::DigestMismatch);
}

#[test]
fn an_index_from_a_table_comes_back_as_it_was() {
    let packed = estargz(&files(), 4096, 10_000);
    let (layer, descriptor) = packed.estargz(&packed.text());
    let index = listed(&layer, &descriptor);
    let bytes = index.encode().unwrap();
    let back = LayerIndex::decode(&bytes, &descriptor.digest, descriptor.size, &Limits::DEFAULT).unwrap();
    assert_eq!((&back.facts, &back.checkpoints), (&index.facts, &index.checkpoints));
    same_listing(&layer, &back);
    same_contents(&layer, &back, &files());
}
