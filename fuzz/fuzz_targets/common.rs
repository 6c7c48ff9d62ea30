//! What targets share.
#![allow(dead_code, reason = "no target needs all of it")]

use portolan::{
    Digest, Limits,
    layers::{LayerIndex, Scan, ScanOptions},
};

/// Small limits, so that the fuzzer finds what lies behind them.
pub fn limits() -> Limits {
    Limits { entries: 200, path: 300, pax: 2_000, unpacked: 1 << 22, expansion_floor: 1 << 20, zstd_window: 1 << 20, ..Limits::DEFAULT }
}

/// The index of `bytes` pushed in pieces of `size`, whole or not.
pub fn scan(bytes: &[u8], size: usize) -> LayerIndex {
    let mut options = ScanOptions::new(Digest::sha256(b"fuzz"));
    options.limits = limits();
    let mut scan = Scan::new(options);
    for piece in bytes.chunks(size.max(1)) {
        if scan.push(piece).is_err() {
            break;
        }
    }
    scan.into_index()
}

/// What must not depend on how the bytes were cut. Where the fault was found may: a later piece is not looked at.
pub fn same(one: &LayerIndex, other: &LayerIndex) {
    assert_eq!(one.facts.unpacked, other.facts.unpacked);
    assert_eq!(one.facts.diff_id, other.facts.diff_id);
    assert_eq!(one.facts.partial.is_some(), other.facts.partial.is_some(), "{:?} {:?}", one.facts.partial, other.facts.partial);
    assert_eq!(one.facts.notes, other.facts.notes);
    assert_eq!(one.listing.len(), other.listing.len());
    for (a, b) in one.listing.iter().zip(other.listing.iter()) {
        assert_eq!((a.path(), a.kind(), a.size(), a.print()), (b.path(), b.kind(), b.size(), b.print()));
        assert_eq!((a.link(), a.mode(), a.uid(), a.gid(), a.flags()), (b.link(), b.mode(), b.uid(), b.gid(), b.flags()));
    }
}

/// `bytes` as a gzip member, not made smaller.
pub fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut member = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    member.extend(blocks(bytes));
    member.extend(crc(bytes).to_le_bytes());
    member.extend((bytes.len() as u32).to_le_bytes());
    member
}

/// An index with its checksum, whatever is in it.
pub fn sealed(digest: &Digest, size: u64, columns: &[u8], plain: &[u8]) -> Vec<u8> {
    let packed = blocks(columns);
    let mut bytes = b"\x89PLI\r\n\x1a\n\x01\0".to_vec();
    varint(digest.as_str().len() as u64, &mut bytes);
    bytes.extend(digest.as_str().bytes());
    varint(size, &mut bytes);
    varint(packed.len() as u64, &mut bytes);
    bytes.extend(packed);
    bytes.extend(plain);
    let seal = twox_hash::XxHash64::oneshot(0, &bytes);
    bytes.extend(seal.to_le_bytes());
    bytes
}

/// Deflate blocks that are stored.
fn blocks(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in bytes.chunks(65_535) {
        let length = part.len() as u16;
        out.push(0);
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(part);
    }
    out.extend([1, 0, 0, 0xff, 0xff]);
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
