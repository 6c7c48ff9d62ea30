//! What is written, in the parts that it comes in: whoever copies it elsewhere needs no copy of the whole before.

use super::{
    MAGIC, SEAL, VERSION, checkpoints, facts, rows,
    write::{self, Writer},
};
use crate::layers::LayerIndex;
use alloc::vec::Vec;
use core::hash::Hasher as _;
use twox_hash::XxHash64;

/// An index as bytes.
pub(crate) struct Encoded {
    head: Vec<u8>,
    packed: Vec<u8>,
    plain: Vec<u8>,
    seal: [u8; SEAL],
}

impl Encoded {
    /// Nothing if the listing is partial.
    pub(crate) fn of_whole(index: &LayerIndex) -> Option<Self> {
        index.facts.partial.is_none().then(|| Self::of(index))
    }

    /// Of a partial one, too. The bytes do not tell that it is.
    pub(crate) fn of(index: &LayerIndex) -> Self {
        let mut writer = Writer::new(checkpoints::plain(&index.checkpoints) + rows::plain(&index.listing));
        facts::write(&index.facts, &mut writer);
        rows::write(&index.listing, &mut writer);
        checkpoints::write(&index.checkpoints, &mut writer);
        let (packed, plain) = writer.finish();

        let mut head = Vec::new();
        head.extend_from_slice(&MAGIC);
        head.extend_from_slice(&VERSION.to_le_bytes());
        write::text(index.facts.digest.as_str(), &mut head);
        write::varint(index.facts.size, &mut head);
        write::varint(packed.len() as u64, &mut head);
        let mut seal = XxHash64::with_seed(0);
        [&head, &packed, &plain].into_iter().for_each(|part| seal.write(part));
        Self { head, packed, plain, seal: seal.finish().to_le_bytes() }
    }

    /// What follows each other.
    pub(crate) fn parts(&self) -> [&[u8]; 4] {
        [&self.head, &self.packed, &self.plain, &self.seal]
    }
}
