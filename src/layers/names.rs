//! Interned names.

use super::{
    blocks::make_room,
    hash_table::{HashTable, hash},
};
use alloc::vec::Vec;

/// Names, each stored once and numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    bytes: Vec<u8>,
    /// End of each name in `bytes`; it begins where the one before ends.
    ends: Vec<u32>,
    table: HashTable,
    seed: u64,
}

impl Names {
    /// None. See [`hash`] about the seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    pub(super) fn find(&self, name: &[u8]) -> Option<u32> {
        self.table.find(hash(self.seed, name), |id| self.get(id) == name)
    }

    pub(super) fn intern(&mut self, name: &[u8]) -> Option<u32> {
        if let Some(id) = self.find(name) {
            return Some(id);
        }
        let id = u32::try_from(self.ends.len()).ok().filter(|id| *id != u32::MAX)?;
        let end = u32::try_from(self.bytes.len() + name.len()).ok()?;
        make_room(&mut self.bytes, name.len());
        make_room(&mut self.ends, 1);
        self.bytes.extend_from_slice(name);
        self.ends.push(end);
        let Self { bytes, ends, table, seed } = self;
        table.insert(hash(*seed, name), id, |id| hash(*seed, slice(bytes, ends, id)));
        Some(id)
    }

    /// How many there are; they are numbered from 0.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut begin = 0;
        self.ends.iter().map(move |end| {
            let name = self.bytes.get(begin..*end as usize);
            begin = *end as usize;
            name.unwrap_or_default()
        })
    }

    pub(super) fn get(&self, id: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, id)
    }

    /// Gives back what is only needed to find names and to put more in.
    pub(super) fn read_only(&mut self) {
        self.table = HashTable::default();
    }

    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.table.memory()
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], id: u32) -> &'a [u8] {
    let id = id as usize;
    let begin = id.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    let end = ends.get(id).copied().unwrap_or(begin);
    bytes.get(begin as usize..end as usize).unwrap_or_default()
}
