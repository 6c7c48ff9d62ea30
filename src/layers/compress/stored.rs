//! Deflate without deflating: blocks that are stored, RFC 1951, section 3.2.4.
//!
//! In the browser the code that compresses would be a tenth of the module, and the browser has a compressor of its own, which gets
//! the whole index when it is kept.

use alloc::vec::Vec;

/// A raw deflate stream in the making.
pub(in crate::layers) struct Deflater;

impl Deflater {
    /// Begins one.
    pub(in crate::layers) fn new() -> Self {
        Self
    }

    /// Begins one where time counts more than size.
    pub(super) fn fast() -> Self {
        Self
    }

    /// Takes the next bytes, the last ones if `last`, and appends to `out` what comes of them.
    pub(in crate::layers) fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        for block in bytes.chunks(usize::from(u16::MAX)) {
            put(block, false, out);
        }
        if last {
            put(&[], true, out);
        }
    }
}

fn put(block: &[u8], last: bool, out: &mut Vec<u8>) {
    let length = block.len() as u16;
    out.push(u8::from(last));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(block);
}

#[cfg(test)]
mod tests {
    use super::{super::inflate::inflate_all, Deflater};
    use alloc::vec::Vec;

    #[test]
    fn inflates_to_what_it_was() {
        let bytes: Vec<u8> = (0..70_000_u32).map(|at| (at / 7) as u8).collect();
        let (mut deflater, mut out) = (Deflater::new(), Vec::new());
        deflater.push(&bytes, false, &mut out);
        deflater.push(b"end", true, &mut out);
        assert_eq!(inflate_all(&out, 80_000).unwrap(), [&bytes[..], b"end"].concat());
    }

    #[test]
    fn nothing_is_a_stream_too() {
        let mut out = Vec::new();
        Deflater::fast().push(&[], true, &mut out);
        assert_eq!(inflate_all(&out, 1).unwrap(), b"");
    }
}
