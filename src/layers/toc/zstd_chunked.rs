//! zstd:chunked: where its table is.

use super::{
    Layer, TocNext, TocPlan,
    entries::{Table, read_table},
    unpacked::{broken, too_large, unpacked, verify},
};
use crate::{Compression, Digest, Error, LayerError, Limits, ProtocolError, layers::Source};

use core::ops::Range;

/// The header of the skippable frame around a table or footer: `5? 2a 4d 18`, and its length.
const FRAME: u64 = 8;

/// Places and lengths of table and tar-split data, 8 bytes each; a word that says whose they are.
const FOOTER: usize = 64;
/// The footer before there was tar-split data.
const OLD_FOOTER: usize = 40;
/// Both spellings are in use.
const MAGIC: [[u8; 8]; 2] = [*b"GNUlInUx", *b"GnUlInUx"];

/// The only kind of table: that of eStargz, with some fields more.
const CRFS: u64 = 1;

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The end of the layer.
    Footer {
        checksum: Digest,
        range: Range<u64>,
    },
    Table(Place),
}

/// Where a table is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    checksum: Digest,
    range: Range<u64>,
    /// Its length once it is decompressed.
    length: u64,
}

impl Step {
    pub(super) fn footer(checksum: Digest, size: u64) -> Self {
        Self::Footer { checksum, range: size.saturating_sub(FOOTER as u64)..size }
    }

    /// `offset:length:uncompressed length:type`.
    pub(super) fn at(position: &str, checksum: Digest, size: u64, limits: &Limits) -> Result<Self, Error> {
        let mut numbers = position.split(':').map(|number| number.parse::<u64>().ok());
        let mut next = || numbers.next().flatten();
        let (offset, packed, length, kind) = (next(), next(), next(), next());
        match (offset, packed, length, kind, numbers.next()) {
            (Some(offset), Some(packed), Some(length), Some(kind), None) => {
                Place::new(checksum, [offset, packed, length, kind], size, limits).map(Self::Table)
            }
            _ => Err(ProtocolError::Unsupported("a zstd:chunked layer whose annotation has another form").into()),
        }
    }

    pub(super) fn range(&self) -> Range<u64> {
        match self {
            Self::Footer { range, .. } => range.clone(),
            Self::Table(place) => place.range.clone(),
        }
    }

    pub(super) fn accept(self, layer: Layer, limits: Limits, bytes: &[u8]) -> Result<TocNext, Error> {
        match self {
            Self::Footer { checksum, range } => {
                let numbers = find_footer(bytes);
                let numbers = numbers.ok_or_else(|| broken(range.start, "no footer of a zstd:chunked layer"))?;
                let step = Self::Table(Place::new(checksum, numbers, layer.size, &limits)?);
                Ok(TocNext::More(TocPlan { layer, limits, step: super::Step::ZstdChunked(step) }))
            }
            Self::Table(place) => place.read(layer, &limits, bytes).map(TocNext::Index),
        }
    }
}

impl Place {
    fn new(checksum: Digest, numbers: [u64; 4], size: u64, limits: &Limits) -> Result<Self, Error> {
        let [offset, packed, length, kind] = numbers;
        if kind != CRFS {
            return Err(ProtocolError::Unsupported("an unknown kind of zstd:chunked table").into());
        }
        if packed.max(length) > limits.toc as u64 {
            return Err(too_large(limits));
        }
        let end = offset.checked_add(packed).filter(|end| *end <= size && offset >= FRAME && packed > 0);
        let end = end.ok_or_else(|| broken(offset.min(size), "a zstd:chunked table outside of its layer"))?;
        Ok(Self { checksum, range: offset..end, length })
    }

    fn read(self, layer: Layer, limits: &Limits, bytes: &[u8]) -> Result<super::LayerIndex, Error> {
        verify(bytes, &self.checksum)?;
        let at = self.range.start;
        let json = unpacked(bytes, at, Compression::Zstd, limits)?;
        if json.len() as u64 != self.length {
            let reason = "the table of contents has another length than was said";
            return Err(LayerError { offset: at, unpacked: false, reason }.into());
        }
        let table = Table { source: Source::ZstdChunked, end: at - FRAME, own: None };
        read_table(&json, layer, limits, table)
    }
}

/// Offset, length, uncompressed length and kind of the table.
fn find_footer(tail: &[u8]) -> Option<[u64; 4]> {
    let magic = tail.last_chunk()?;
    MAGIC.contains(magic).then_some(())?;
    // Neither begins with its length, but the frame around it does.
    let length =
        |at: usize| tail.get(tail.len().checked_sub(at + 4)?..)?.first_chunk().copied().map(u32::from_le_bytes);
    let footer = match length(OLD_FOOTER) {
        Some(length) if length == OLD_FOOTER as u32 => OLD_FOOTER,
        _ => FOOTER,
    };
    let footer = tail.get(tail.len().checked_sub(footer)?..)?;
    let mut numbers = [0; 4];
    for (number, bytes) in numbers.iter_mut().zip(footer.as_chunks::<8>().0) {
        *number = u64::from_le_bytes(*bytes);
    }
    Some(numbers)
}
