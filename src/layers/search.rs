//! Finding paths by words, as somebody types them.
//!
//! Every distinct name is looked at once. What its name has adds to what its directory's path has, so that a path costs one step
//! however long it is.

use super::{ImageTree, NodeId, View};
use crate::LimitExceeded;
use alloc::vec::Vec;

/// Words to look for: all of them, anywhere in the path, whatever their case.
///
/// Case is ASCII's: `É` and `é` are different letters here. A word may have slashes, and then goes across components: `bin/en` finds
/// `usr/bin/env`, `/etc` finds whatever begins so below any directory, `etc/` what is in one that ends so.
///
/// ```
/// use portolan::layers::Query;
/// assert!(Query::parse("ENV usr/bin").is_ok());
/// assert!(Query::parse(&"a ".repeat(100)).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Query {
    pieces: Vec<Piece>,
    /// States that stay with all paths below.
    kept: u64,
    /// States that follow from the one before them in the directory above.
    follow: u64,
}

/// Part of a word between slashes. Its place among the pieces is its bit in a path's state.
#[derive(Clone, Debug)]
struct Piece {
    text: Vec<u8>,
    fit: Fit,
}

/// How a piece must fit a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Inside,
    End,
    Whole,
    Begin,
}

/// Set for what lies below the directory that is searched.
const BELOW: u64 = 1 << 63;
/// Pieces that fit beside it.
const PIECES: usize = 63;

impl Query {
    /// Reads words, parted by white space.
    ///
    /// # Errors
    /// [`LimitExceeded`] if they have more than 63 pieces between spaces and slashes.
    pub fn parse(words: &str) -> Result<Self, LimitExceeded> {
        let mut query = Self { pieces: Vec::new(), kept: 0, follow: 0 };
        for word in words.split_whitespace() {
            query.add(word);
            if query.pieces.len() > PIECES {
                return Err(LimitExceeded { which: "words of one search", limit: PIECES as u64 });
            }
        }
        Ok(query)
    }

    fn add(&mut self, word: &str) {
        let parts: Vec<&str> = word.split('/').collect();
        let last = parts.len() - 1;
        // An empty piece between two slashes fits no name; it is not meant.
        let meant = parts.iter().enumerate().filter(|(at, part)| *at == 0 || *at == last || !part.is_empty());
        for (at, part) in meant {
            let bit = 1_u64.checked_shl(u32::try_from(self.pieces.len()).unwrap_or(u32::MAX)).unwrap_or(0);
            self.follow |= if at > 0 { bit } else { 0 };
            self.kept |= if at == last { bit } else { 0 };
            let fit = match (at == 0, at == last) {
                (true, true) => Fit::Inside,
                (true, false) => Fit::End,
                (false, false) => Fit::Whole,
                (false, true) => Fit::Begin,
            };
            self.pieces.push(Piece { text: part.to_ascii_lowercase().into(), fit });
        }
    }

    /// The pieces that a name has.
    fn of_name(&self, name: &[u8]) -> u64 {
        let bit = |(at, piece): (usize, &Piece)| if piece.fits(name) { 1 << at } else { 0 };
        self.pieces.iter().enumerate().map(bit).fold(0, |state, bit| state | bit)
    }

    /// The state of a path, from its directory's and its name's.
    fn next(&self, above: u64, name: u64) -> u64 {
        above & (self.kept | BELOW) | name & (!self.follow | above << 1)
    }
}

impl Piece {
    fn fits(&self, name: &[u8]) -> bool {
        let text = self.text.as_slice();
        let same = |part: Option<&[u8]>| part.is_some_and(|part| part.eq_ignore_ascii_case(text));
        match self.fit {
            Fit::Inside => contains(name, text),
            Fit::End => same(name.len().checked_sub(text.len()).and_then(|begin| name.get(begin..))),
            Fit::Whole => same(Some(name)),
            Fit::Begin => same(name.get(..text.len())),
        }
    }
}

