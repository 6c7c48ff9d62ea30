#![no_main]

mod common;

use arbitrary::Arbitrary;
use common::{limits, sealed, stored};
use libfuzzer_sys::fuzz_target;
use portolan::{
    Digest,
    layers::{FileRead, LayerIndex},
};

#[derive(Arbitrary, Debug)]
struct Input {
    columns: Vec<u8>,
    plain: Vec<u8>,
    layer: Vec<u8>,
    /// The layer inflates.
    packed: bool,
    piece: u8,
    limit: Option<u16>,
}

fuzz_target!(|input: Input| {
    let layer = if input.packed { stored(&input.layer) } else { input.layer };
    let digest = Digest::sha256(b"fuzz");
    let bytes = sealed(&digest, layer.len() as u64, &input.columns, &input.plain);
    let Ok(index) = LayerIndex::decode(&bytes, &digest, layer.len() as u64, &limits()) else { return };
    let written = index.encode().expect("what was read is whole");
    LayerIndex::decode(&written, &digest, layer.len() as u64, &limits()).expect("what was written can be read");
    for entry in index.listing.iter().take(20) {
        let limit = input.limit.map(u64::from);
        let Ok(mut read) = FileRead::plan(&index, entry.id(), limit, &limits()) else { continue };
        let range = read.range();
        assert!(range.start <= range.end && range.end <= layer.len() as u64, "{range:?}");
        let mut given = 0;
        for piece in layer[range.start as usize..range.end as usize].chunks(usize::from(input.piece).max(1)) {
            if !matches!(read.push(piece, &mut |bytes| given += bytes.len() as u64), Ok(false)) {
                break;
            }
        }
        assert!(given <= entry.size().min(limit.unwrap_or(u64::MAX)));
        if let Ok(outcome) = read.finish() {
            assert_eq!(outcome.bytes, given);
        }
    }
});
