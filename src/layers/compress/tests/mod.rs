//! Layers compressed in many ways, whole and damaged.

mod gzip;
mod points;
mod zstd;

use super::{Sink, Unpack};
use crate::{Error, Kind, Limits, layers::Checkpoint};
use alloc::{format, string::ToString, vec::Vec};
use std::io::Write as _;

/// Keeps what comes out.
#[derive(Default)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    /// Largest piece, and the input it came from.
    piece: usize,
    input: u64,
}

impl Sink for Kept {
    fn take(&mut self, bytes: &[u8], input: u64) -> Result<(), Error> {
        assert!(!bytes.is_empty() && input >= self.input);
        self.bytes.extend_from_slice(bytes);
        self.piece = self.piece.max(bytes.len());
        self.input = input;
        Ok(())
    }
}

/// Unpacks in chunks of this size.
pub(super) fn unpack_in(layer: &[u8], chunk: usize) -> (Kept, Vec<Checkpoint>, Result<(), Error>) {
    let mut unpack = Unpack::new(&Limits::DEFAULT, true);
    let mut kept = Kept::default();
    let result = layer.chunks(chunk).try_for_each(|chunk| unpack.push(chunk, &mut kept));
    let result = result.and_then(|()| unpack.finish(&mut kept));
    (kept, unpack.take_checkpoints(), result)
}

pub(super) fn unpack(layer: &[u8]) -> Result<Vec<u8>, Error> {
    let (kept, _, result) = unpack_in(layer, 1000);
    result.map(|()| kept.bytes)
}

/// Text that compresses, but not too well.
pub(super) fn text(length: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(length + 32);
    let mut seed = 1_u64;
    while text.len() < length {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(text, "line {} of {}", seed >> 40, seed >> 58).unwrap();
    }
    text.truncate(length);
    text
}

/// Bytes that do not compress.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut seed = 7_u64;
    let next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 56) as u8
    };
    core::iter::repeat_with(next).take(length).collect()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_plain_archive_passes_as_it_is() {
    let (kept, points, result) = unpack_in(&text(10_000), 999);
    assert!(result.is_ok() && kept.bytes == text(10_000));
    assert_eq!(points.iter().map(|point| (point.input, point.output)).collect::<Vec<_>>(), [(0, 0)]);
    assert_eq!(unpack(b""), Ok(Vec::new()));
    assert_eq!(unpack(b"\x1f"), Ok(Vec::from(*b"\x1f")));
}

#[test]
fn errors_say_where() {
    let mut layer = gzip(&text(5000));
    let end = layer.len();
    layer.truncate(end - 1);
    let error = unpack(&layer).unwrap_err();
    assert_eq!(error.kind(), Kind::CorruptLayer);
    let expected = format!("corrupt layer at byte {} of its compressed form: the gzip stream ends too early", end - 1);
    assert_eq!(error.to_string(), expected);
}