/// True if `text`, which has no capitals, is in `name`.
pub(super) fn contains(name: &[u8], text: &[u8]) -> bool {
    let Some((first, rest)) = text.split_first() else { return true };
    let Some(last) = name.len().checked_sub(text.len()) else { return false };
    let begins = name.iter().take(last + 1).enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == *first);
    let follows = |at: usize| name.get(at + 1..at + text.len()).is_some_and(|part| part.eq_ignore_ascii_case(rest));
    begins.into_iter().any(|(at, _)| follows(at))
}

/// A search under way. It can be carried out in slices, and dropped between them when somebody types on.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Entry, Filter, ImageTree, Listing, Paths, Query, Search, Selection}};
/// let mut tree = ImageTree::new(&Limits::DEFAULT);
/// let mut listing = Listing::new();
/// listing.push(&Entry { path: b"usr/bin/env", ..Entry::default() });
/// tree.push_layer(Digest::sha256(b"layer"), listing)?;
/// let merged = Selection::new(&tree, Filter::default());
/// let mut search = Search::new(&tree, Query::parse("ENV usr")?, Paths::ROOT);
/// while !search.advance(merged.view(&tree), 10_000) {}
/// assert_eq!(search.into_hits().iter().map(|hit| tree.paths().path(*hit)).collect::<Vec<_>>(), [b"usr/bin/env"]);
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    query: Query,
    below: NodeId,
    /// The pieces that each distinct name has.
    names: Vec<u64>,
    /// The state of each path so far.
    states: Vec<u64>,
    hits: Vec<NodeId>,
}

impl Search {
    /// Begins to look below a directory: at each distinct name.
    #[must_use]
    pub fn new(tree: &ImageTree, query: Query, below: NodeId) -> Self {
        let names = tree.paths().names().iter().map(|name| query.of_name(name)).collect();
        Self { query, below, names, states: Vec::with_capacity(tree.paths().len()), hits: Vec::new() }
    }

    /// Looks at so many paths more; true once there are no more. The view must be the same from one call to the next.
    pub fn advance(&mut self, view: View<'_>, paths: usize) -> bool {
        let paths_of = view.tree().paths();
        let end = self.states.len().saturating_add(paths).min(paths_of.len());
        let all = (1_u64 << self.query.pieces.len()) - 1;
        let wanted = self.query.kept & all | BELOW;
        for (node, (parent, name)) in paths_of.links(self.states.len()..end) {
            let above = self.states.get(parent as usize).copied().unwrap_or_default();
            let mut state = self.query.next(above, self.names.get(name as usize).copied().unwrap_or_default());
            if state & wanted == wanted && view.wants(node) {
                self.hits.push(node);
            }
            if node == self.below {
                state |= BELOW;
            }
            self.states.push(state);
        }
        end == paths_of.len()
    }

    /// What was found so far, in the order of nodes.
    #[must_use]
    pub fn into_hits(self) -> Vec<NodeId> {
        self.hits
    }
}

