//! Names seen so far: what a listing must not give twice.

use alloc::{collections::BTreeSet, string::String, vec::Vec};

/// Fingerprints stand for names: 16 bytes each, however long the names are.
///
/// The specification wants listings in lexical order, and most registries oblige. A name that follows its predecessor in
/// that order needs no search; the first one that does not turns the fingerprints into a set.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ascending: Vec<u128>,
    last: String,
    set: Option<BTreeSet<u128>>,
}

impl Seen {
    /// Adds a name; false if it was there.
    pub(crate) fn insert(&mut self, name: &str) -> bool {
        if let Some(set) = &mut self.set {
            return set.insert(fingerprint(name));
        }
        if self.ascending.is_empty() || self.last.as_str() < name {
            self.ascending.push(fingerprint(name));
            self.last.clear();
            self.last.push_str(name);
            return true;
        }
        // One by one: `collect` would bring a sort into the wasm module.
        let mut set = BTreeSet::new();
        core::mem::take(&mut self.ascending).into_iter().for_each(|seen| _ = set.insert(seen));
        let new = set.insert(fingerprint(name));
        self.set = Some(set);
        new
    }
}

/// FNV-1a with 128 bits, fed by words of 8 bytes; the last one is filled with zeros, which no name and no query holds.
/// A registry that forges a collision hides a name of its own.
pub(super) fn fingerprint(name: &str) -> u128 {
    name.as_bytes().chunks(8).fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, chunk| {
        let word = chunk.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        (hash ^ u128::from(word)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn p03_names_come_once_in_any_order() {
        for order in [["a", "b", "c", "d"], ["d", "c", "b", "a"], ["a", "c", "b", "d"]] {
            let mut seen = Seen::default();
            assert!(order.iter().all(|name| seen.insert(name)), "{order:?}");
            assert!(order.iter().all(|name| !seen.insert(name)), "{order:?}");
        }
        let mut seen = Seen::default();
        assert!(seen.insert("a") && !seen.insert("a") && seen.insert("b"));
    }

    #[test]
    fn fingerprints_tell_names_apart() {
        let mut all = BTreeSet::new();
        for i in 0..20_000 {
            for name in [format!("v{i}"), format!("team/app-{i}"), format!("{i}-0123456789abcdef")] {
                assert!(all.insert(fingerprint(&name)), "{name}");
            }
        }
    }
}
