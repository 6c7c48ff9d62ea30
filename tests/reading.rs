//! Files of layers that GNU tar and gzip made, read by range.
#![cfg(all(unix, feature = "layers"))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::{
    Digest, Kind, Limits,
    layers::{FileRead, Flags, LayerIndex, Proof, Scan, ScanOptions},
};
use std::{
    fs::{self, File},
    io::Write as _,
    os::unix::fs::FileExt as _,
    path::Path,
    process::Command,
};

fn tar(folder: &Path, words: &[&str]) -> Vec<u8> {
    let output = Command::new("tar").args(["-c", "-C"]).arg(folder).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// As it comes back from a cache.
fn scanned(layer: &[u8]) -> LayerIndex {
    let digest = Digest::sha256(layer);
    let mut scan = Scan::new(ScanOptions::new(digest.clone()));
    layer.chunks(100_000).for_each(|chunk| scan.push(chunk).unwrap());
    let bytes = scan.finish().unwrap().encode().unwrap();
    LayerIndex::decode(&bytes, &digest, layer.len() as u64, &Limits::DEFAULT).unwrap()
}

/// The file, and how many bytes of the layer it took.
fn read(layer: &[u8], index: &LayerIndex, path: &str, limit: Option<u64>) -> (Vec<u8>, Option<Proof>, u64) {
    let row = index.listing.find(path.as_bytes()).unwrap().id();
    let mut read = FileRead::plan(index, row, limit, &Limits::DEFAULT).unwrap();
    let (range, mut taken, mut bytes) = (read.range(), 0, Vec::new());
    if range.is_empty() {
        read.push(&[], &mut |part| bytes.extend_from_slice(part)).unwrap();
    }
    for chunk in layer[range.start as usize..range.end as usize].chunks(16 << 10) {
        taken += chunk.len() as u64;
        if read.push(chunk, &mut |part| bytes.extend_from_slice(part)).unwrap() {
            break;
        }
    }
    (bytes, read.finish().unwrap().proof, taken)
}

/// Hexadecimal digits, which deflate to half.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b"0123456789abcdef"[(state >> 60) as usize]
    };
    (0..length).map(|_| next()).collect()
}

fn sparse_file(path: &Path, parts: u64) {
    let file = File::create(path).unwrap();
    file.set_len(parts * 100_000 + 70_000).unwrap();
    for at in 0..parts {
        file.write_all_at(&noise(at, 5_000), at * 100_000 + 8_192).unwrap();
    }
}

#[test]
fn l08_sparse_files_of_all_formats_are_whole_again() {
    let folder = tempfile::tempdir().unwrap();
    // More parts than a header has room for, and than a block behind it has.
    for (name, parts) in [("few", 2), ("some", 20), ("many", 60), ("hole", 0)] {
        sparse_file(&folder.path().join(name), parts);
    }
    let names = ["few", "some", "many", "hole"];
    for format in [
        &["--format=gnu"][..],
        &["--format=pax", "--sparse-version=0.0"],
        &["--format=pax", "--sparse-version=0.1"],
        &["--format=pax", "--sparse-version=1.0"],
    ] {
        let archive = tar(folder.path(), &[&["-S", "--hole-detection=raw"], format, &names].concat());
        for layer in [gzip(&archive), archive] {
            let index = scanned(&layer);
            for name in names {
                let expected = fs::read(folder.path().join(name)).unwrap();
                let entry = index.listing.find(name.as_bytes()).unwrap();
                assert!(entry.flags().contains(Flags::SPARSE) && entry.stored() < entry.size(), "{format:?} {name}");
                let (bytes, proof, _) = read(&layer, &index, name, None);
                assert!(bytes == expected, "{format:?} {name}");
                assert_eq!(proof, Some(Proof::Fingerprint), "{format:?} {name}");
                for limit in [0, 1, 8_192, 8_193, 100_000, 150_000] {
                    let (bytes, _, _) = read(&layer, &index, name, Some(limit));
                    let end = expected.len().min(limit as usize);
                    assert!(bytes == expected[..end], "{format:?} {name} {limit}");
                }
            }
        }
    }
}

#[test]
fn a_small_file_takes_a_small_part_of_a_large_layer() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..20).map(|at| (format!("file-{at:02}"), noise(at, 1_000_000))).collect();
    for (name, content) in &files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    let layer = gzip(&tar(folder.path(), &names));
    assert!(layer.len() > 10 << 20);
    let index = scanned(&layer);
    for (name, content) in files.iter().step_by(3) {
        let (bytes, proof, taken) = read(&layer, &index, name, None);
        assert!(bytes == *content && proof == Some(Proof::Fingerprint), "{name}");
        assert!(taken < 7 << 20, "{name}: {taken} bytes");
        let (bytes, _, taken) = read(&layer, &index, name, Some(10_000));
        assert!(bytes == content[..10_000] && taken < 5 << 20, "{name}: {taken} bytes");
    }
}

/// Damage within the range of a file is never called good; damage elsewhere does no harm.
#[test]
fn l03_a_flipped_bit_is_found_or_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..24 {
        fs::write(folder.path().join(format!("file-{at:02}")), noise(at, 400_000)).unwrap();
    }
    let names: Vec<_> = (0..24).map(|at| format!("file-{at:02}")).collect();
    let layer = gzip(&tar(folder.path(), &names.iter().map(String::as_str).collect::<Vec<_>>()));
    let index = scanned(&layer);
    let row = index.listing.find(b"file-20").unwrap().id();
    let range = FileRead::plan(&index, row, None, &Limits::DEFAULT).unwrap().range();
    for step in 0..16 {
        let mut broken = layer.clone();
        let at = range.start + (range.end - range.start) * step / 16;
        broken[at as usize] ^= 1 << (step % 8);
        let mut read = FileRead::plan(&index, row, None, &Limits::DEFAULT).unwrap();
        let mut bytes = Vec::new();
        let result = read
            .push(&broken[range.start as usize..range.end as usize], &mut |part| bytes.extend_from_slice(part))
            .and_then(|_| read.finish());
        match result {
            Ok(_) => assert!(bytes == noise(20, 400_000), "byte {at}"),
            Err(error) => assert!(matches!(error.kind(), Kind::CorruptLayer | Kind::DigestMismatch), "{error}"),
        }
    }
}