impl View<'_> {
    /// All paths of this view below a directory that have all words.
    #[must_use]
    pub fn find(self, query: Query, below: NodeId) -> Vec<NodeId> {
        let mut search = Search::new(self.tree(), query, below);
        search.advance(self, usize::MAX);
        search.into_hits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Filter, Paths, Selection, tree::tests::image};
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    fn found(tree: &ImageTree, words: &str, below: &str) -> Vec<String> {
        let selection = Selection::new(tree, Filter::default());
        let below = tree.paths().find(below.as_bytes()).unwrap();
        let hits = selection.view(tree).find(Query::parse(words).unwrap(), below);
        let mut paths: Vec<String> =
            hits.iter().map(|hit| String::from_utf8(tree.paths().path(*hit)).unwrap()).collect();
        paths.sort();
        paths
    }

    #[test]
    fn words_are_found_anywhere_in_the_path() {
        let tree = image(&[
            &[
                "d usr",
                "d usr/bin",
                "f usr/bin/env 1",
                "d etc",
                "f etc/Environment 1",
                "d usr/etc",
                "f usr/etc/x 1",
                "f gone 1",
            ],
            &["f .wh.gone 0"],
        ]);
        assert_eq!(found(&tree, "ENV", ""), ["etc/Environment", "usr/bin/env"]);
        assert_eq!(found(&tree, "env usr", ""), ["usr/bin/env"]);
        assert_eq!(found(&tree, "bin/e", ""), ["usr/bin/env"]);
        assert_eq!(found(&tree, "in/e sr", ""), ["usr/bin/env"]);
        assert_eq!(found(&tree, "usr/bin/env", ""), ["usr/bin/env"]);
        assert_eq!(found(&tree, "usr//bin", ""), ["usr/bin", "usr/bin/env"]);
        assert_eq!(found(&tree, "/etc", ""), ["etc", "etc/Environment", "usr/etc", "usr/etc/x"]);
        assert_eq!(found(&tree, "etc/", ""), ["etc/Environment", "usr/etc/x"]);
        assert_eq!(found(&tree, "gone", ""), [""; 0]);
        assert_eq!(found(&tree, "usr/env", ""), [""; 0]);
        assert_eq!(found(&tree, "e", "usr/bin"), ["usr/bin/env"]);
        assert_eq!(found(&tree, "usr", "usr/bin"), ["usr/bin/env"]);
        assert_eq!(found(&tree, "", "usr/bin"), ["usr/bin/env"]);
    }

    #[test]
    fn only_letters_of_ascii_have_case() {
        let tree = image(&[&["f Été 1", "f été 1"]]);
        assert_eq!(found(&tree, "ÉTÉ", ""), [""; 0]);
        assert_eq!(found(&tree, "éT", ""), ["été"]);
        assert_eq!(found(&tree, "TÉ", ""), [""; 0]);
        assert_eq!(found(&tree, "té", ""), ["Été", "été"]);
    }

    #[test]
    fn words_are_bounded() {
        assert!(Query::parse(&"a ".repeat(63)).is_ok());
        for words in ["a ".repeat(64), "/a".repeat(64), "a/b ".repeat(1_000)] {
            assert_eq!(Query::parse(&words).unwrap_err().limit, 63);
        }
        let tree = image(&[&["f a 1"]]);
        assert_eq!(found(&tree, &"a ".repeat(63), ""), ["a"]);
        assert_eq!(found(&tree, &"/a ".repeat(31), ""), ["a"]);
    }

    fn plain(path: &str, words: &str) -> bool {
        // A path is looked at with the slash that every path begins with, as `/etc` means.
        let path = ["/", &path.to_ascii_lowercase()].concat();
        words.split_whitespace().all(|word| {
            let mut word = word.to_ascii_lowercase();
            while word.contains("//") {
                word = word.replace("//", "/");
            }
            path.contains(&word)
        })
    }

    proptest! {
        #[test]
        fn all_and_only_those_are_found_that_a_plain_search_finds(
            paths in prop::collection::vec("[aAb]{1,3}(/[aAb]{1,3}){0,3}", 1..20),
            words in "([abA/]{1,5} ){0,3}",
            slice in 1..50_usize,
        ) {
            let lines: Vec<String> = paths.iter().map(|path| ["d ", path].concat()).collect();
            let tree = image(&[&lines.iter().map(String::as_str).collect::<Vec<_>>()]);
            let selection = Selection::new(&tree, Filter::default());
            let view = selection.view(&tree);
            let mut search = Search::new(&tree, Query::parse(&words).unwrap(), Paths::ROOT);
            while !search.advance(view, slice) {}
            let hits = search.into_hits();
            for node in view.nodes().filter(|node| *node != Paths::ROOT) {
                let path = String::from_utf8(tree.paths().path(node)).unwrap();
                prop_assert_eq!(hits.contains(&node), plain(&path, &words), "{} in {}", words.to_string(), path);
            }
        }
    }
}
