//! A set of 32-bit ids, found by a hash that the caller computes.
//!
//! Four bytes for each slot, where `hashbrown` with a key would take sixteen: a million paths are found in 8 MiB.

use alloc::{vec, vec::Vec};

const EMPTY: u32 = u32::MAX;

/// Open addressing, linear probing, at most three quarters full.
#[derive(Clone, Debug, Default)]
pub(super) struct HashTable {
    slots: Vec<u32>,
    used: usize,
}

impl HashTable {
    /// The id for which `same` holds, among those that were put in under `hash`.
    pub(super) fn find(&self, hash: u64, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.start(hash)?;
        loop {
            match self.slots.get(at).copied()? {
                EMPTY => return None,
                id if same(id) => return Some(id),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// Puts in an id that is not there; `rehash` tells the hash of those that are.
    pub(super) fn insert(&mut self, hash: u64, id: u32, rehash: impl Fn(u32) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            self.grow(rehash);
        }
        self.place(hash, id);
        self.used += 1;
    }

    /// Bytes it takes.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * 4
    }

    fn start(&self, hash: u64) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        // The high bits of a multiplicative hash are the good ones.
        Some((hash >> 32) as usize & mask)
    }

    fn place(&mut self, hash: u64, id: u32) {
        let Some(mut at) = self.start(hash) else { return };
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == EMPTY {
                *slot = id;
                return;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self, rehash: impl Fn(u32) -> u64) {
        let size = (self.slots.len() * 2).max(16);
        let old = core::mem::replace(&mut self.slots, vec![EMPTY; size]);
        for id in old.into_iter().filter(|id| *id != EMPTY) {
            self.place(rehash(id), id);
        }
    }
}

/// Mixes `bytes` and a number. Who knows the number can find names that meet, so that a listing of them takes forever: let it
/// depend on what is listed, such as a digest.
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = seed.wrapping_add(K);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        state = mix(state ^ word, K);
    }
    let mut rest = [0; 8];
    for (to, from) in rest.iter_mut().zip(words.remainder()) {
        *to = *from;
    }
    mix(state ^ u64::from_le_bytes(rest), K ^ bytes.len() as u64)
}

fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b | 1);
    (wide >> 64) as u64 ^ wide as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let name = |id: u32| hash(id.into(), b"name");
        let mut table = HashTable::default();
        assert_eq!(table.find(name(1), |_| true), None);
        for id in 0..10_000 {
            table.insert(name(id), id, name);
        }
        for id in 0..10_000 {
            assert_eq!(table.find(name(id), |found| found == id), Some(id));
        }
        assert_eq!(table.find(name(10_001), |found| found == 10_001), None);
        assert!(table.memory() <= 16_384 * 4);
    }
}
