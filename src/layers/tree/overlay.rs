//! Laying a layer over those below: OCI image-spec v1.1, "Applying Changesets".
//!
//! `umoci unpack` is the yardstick: entries are applied in the layer's order, whiteouts take away only what lower layers have
//! wherever they stand, and of a path that comes twice the last entry counts. A directory that a layer does not name and has something in
//! stays as it was if the whiteout comes after that, and is made anew if it came before. Where umoci and containerd refuse a layer we go on, as the
//! overlay file system does, which sees each layer by itself: a parent that is no directory is replaced by one.

use super::{
    super::{EntryKind, Flags, Listing, NodeId, Paths, RowId, Whiteout, blocks::Bits, listing::NONE, moving::Moved},
    ImageTree, TreeLayer, Version,
    resolve::{Name, Place, Step},
    versions::MAX_LAYERS,
};
use crate::{Digest, LimitExceeded};
use alloc::vec::Vec;

/// Bytes of link targets that are followed for one layer: far more than honest layers need, and seconds if somebody means to
/// take our time.
const LINKS: usize = 64 << 20;

impl ImageTree {
    /// Lays a layer over those that are there, and takes over the rows of its listing. Gives its place.
    ///
    /// # Errors
    /// [`LimitExceeded`] if the image has more than [`Limits::entries`](crate::Limits::entries), or a layer has us follow 64 MiB of link
    /// targets. What fits is there, and the layer is marked
    /// [`partial`](TreeLayer::partial).
    pub fn push_layer(&mut self, digest: Digest, listing: Listing) -> Result<usize, LimitExceeded> {
        let place = self.layers.len();
        let number = u16::try_from(place).ok().filter(|_| place < MAX_LAYERS);
        let layer = number.ok_or(LimitExceeded { which: "layers of one image", limit: MAX_LAYERS as u64 })?;
        if layer == 0 {
            // Nothing but the root is there, and it is the same in all.
            self.listing.paths = Paths::seeded(digest.as_str().as_bytes());
        }
        let first = if layer == 0 { 0 } else { self.row_count() };
        self.layers.push(TreeLayer::new(digest, first));
        let (paths, rows) = listing.take_apart();
        let mut push = Push::new(self, paths, layer);
        let done = rows.into_iter().try_for_each(|moved| push.entry(moved));
        let links = push.room;
        push.finish(done.is_none());
        let which = if links == 0 { "bytes of links followed for one layer" } else { "entries of one image" };
        let limit = if links == 0 { LINKS } else { self.limit };
        done.map(|()| place).ok_or(LimitExceeded { which, limit: limit as u64 })
    }

    fn row_count(&self) -> RowId {
        self.listing.len
    }

    /// Nodes and rows that may be: parents which nobody names take some, too.
    fn room(&self) -> usize {
        self.limit.saturating_mul(2).saturating_add(1024)
    }

    /// The node of a row that shows.
    fn shown_node(&self, row: RowId, layer: u16) -> Option<NodeId> {
        self.versions.get(row).filter(|version| version.visible_after(layer))?;
        Some(self.listing.get(row)?.node())
    }

    pub(super) fn layer_of(&self, row: RowId) -> Option<u16> {
        self.versions.get(row).map(Version::layer)
    }

    /// The row with the content of `row`: of a hard link, that of its target.
    pub(in super::super) fn content_of(&self, row: RowId) -> Option<RowId> {
        let entry = self.listing.get(row)?;
        if entry.kind() == EntryKind::Hardlink { entry.content_row() } else { Some(row) }
    }
}

/// The root is there before anybody names it.
pub(super) fn imply_root(tree: &mut ImageTree) {
    let mut push = Push::new(tree, Paths::new(), 0);
    push.imply(Paths::ROOT);
}

/// One layer being laid over those below.
pub(super) struct Push<'t> {
    pub(super) tree: &'t mut ImageTree,
    /// The paths that the layer's rows refer to.
    paths: Paths,
    /// For each of their names its number in the tree, or `NONE`.
    names: Vec<u32>,
    pub(super) layer: u16,
    /// Paths that the layer has, and their parents.
    pub(super) touched: Bits,
    /// Directories from which everything of lower layers has gone.
    pub(super) cleared: Bits,
    /// Rows of lower layers that the layer took away or wrote over.
    pub(super) ended: Vec<RowId>,
    /// The directory that was resolved last: in the layer's paths, and in the tree.
    pub(super) last: Option<(NodeId, NodeId)>,
    /// Bytes of links that may still be followed.
    room: usize,
}

/// Nothing means that a limit was hit.
impl<'t> Push<'t> {
    fn new(tree: &'t mut ImageTree, paths: Paths, layer: u16) -> Self {
        let names = alloc::vec![NONE; paths.names().len()];
        let (touched, cleared) = (Bits::default(), Bits::default());
        Self { tree, paths, names, layer, touched, cleared, ended: Vec::new(), last: None, room: LINKS }
    }

    fn entry(&mut self, moved: Moved) -> Option<()> {
        self.tree.entries = Some(self.tree.entries + 1).filter(|entries| *entries <= self.tree.limit)?;
        self.count(&moved);
        let source = moved.node();
        let Some(parent) = self.paths.parent(source) else {
            return self.root(moved);
        };
        match Whiteout::of(self.paths.name(source)) {
            Some(Whiteout::Path(name)) => {
                let name = self.tree.paths().names().find(name);
                self.hide(parent, name)
            }
            Some(Whiteout::Opaque) => self.hide_all(parent),
            Some(Whiteout::Reserved) => Some(()),
            None => {
                let directory = self.directory(parent)?;
                let name = self.name(source)?;
                let node = self.child(directory, name)?;
                self.put(node, moved)
            }
        }
    }

