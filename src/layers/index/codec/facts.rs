//! What is known of the layer as a whole.

use super::{IndexError, read::Packed, write::Writer};
use crate::{
    Compression, Digest,
    layers::{LayerFacts, Source},
    text,
};
use alloc::{string::String, vec::Vec};

/// Longest text.
const TEXT: usize = 4096;
/// Longest note: its end is marked where it was cut.
const NOTE: usize = TEXT - 3;
const NOTES: u64 = 1000;

pub(super) fn write(facts: &LayerFacts, out: &mut Writer) {
    out.byte(match facts.compression {
        Compression::Uncompressed => 0,
        Compression::Gzip => 1,
        Compression::Zstd => 2,
    });
    out.byte(match facts.source {
        Source::Layer => 0,
        Source::Estargz => 1,
        Source::ZstdChunked => 2,
    });
    out.bytes(facts.diff_id.as_ref().map_or(b"", |digest| digest.as_str().as_bytes()));
    // 0 is "unknown", so that there is room for every size.
    out.varint(facts.unpacked.and_then(|size| size.checked_add(1)).unwrap_or_default());
    let notes = facts.notes.iter().take(NOTES as usize);
    out.varint(notes.len() as u64);
    notes.for_each(|note| out.bytes(text::shown(note, NOTE).as_bytes()));
}

pub(super) fn read(digest: &Digest, size: u64, packed: &mut Packed<'_>) -> Result<LayerFacts, IndexError> {
    let compression = match packed.byte()? {
        0 => Compression::Uncompressed,
        1 => Compression::Gzip,
        2 => Compression::Zstd,
        _ => return Err(IndexError::Malformed("an unknown compression")),
    };
    let source = match packed.byte()? {
        0 => Source::Layer,
        1 => Source::Estargz,
        2 => Source::ZstdChunked,
        _ => return Err(IndexError::Malformed("an unknown source")),
    };
    let diff_id = string(packed)?;
    let diff_id = (!diff_id.is_empty()).then(|| diff_id.parse()).transpose();
    let diff_id = diff_id.map_err(|_| IndexError::Malformed("a diff_id that is no digest"))?;
    let unpacked = packed.varint()?.checked_sub(1);
    let notes = notes(packed)?;
    Ok(LayerFacts { digest: digest.clone(), size, compression, diff_id, unpacked, source, partial: None, notes })
}

fn notes(packed: &mut Packed<'_>) -> Result<Vec<String>, IndexError> {
    let count = packed.varint()?;
    if count > NOTES {
        return Err(IndexError::Malformed("too many notes"));
    }
    (0..count).map(|_| Ok(text::shown(&string(packed)?, NOTE))).collect()
}

fn string(packed: &mut Packed<'_>) -> Result<String, IndexError> {
    String::from_utf8(packed.string(TEXT)?).map_err(|_| IndexError::Malformed("a text is not UTF-8"))
}
