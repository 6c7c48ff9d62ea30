#![no_main]

mod common;

use common::{same, scan};
use libfuzzer_sys::fuzz_target;

/// Makes checksums right, without which nothing gets past the first header.
fn with_checksums(bytes: &mut [u8]) {
    for block in bytes.chunks_exact_mut(512) {
        if block[257..262] == *b"ustar" {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (size, mut bytes) = input;
    with_checksums(&mut bytes);
    let whole = scan(&bytes, bytes.len());
    same(&whole, &scan(&bytes, usize::from(size)));
    assert!(whole.listing.len() <= common::limits().entries);
});