    fn count(&mut self, moved: &Moved) {
        if let Some(layer) = self.tree.layers.last_mut() {
            layer.entries += 1;
            let body = if moved.kind() == EntryKind::File { moved.stored() } else { 0 };
            layer.content = layer.content.saturating_add(body);
        }
    }

    /// The root cannot become something else; unpackers refuse to try.
    fn root(&mut self, moved: Moved) -> Option<()> {
        if moved.kind() == EntryKind::Directory {
            return self.put(Paths::ROOT, moved);
        }
        self.tree.layers.last_mut().into_iter().for_each(|layer| layer.ignored += 1);
        Some(())
    }

    /// The number that the tree has for a name of the layer.
    fn name(&mut self, source: NodeId) -> Option<u32> {
        let id = self.paths.name_id(source)?;
        let known = self.names.get_mut(id as usize)?;
        if *known == NONE {
            *known = self.tree.listing.paths.intern(self.paths.names().get(id))?;
        }
        Some(*known)
    }

    fn child(&mut self, parent: NodeId, name: u32) -> Option<NodeId> {
        let node = self.tree.child(parent, name)?;
        Some(node).filter(|_| self.tree.nodes.len() <= self.tree.room())
    }

    fn make(&mut self, parent: NodeId, name: Name) -> Option<NodeId> {
        let name = match name {
            Name::Known(name) => name,
            Name::New(text) => self.tree.listing.paths.intern(&text)?,
        };
        self.child(parent, name)
    }

    /// Puts an entry where it belongs, over what is there.
    fn put(&mut self, node: NodeId, mut moved: Moved) -> Option<()> {
        if let Some(old) = self.tree.visible(node) {
            let version = self.tree.versions.get(old)?;
            let again = version.layer() == self.layer;
            if again && !version.implied() {
                moved.add_flags(Flags::REPEATED);
            }
            match (moved.kind(), self.tree.visible_kind(node)?) {
                (EntryKind::Directory, EntryKind::Directory) if again && version.implied() => {
                    self.tree.listing.replace(old, moved, node);
                    self.tree.versions.name(old);
                    return Some(());
                }
                (EntryKind::Directory, EntryKind::Directory) => self.end(old, false),
                _ => self.remove(node, false),
            }
        }
        if moved.kind() == EntryKind::Hardlink {
            let row = self.tree.linked(moved.link(), &mut self.room)?;
            let content = row.and_then(|row| self.tree.content_of(row));
            match content {
                Some(content) => moved.set_content(content),
                None => moved.add_flags(Flags::NO_TARGET),
            }
        }
        self.push_row(node, moved, false)
    }

    fn push_row(&mut self, node: NodeId, moved: Moved, implied: bool) -> Option<()> {
        let room = self.tree.room();
        let row = self.tree.listing.adopt(moved, node).filter(|row| *row as usize <= room)?;
        let place = self.tree.nodes.get_mut(node as usize)?;
        let prev = core::mem::replace(&mut place.top, row);
        self.tree.versions.push(Version::new(prev, self.layer, implied));
        self.tree.link(node);
        self.touch(node);
        Some(())
    }

    /// Notes that the layer has something at or below `node`.
    fn touch(&mut self, node: NodeId) {
        let mut at = Some(node);
        while let Some(node) = at.filter(|node| self.touched.insert(*node)) {
            at = self.tree.paths().parent(node);
        }
    }

    /// Makes `node` a directory that nobody named.
    fn imply(&mut self, node: NodeId) -> Option<()> {
        if self.tree.visible(node).is_some() {
            self.remove(node, false);
        }
        self.push_row(node, Moved::implied(), true)
    }

    /// The node that a directory of the layer is in the tree, followed through links, and made where it is missing.
    fn directory(&mut self, source: NodeId) -> Option<NodeId> {
        if let Some((_, known)) = self.last.filter(|(last, _)| *last == source) {
            return Some(known);
        }
        let Place { node, missing } = self.locate(source)?;
        let node = missing.into_iter().try_fold(node, |node, name| self.make(node, name))?;
        let absent = |node: &NodeId| self.tree.visible_kind(*node) != Some(EntryKind::Directory);
        let absent: Vec<NodeId> = self.tree.paths().ancestors(node).take_while(absent).collect();
        absent.into_iter().rev().try_for_each(|node| self.imply(node))?;
        self.last = Some((source, node));
        Some(node)
    }

    /// The node that a directory of the layer is in the tree, if it is there.
    pub(super) fn existing(&mut self, source: NodeId) -> Option<Option<NodeId>> {
        Some(self.locate(source)?.found())
    }

    fn locate(&mut self, source: NodeId) -> Option<Place> {
        let parts: Vec<NodeId> = self.paths.ancestors(source).collect();
        let steps = parts.into_iter().map(|part| Some(Step::Down(Name::Known(self.name(part)?))));
        let way = steps.collect::<Option<_>>()?;
        self.tree.lead(way, &mut self.room)
    }

    fn finish(self, partial: bool) {
        let Self { tree, layer: number, ended, .. } = self;
        let end = tree.row_count();
        let Some(mut layer) = tree.layers.pop() else { return };
        layer.rows.end = end;
        layer.partial = partial;
        tree.layers.push(layer.clone());
        let nodes = layer.rows.clone().filter_map(|row| tree.shown_node(row, number));
        nodes.filter_map(|node| tree.step_of(node, number)).for_each(|step| layer.note(tree.change_of(step)));
        let gone = ended.into_iter().filter_map(|row| tree.listing.get(row));
        layer.deleted = gone.filter(|entry| tree.visible(entry.node()).is_none()).count();
        tree.layers.pop();
        tree.layers.push(layer);
    }
}
