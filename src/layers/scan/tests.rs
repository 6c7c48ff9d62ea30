use super::*;
use crate::{Digest, layers::EntryKind};
use alloc::vec::Vec;
use std::io::Write as _;

fn archive() -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_mode(0o755);
    header.set_size(0);
    builder.append_data(&mut header, "etc/", &b""[..]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o640);
    header.set_mtime(1_700_000_000);
    header.set_size(5);
    builder.append_data(&mut header, "etc/hostname", &b"host\n"[..]).unwrap();
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn scan(layer: &[u8], chunk: usize) -> Result<LayerIndex, Error> {
    let mut scan = Scan::new(ScanOptions::new(Digest::sha256(layer)));
    layer.chunks(chunk).try_for_each(|chunk| scan.push(chunk))?;
    scan.finish()
}

#[test]
fn lists_a_layer_whatever_the_chunks() {
    let archive = archive();
    for layer in [gzip(&archive), archive.clone()] {
        for chunk in [1, 7, 512, 1 << 20] {
            let index = scan(&layer, chunk).unwrap();
            let entries: Vec<_> = index.listing.iter().map(|e| (e.path(), e.kind(), e.size())).collect();
            assert_eq!(
                entries,
                [(b"etc".to_vec(), EntryKind::Directory, 0), (b"etc/hostname".to_vec(), EntryKind::File, 5)]
            );
            assert_eq!(index.facts.size, layer.len() as u64);
            assert_eq!(index.facts.unpacked, Some(archive.len() as u64));
        }
    }
}

#[test]
fn l03_an_archive_may_end_with_its_last_body() {
    let archive = archive();
    // Two headers, the body, what fills up its block; and no end marker, which the builder wrote.
    let (body, block) = (1024 + 5, 1024 + 512);
    for end in [body, body + 1, block - 1, block] {
        let index = scan(&archive[..end], 100).unwrap();
        assert_eq!((index.listing.len(), index.facts.notes.len()), (2, 1), "cut at {end}: {:?}", index.facts.notes);
    }
    for end in [body - 1, 1023, 513] {
        assert!(scan(&archive[..end], 100).is_err(), "cut at {end}");
    }
}
