#![no_main]

mod common;

use common::{limits, same, scan};
use libfuzzer_sys::fuzz_target;
use portolan::{Digest, layers::LayerIndex};

fuzz_target!(|bytes: &[u8]| {
    let digest = Digest::sha256(b"fuzz");
    let _ = LayerIndex::decode(bytes, &digest, bytes.len() as u64, &limits());
    // And the way round that ends well.
    let index = scan(bytes, bytes.len());
    if let Some(written) = index.encode() {
        let read = LayerIndex::decode(&written, &digest, index.facts.size, &limits());
        same(&index, &read.expect("what was written can be read"));
    }
});
