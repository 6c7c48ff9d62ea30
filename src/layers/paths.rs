//! Paths as a tree of interned names: what a million entries stand on.

use super::{
    blocks::make_room,
    hash_table::{HashTable, hash},
    names::Names,
};
use alloc::vec::Vec;
use core::ops::Range;

/// A node of [`Paths`].
pub type NodeId = u32;

/// Paths below one root, each component stored once.
///
/// A node takes 8 bytes and its place in a hash table; names are shared by all nodes that have them. Nodes are never taken
/// out, so an id stays what it is.
///
/// ```
/// use portolan::layers::Paths;
/// let mut paths = Paths::new();
/// let file = paths.insert(b"usr/bin/env").unwrap();
/// assert_eq!(paths.path(file), b"usr/bin/env");
/// assert_eq!(paths.name(file), b"env");
/// assert_eq!(paths.find(b"usr/bin"), paths.parent(file));
/// assert_eq!(paths.find(b""), Some(Paths::ROOT));
/// ```
#[derive(Clone, Debug)]
pub struct Paths {
    nodes: Vec<Node>,
    children: HashTable,
    names: Names,
    seed: u64,
    recent: Recent,
}

/// The directory of the path put in last: the next one is in it more often than not.
#[derive(Clone, Debug, Default)]
struct Recent {
    path: Vec<u8>,
    node: NodeId,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: NodeId,
    name: u32,
}

impl Paths {
    /// The root. Its path is empty, and it is its own parent's child to nobody.
    pub const ROOT: NodeId = 0;

    /// Nothing but the root.
    #[must_use]
    pub fn new() -> Self {
        Self::seeded(b"")
    }

    /// Nothing but the root. Nobody who does not know `seed` can choose paths that are slow to find: let it depend on
    /// all that is listed, as a layer's digest does.
    #[must_use]
    pub fn seeded(seed: &[u8]) -> Self {
        let seed = hash(0, seed);
        let mut names = Names::new(seed);
        let name = names.intern(b"").unwrap_or_default();
        Self {
            nodes: alloc::vec![Node { parent: Self::ROOT, name }],
            children: HashTable::default(),
            names,
            seed,
            recent: Recent::default(),
        }
    }

    /// Number of nodes, the root among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// False: there is always the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of `path`, made with its parents if it is not there. Empty components are passed over, so a leading or
    /// trailing slash means nothing; `.` and `..` are names like others here, so clean the path first.
    ///
    /// Nothing if there are 2^32 - 1 nodes or 4 GiB of names already.
    pub fn insert(&mut self, path: &[u8]) -> Option<NodeId> {
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let (directory, name) = slash.and_then(|at| path.split_at_checked(at)).unwrap_or((b"", path));
        let parent = self.insert_directory(directory)?;
        match name.strip_prefix(b"/").unwrap_or(name) {
            b"" => Some(parent),
            name => self.insert_child(parent, name),
        }
    }

    fn insert_directory(&mut self, path: &[u8]) -> Option<NodeId> {
        if self.recent.path != path {
            let mut parts = path.split(|b| *b == b'/').filter(|part| !part.is_empty());
            let node = parts.try_fold(Self::ROOT, |node, part| self.insert_child(node, part))?;
            self.recent.path.clear();
            self.recent.path.extend_from_slice(path);
            self.recent.node = node;
        }
        Some(self.recent.node)
    }

    /// The child `name` of `parent`, made if it is not there. Nothing as for [`Paths::insert`].
    pub fn insert_child(&mut self, parent: NodeId, name: &[u8]) -> Option<NodeId> {
        let name = self.names.intern(name)?;
        self.insert_named(parent, name)
    }

    /// Like [`Paths::insert_child`], with the number of a name.
    pub(super) fn insert_named(&mut self, parent: NodeId, name: u32) -> Option<NodeId> {
        let key = child_hash(self.seed, parent, name);
        if let Some(node) = self.children.find(key, |id| self.is(id, parent, name)) {
            return Some(node);
        }
        let node = u32::try_from(self.nodes.len()).ok().filter(|id| *id != u32::MAX)?;
        make_room(&mut self.nodes, 1);
        self.nodes.push(Node { parent, name });
        let Self { nodes, children, seed, .. } = self;
        children.insert(key, node, |id| nodes.get(id as usize).map_or(0, |n| child_hash(*seed, n.parent, n.name)));
        Some(node)
    }

