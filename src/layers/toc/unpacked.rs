//! Decompressing a table, up to a limit.

use super::super::compress::{Sink, Unpack};
use crate::{Compression, Digest, Error, LayerError, LimitExceeded, Limits, Verifier};
use alloc::vec::Vec;

/// What a table is wrapped in, at the most: headers and the end of an archive.
const WRAPPING: usize = 64 << 10;

/// Decompresses all of `bytes`, which lie in the layer at `offset`.
pub(super) fn unpacked(bytes: &[u8], offset: u64, form: Compression, limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut table = Table { bytes: Vec::new(), limit: limits.toc };
    let mut unpack = Unpack::new(limits, false);
    let result = unpack.push(bytes, &mut table).and_then(|()| unpack.finish(&mut table));
    if unpack.compression() != Some(form) {
        return Err(broken(offset, "the table of contents is not compressed as its format has it"));
    }
    result.map_err(|error| moved(error, offset))?;
    Ok(table.bytes)
}

/// Compares with what the descriptor says.
pub(super) fn verify(bytes: &[u8], digest: &Digest) -> Result<(), Error> {
    let mut verifier = Verifier::new(digest, None)?;
    verifier.update(bytes)?;
    verifier.finish()?;
    Ok(())
}

pub(super) fn broken(offset: u64, reason: &'static str) -> Error {
    LayerError { offset, unpacked: false, reason }.into()
}

pub(super) fn too_large(limits: &Limits) -> Error {
    LimitExceeded { which: "table of contents of a layer", limit: limits.toc as u64 }.into()
}

/// The same fault, in a table that does not begin at the beginning.
fn moved(error: Error, by: u64) -> Error {
    match error.cause() {
        crate::Cause::Layer(fault) if !fault.unpacked => {
            LayerError { offset: fault.offset.saturating_add(by), ..fault.clone() }.into()
        }
        _ => error,
    }
}

struct Table {
    bytes: Vec<u8>,
    limit: usize,
}

impl Sink for Table {
    fn take(&mut self, bytes: &[u8], _: u64) -> Result<(), Error> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit.saturating_add(WRAPPING) {
            return Err(LimitExceeded { which: "table of contents of a layer", limit: self.limit as u64 }.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}
