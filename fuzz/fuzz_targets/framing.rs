#![no_main]

mod common;

use arbitrary::Arbitrary;
use common::{same, scan};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    kind: Kind,
    size: u8,
    bytes: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Kind {
    Gzip,
    Zstd,
    AsItIs,
}

fuzz_target!(|input: Input| {
    let mut bytes = match input.kind {
        Kind::Gzip => b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec(),
        Kind::Zstd => b"\x28\xb5\x2f\xfd".to_vec(),
        Kind::AsItIs => Vec::new(),
    };
    bytes.extend(input.bytes);
    same(&scan(&bytes, bytes.len()), &scan(&bytes, usize::from(input.size)));
});