    /// The node of `path`, if it is there. Empty components are passed over.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<NodeId> {
        let parts = path.split(|b| *b == b'/').filter(|part| !part.is_empty());
        parts.into_iter().try_fold(Self::ROOT, |node, part| self.child(node, part))
    }

    /// The child `name` of `parent`, if it is there.
    #[must_use]
    pub fn child(&self, parent: NodeId, name: &[u8]) -> Option<NodeId> {
        self.named(parent, self.names.find(name)?)
    }

    /// Like [`Paths::child`], with the number of a name.
    pub(super) fn named(&self, parent: NodeId, name: u32) -> Option<NodeId> {
        self.children.find(child_hash(self.seed, parent, name), |id| self.is(id, parent, name))
    }

    /// The number of a node's name.
    pub(super) fn name_id(&self, node: NodeId) -> Option<u32> {
        self.nodes.get(node as usize).map(|n| n.name)
    }

    /// Gives back what is only needed to find paths and to put more in.
    pub(super) fn read_only(mut self) -> Self {
        self.children = HashTable::default();
        self.names.read_only();
        self
    }

    /// Parent and number of the name of some nodes, one after another.
    pub(super) fn links(&self, range: Range<usize>) -> impl Iterator<Item = (NodeId, (NodeId, u32))> {
        let first = range.start;
        let nodes = self.nodes.get(range).unwrap_or_default().iter();
        let ids = NodeId::try_from(first).unwrap_or(NodeId::MAX)..;
        ids.zip(nodes.map(|node| (node.parent, node.name)))
    }

    /// The distinct names of all nodes.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// The number of a name, which need be no node's.
    pub(super) fn intern(&mut self, name: &[u8]) -> Option<u32> {
        self.names.intern(name)
    }

    /// The directory of a node; nothing for the root, and for ids that are none of ours.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node as usize).filter(|_| node != Self::ROOT).map(|n| n.parent)
    }

    /// The last component; empty for the root.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &[u8] {
        self.nodes.get(node as usize).map_or(b"", |n| self.names.get(n.name))
    }

    /// The path, without a slash at either end.
    #[must_use]
    pub fn path(&self, node: NodeId) -> Vec<u8> {
        let mut path = Vec::new();
        self.write_path(node, &mut path);
        path
    }

    /// Appends the path to `out`.
    pub fn write_path(&self, node: NodeId, out: &mut Vec<u8>) {
        let begin = out.len();
        for (depth, part) in self.ancestors(node).enumerate() {
            if depth > 0 {
                out.push(b'/');
            }
            out.extend(self.name(part).iter().rev());
        }
        if let Some(path) = out.get_mut(begin..) {
            path.reverse();
        }
    }

    /// The node, its parent, and so on; without the root.
    pub fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let valid = |id: &NodeId| *id != Self::ROOT && (*id as usize) < self.nodes.len();
        core::iter::successors(Some(node).filter(valid), move |id| self.parent(*id).filter(valid))
    }

    /// Bytes that nodes, tables and names take.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.children.memory() + self.names.memory()
    }

    fn is(&self, id: NodeId, parent: NodeId, name: u32) -> bool {
        self.nodes.get(id as usize).is_some_and(|n| n.parent == parent && n.name == name)
    }
}

impl Default for Paths {
    fn default() -> Self {
        Self::new()
    }
}

/// Both numbers are whole in what is hashed: they are small, and would meet if they were laid over one another.
fn child_hash(seed: u64, parent: NodeId, name: u32) -> u64 {
    let both = u64::from(parent) << 32 | u64::from(name);
    hash(seed, &both.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{collections::BTreeSet, format};

    #[test]
    fn the_same_path_is_the_same_node() {
        let mut paths = Paths::new();
        let node = paths.insert(b"a/b/c").unwrap();
        assert_eq!(paths.insert(b"/a//b/c/"), Some(node));
        assert_eq!(paths.len(), 4);
        assert_eq!(paths.find(b"a/b/d"), None);
        assert_eq!(paths.ancestors(node).count(), 3);
    }

    #[test]
    fn paths_near_the_last_are_the_same_paths() {
        let mut paths = Paths::new();
        for path in ["a/b", "a/b/c", "a/b/d", "a/d", "d", "b/d", "b/d/b", "a/b/d/b", "a//b", "/a", "a/", ""] {
            let node = paths.insert(path.as_bytes()).unwrap();
            assert_eq!(paths.find(path.as_bytes()), Some(node), "{path}");
        }
        assert_eq!(paths.len(), 11);
    }

    #[test]
    fn names_are_stored_once() {
        let mut paths = Paths::new();
        for at in 0..1_000 {
            paths.insert(format!("d{at}/index.js").as_bytes()).unwrap();
        }
        assert_eq!(paths.names.len(), 1_002);
        assert_eq!(paths.path(paths.find(b"d7/index.js").unwrap()), b"d7/index.js");
    }

    #[test]
    fn numbers_of_parents_and_names_do_not_meet() {
        let hashes: BTreeSet<u64> = (0..100_000).map(|id| child_hash(0, id, id)).collect();
        assert_eq!(hashes.len(), 100_000);
    }

    #[test]
    fn a_seed_changes_nothing_but_where_things_lie() {
        let [mut a, mut b] = [&b"a"[..], b"b"].map(Paths::seeded);
        assert_eq!((a.insert(b"x/y"), a.find(b"x/y")), (b.insert(b"x/y"), b.find(b"x/y")));
        assert_ne!(a.seed, b.seed);
    }

    #[test]
    fn ids_of_others_are_harmless() {
        let paths = Paths::new();
        assert_eq!((paths.name(9), paths.parent(9), paths.path(9).len()), (&b""[..], None, 0));
    }
}
