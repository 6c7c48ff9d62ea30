//! Lists that grow without ever standing in memory twice, and sets of numbers.

use alloc::{vec, vec::Vec};

/// Items in one block: a power of two.
const BLOCK: usize = 4096;

/// A list in blocks.
#[derive(Clone, Debug)]
pub(super) struct Blocks<T>(Vec<Vec<T>>);

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Blocks<T> {
    pub(super) fn push(&mut self, item: T) {
        match self.0.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(item),
            _ => {
                // Many lists are short: only those that fill a block take the next one whole.
                let mut block = Vec::with_capacity(if self.0.is_empty() { 16 } else { BLOCK });
                block.push(item);
                self.0.push(block);
            }
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at / BLOCK)?.get(at % BLOCK)
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.0.get_mut(at / BLOCK)?.get_mut(at % BLOCK)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    /// Bytes the blocks take.
    pub(super) fn memory(&self) -> usize {
        self.0.iter().map(|block| block.capacity() * size_of::<T>()).sum()
    }
}

/// Gives back each block as soon as its items have been taken.
impl<T> IntoIterator for Blocks<T> {
    type Item = T;
    type IntoIter = core::iter::Flatten<vec::IntoIter<Vec<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}

/// Makes room for `more` items, an eighth at a time: doubling would leave up to half of a large table empty.
pub(super) fn make_room<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8).max(16));
    }
}

/// A set of numbers, one bit each.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// True if it was not there.
    pub(super) fn insert(&mut self, id: u32) -> bool {
        let (word, bit) = place(id);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let Some(word) = self.0.get_mut(word) else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    pub(super) fn remove(&mut self, id: u32) {
        let (word, bit) = place(id);
        if let Some(word) = self.0.get_mut(word) {
            *word &= !bit;
        }
    }

    pub(super) fn contains(&self, id: u32) -> bool {
        let (word, bit) = place(id);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn memory(&self) -> usize {
        self.0.capacity() * 8
    }
}

fn place(id: u32) -> (usize, u64) {
    (id as usize / 64, 1 << (id % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_what_was_pushed_in_its_order() {
        let mut blocks = Blocks::default();
        for at in 0..10_000_u32 {
            blocks.push(at);
        }
        *blocks.get_mut(4096).unwrap() = 7;
        assert_eq!((blocks.get(4095), blocks.get(4096), blocks.get(10_000)), (Some(&4095), Some(&7), None));
        assert!(blocks.memory() <= 3 * BLOCK * 4);
        assert_eq!(blocks.iter().count(), 10_000);
        assert_eq!(blocks.into_iter().last(), Some(9_999));
    }

    #[test]
    fn bits_are_set_once() {
        let mut bits = Bits::default();
        assert!(bits.insert(200) && !bits.insert(200) && bits.insert(0));
        assert!(bits.contains(200) && bits.contains(0) && !bits.contains(201) && !bits.contains(100_000));
        bits.remove(200);
        bits.remove(100_000);
        assert!(!bits.contains(200) && bits.contains(0));
    }
}
