#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use miniz_oxide::deflate::compress_to_vec;
use portolan::layers::inflate_alike;

/// Bytes that come out at the most.
const LIMIT: usize = 1 << 20;

#[derive(Arbitrary, Debug)]
enum Input {
    /// As it is.
    Stream(Vec<u8>),
    /// A dynamic block that nothing made.
    Dynamic(Vec<u8>),
    /// What was deflated, many times over, and damaged.
    Deflated { text: Vec<u8>, times: u8, level: u8, damage: Vec<(u16, u8)> },
}

fuzz_target!(|input: (u8, Input)| {
    let (piece, input) = input;
    let stream = match input {
        Input::Stream(bytes) => bytes,
        Input::Dynamic(bytes) => [&[5], bytes.as_slice()].concat(),
        Input::Deflated { text, times, level, damage } => {
            let mut stream = compress_to_vec(&text.repeat(usize::from(times)), level % 11);
            for (at, xor) in damage {
                let at = usize::from(at) % stream.len().max(1);
                if let Some(byte) = stream.get_mut(at) {
                    *byte ^= xor;
                }
            }
            stream
        }
    };
    inflate_alike(&stream, usize::from(piece) + 1, LIMIT);
});
