//! The index as bytes: see `docs/index-format.md`.
//!
//! A cache on a disk or in a browser is full of other indexes and of half-written files, and nobody signs what it holds. So
//! the bytes name their layer, end in a checksum, and are read as carefully as a layer from a stranger.

mod checkpoints;
mod encoded;
mod error;
mod facts;
mod read;
mod rows;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use encoded::Encoded;
pub use error::IndexError;

use super::LayerIndex;
use crate::{Digest, Limits};
use alloc::vec::Vec;
use read::{Packed, Plain};
use twox_hash::XxHash64;

/// Not text, and not what a transfer that changes line ends or the eighth bit leaves of it.
const MAGIC: [u8; 8] = *b"\x89PLI\r\n\x1a\n";

/// Raised with every change of the format: there is no reading of others, since making an index anew is cheap.
pub(super) const VERSION: u16 = 1;

/// Bytes of the checksum at the end.
const SEAL: usize = 8;

impl LayerIndex {
    /// The index as bytes. Nothing if the listing is partial: what was not read to its end, and so not verified, is no
    /// answer to a second visit.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        Encoded::of_whole(self).map(|encoded| encoded.parts().concat())
    }

    /// Reads what [`LayerIndex::encode`] wrote of the layer with this digest and size.
    ///
    /// # Errors
    /// [`IndexError`], for anything else: the bytes are of no use, and the layer has to be listed anew.
    pub fn decode(bytes: &[u8], digest: &Digest, size: u64, limits: &Limits) -> Result<Self, IndexError> {
        let body = unsealed(bytes)?;
        let mut plain = Plain::new(body);
        if plain.text()? != digest.as_str() || plain.varint()? != size {
            return Err(IndexError::OtherLayer);
        }
        let length = plain.varint()?;
        let mut packed = Packed::new(plain.bytes(length)?, limits);
        let facts = facts::read(digest, size, &mut packed)?;
        let listing = rows::read(&facts, &mut packed, &mut plain, limits)?;
        let checkpoints = checkpoints::read(&facts, &mut packed, &mut plain, limits)?;
        packed.finish()?;
        plain.finish()?;
        Ok(Self { facts, listing, checkpoints })
    }
}

/// What stands between the version and the checksum.
fn unsealed(bytes: &[u8]) -> Result<&[u8], IndexError> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(IndexError::NoIndex)?;
    let (version, rest) = rest.split_first_chunk().ok_or(IndexError::NoIndex)?;
    match u16::from_le_bytes(*version) {
        VERSION => {}
        other => return Err(IndexError::Version(other)),
    }
    let (body, seal) = rest.split_last_chunk::<SEAL>().ok_or(IndexError::Checksum)?;
    let sealed = bytes.get(..bytes.len().saturating_sub(SEAL)).unwrap_or_default();
    if XxHash64::oneshot(0, sealed) != u64::from_le_bytes(*seal) {
        return Err(IndexError::Checksum);
    }
    Ok(body)
}
