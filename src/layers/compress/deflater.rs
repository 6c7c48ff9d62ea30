//! Deflating, RFC 1951.

use alloc::{boxed::Box, vec::Vec};
use miniz_oxide::{
    DataFormat,
    deflate::{
        CompressionLevel,
        core::{CompressorOxide, TDEFLFlush, compress_to_output},
    },
};

/// A raw deflate stream in the making.
pub(in crate::layers) struct Deflater(Box<CompressorOxide>);

impl Deflater {
    /// Begins one.
    pub(in crate::layers) fn new() -> Self {
        Self::with(CompressionLevel::DefaultLevel)
    }

    /// Begins one where time counts more than size.
    pub(super) fn fast() -> Self {
        Self::with(CompressionLevel::BestSpeed)
    }

    fn with(level: CompressionLevel) -> Self {
        Self(Box::new(CompressorOxide::with_format_and_level(DataFormat::Raw, level)))
    }

    /// Takes the next bytes, the last ones if `last`, and appends to `out` what comes of them.
    pub(in crate::layers) fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let flush = if last { TDEFLFlush::Finish } else { TDEFLFlush::None };
        // Neither the status nor the count says more: all is taken while the callback says yes.
        let _ = compress_to_output(&mut self.0, bytes, flush, |bytes| {
            out.extend_from_slice(bytes);
            true
        });
    }
}
