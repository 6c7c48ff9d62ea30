//! What the browser inflates and sums with, held against what runs natively: for fuzzing, which is native.

use super::{
    crc::{Crc, tables},
    deflate::Deflate,
    inflate::{Halt, Inflate, WINDOW},
    zlib::Zlib,
};
use alloc::{vec, vec::Vec};

/// Inflates a raw deflate stream, in pieces, by both, and sums what comes out.
///
/// # Panics
/// If they do not come to the same.
pub fn inflate_alike(input: &[u8], piece: usize, limit: usize) {
    let zlib = inflate(&mut Zlib::new(), input, usize::MAX, limit);
    let ours = inflate(&mut Deflate::at_block(0, 0), input, piece, limit);
    // How much came out when it was too much depends on the pieces.
    let (Some((zlib, zlib_ended)), Some((ours, ended))) = (zlib, ours) else { return };
    // Where bits are missing, one may see that those before them are wrong and the other may not: neither takes it for whole.
    assert_eq!(ended == Halt::End, zlib_ended == Halt::End, "in pieces of {piece}");
    if ended == zlib_ended && ended != Halt::Corrupt {
        assert!(ours == zlib, "in pieces of {piece}");
    }
    let (mut crc, mut sum) = (Crc::default(), tables::Crc::default());
    crc.update(&ours);
    for piece in ours.chunks(piece.max(1)) {
        sum.update(piece);
    }
    assert_eq!(sum.value(), crc.value());
}

/// What came out, and how it ended, `More` if it did not; nothing if it is more than `limit` bytes.
fn inflate(inflate: &mut dyn Inflate, mut input: &[u8], piece: usize, limit: usize) -> Option<(Vec<u8>, Halt)> {
    let (mut buffer, mut at, mut out) = (vec![0; 3 * WINDOW], 0, Vec::new());
    loop {
        if buffer.len() - at < WINDOW {
            buffer.copy_within(at - WINDOW..at, 0);
            at = WINDOW;
        }
        let chunk = input.get(..piece.clamp(1, input.len().max(1))).unwrap_or(input);
        let step = inflate.inflate(chunk, &mut buffer, at, false);
        out.extend_from_slice(buffer.get(at..at + step.written).unwrap_or_default());
        at += step.written;
        input = input.get(step.read..).unwrap_or_default();
        let more = !input.is_empty() || at == buffer.len();
        if out.len() > limit {
            return None;
        }
        if matches!(step.halt, Halt::End | Halt::Corrupt) || !more {
            return Some((out, step.halt));
        }
    }
}
