//! Which paths came before.

use crate::layers::NodeId;
use alloc::vec::Vec;

/// One bit for each node.
#[derive(Default)]
pub(in crate::layers) struct Seen(Vec<u64>);

impl Seen {
    /// Remembers a node; says whether it was there.
    pub(in crate::layers) fn insert(&mut self, node: NodeId) -> bool {
        let (word, bit) = (node as usize / 64, 1_u64 << (node % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let Some(word) = self.0.get_mut(word) else { return false };
        let was = *word & bit != 0;
        *word |= bit;
        was
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn the_second_time_is_seen() {
        let mut seen = Seen::default();
        for node in [0, 63, 64, 1000] {
            assert!(!seen.insert(node));
        }
        assert!(seen.insert(63) && seen.insert(1000));
        assert!(!seen.insert(65));
    }
}
