//! The files of a stage.

use alloc::{collections::BTreeMap, vec::Vec};
use std::path::{Path, PathBuf};

/// Links that are followed for one path.
const HOPS: usize = 40;

/// A file, directory or link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) mode: u32,
    pub(super) modified: u64,
    pub(super) user: u32,
    pub(super) group: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// A file; its contents are nowhere if nobody will ask for them.
    File {
        size: u64,
        content: Option<PathBuf>,
    },
    Directory,
    Link(Vec<u8>),
    /// A device or pipe of a base image.
    Other,
}

impl Node {
    /// A directory that was not there and had to be.
    pub(super) const fn directory() -> Self {
        Self { kind: NodeKind::Directory, mode: 0o755, modified: 0, user: 0, group: 0 }
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self.kind, NodeKind::Directory)
    }
}

/// Paths without a slash at either end; the root is the empty one, and always there.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree(BTreeMap<Vec<u8>, Node>);

impl Tree {
    pub(super) fn get(&self, path: &[u8]) -> Option<&Node> {
        self.0.get(path)
    }

    pub(super) fn is_directory(&self, path: &[u8]) -> bool {
        path.is_empty() || self.get(path).is_some_and(Node::is_directory)
    }

    /// Puts a node, in place of what was there and all below it.
    pub(super) fn put(&mut self, path: Vec<u8>, node: Node) {
        if !node.is_directory() {
            self.remove_below(&path);
        }
        self.0.insert(path, node);
    }

    /// Removes a path and all below it.
    pub(super) fn remove(&mut self, path: &[u8]) {
        self.0.remove(path);
        self.remove_below(path);
    }

    fn remove_below(&mut self, path: &[u8]) {
        let below: Vec<Vec<u8>> = self.below(path).map(|(path, _)| path.to_vec()).collect();
        for path in below {
            self.0.remove(&path);
        }
    }

    /// All that lies below a directory, parents before their members.
    pub(super) fn below<'a>(&'a self, path: &[u8]) -> impl Iterator<Item = (&'a [u8], &'a Node)> {
        let prefix = if path.is_empty() { Vec::new() } else { [path, b"/"].concat() };
        let all = self.0.range(prefix.clone()..);
        all.take_while(move |(path, _)| path.starts_with(&prefix)).map(|(path, node)| (path.as_slice(), node))
    }

    /// The file with the contents of the file at `path`.
    pub(super) fn content(&self, path: &[u8]) -> Option<&Path> {
        match &self.get(&self.resolve(path, true)?)?.kind {
            NodeKind::File { content, .. } => content.as_deref(),
            _ => None,
        }
    }

    /// Where a path leads, links followed inside the root; the last name only if `last` says so. It need not be there.
    pub(super) fn resolve(&self, path: &[u8], last: bool) -> Option<Vec<u8>> {
        let mut waiting: Vec<Vec<u8>> = names(path).rev().map(<[u8]>::to_vec).collect();
        let mut at: Vec<u8> = Vec::new();
        let mut hops = 0;
        while let Some(name) = waiting.pop() {
            if name == b".." {
                at = parent(&at).to_vec();
                continue;
            }
            let next = join(&at, &name);
            match self.get(&next).map(|node| &node.kind) {
                Some(NodeKind::Link(target)) if last || !waiting.is_empty() => {
                    hops += 1;
                    if hops > HOPS {
                        return None;
                    }
                    if target.starts_with(b"/") {
                        at.clear();
                    }
                    waiting.extend(names(target).rev().map(<[u8]>::to_vec));
                }
                _ => at = next,
            }
        }
        Some(at)
    }
}

/// The names of a path but empty ones and `.`.
pub(super) fn names(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|name| !matches!(*name, b"" | b"."))
}

/// A path from its names, `..` taken back, never above the root.
pub(super) fn clean(path: &[u8]) -> Vec<u8> {
    let mut clean: Vec<&[u8]> = Vec::new();
    for name in names(path) {
        if name == b".." {
            clean.pop();
        } else {
            clean.push(name);
        }
    }
    clean.join(&b'/')
}

pub(super) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

pub(super) fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|byte| *byte == b'/').and_then(|at| path.get(..at)).unwrap_or_default()
}

pub(super) fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}
