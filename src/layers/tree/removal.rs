//! Taking away what is there: whiteouts, and what is replaced.

use super::{EntryKind, NodeId, RowId, overlay::Push};

impl Push<'_> {
    /// Ends a row: from this layer on it does not show.
    pub(super) fn end(&mut self, row: RowId, above: bool) {
        if self.tree.layer_of(row) != Some(self.layer) {
            self.ended.push(row);
        }
        self.tree.versions.end(row, self.layer, above);
    }

    /// Takes away what is at `node` and below.
    pub(super) fn remove(&mut self, node: NodeId, above: bool) {
        let mut rest = alloc::vec![node];
        while let Some(at) = rest.pop() {
            let Some(row) = self.tree.visible(at) else { continue };
            if self.tree.visible_kind(at) != Some(EntryKind::File) {
                // The way to a directory may have led through it.
                self.last = None;
            }
            self.end(row, above || at != node);
            rest.extend(self.tree.unlink_below(at));
        }
    }

    /// Takes away what lower layers have at a name in a directory.
    pub(super) fn hide(&mut self, parent: NodeId, name: Option<u32>) -> Option<()> {
        let directory = self.existing(parent)?;
        let node = directory.zip(name).and_then(|(directory, name)| self.tree.paths().named(directory, name));
        match node {
            Some(node) if self.touched.contains(node) => self.empty(node),
            Some(node) => self.remove(node, false),
            None => {}
        }
        Some(())
    }

    /// Takes away what lower layers have in a directory.
    pub(super) fn hide_all(&mut self, parent: NodeId) -> Option<()> {
        let directory = self.existing(parent)?;
        directory.into_iter().for_each(|directory| self.empty(directory));
        Some(())
    }

    /// Takes away what lower layers have below a node. What this layer has stays, and the directories that hold it stay as they are.
    fn empty(&mut self, node: NodeId) {
        let mut rest = alloc::vec![node];
        while let Some(at) = rest.pop() {
            if !self.cleared.insert(at) {
                continue;
            }
            for child in self.tree.unlink_below(at) {
                if self.touched.contains(child) && self.tree.visible(child).is_some() {
                    self.tree.link(child);
                    rest.push(child);
                } else {
                    self.remove(child, true);
                }
            }
        }
    }
}
