//! What targets share.

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
