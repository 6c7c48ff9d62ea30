//! What an image carries and does not show.

use super::{EntryKind, EntryRef, ImageTree, NodeId, Page, RowId, blocks::Bits, secrets, sort::sort_by};
use alloc::{vec, vec::Vec};
use core::cmp::Reverse;

/// What squashing an image would save.
///
/// - *Total* is the bytes of all files in all layers, as they lie there (a sparse file without its holes; a hard link has none).
/// - *Kept* is those bytes that the merged view has: each content once, however many names it has. A content of a lower layer is kept as
///   long as any name in the merged view means it.
/// - *Reclaimable* is the rest. Every content is either kept or wasted in the layer that has it, so the layers' waste adds up to it.
///
/// ```
/// use portolan::{Digest, Limits, layers::{Entry, ImageTree, Listing}};
/// let mut tree = ImageTree::new(&Limits::DEFAULT);
/// for size in [30, 70] {
///     let mut listing = Listing::new();
///     listing.push(&Entry { path: b"file", size, stored: size, ..Entry::default() });
///     tree.push_layer(Digest::sha256(b"layer"), listing)?;
/// }
/// let waste = tree.waste(10);
/// assert_eq!((waste.total, waste.kept, waste.reclaimable()), (100, 70, 30));
/// assert_eq!((waste.layers, waste.paths[0].remover), (vec![30, 0], 1));
/// # Ok::<(), portolan::LimitExceeded>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waste {
    /// Bytes of file content in all layers.
    pub total: u64,
    /// Bytes that the merged view has.
    pub kept: u64,
    /// Bytes of each layer that the merged view does not have.
    pub layers: Vec<u64>,
    /// Paths with waste, largest first, up to the limit asked for.
    pub paths: Vec<WastePath>,
    /// How many paths have waste.
    pub count: usize,
    /// What looks deleted and looks like a secret, in the order of layers.
    pub secrets: Vec<BuriedSecret>,
}

/// A path some of whose contents do not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WastePath {
    /// Its node.
    pub id: NodeId,
    /// Bytes that a squashed image would not have.
    pub bytes: u64,
    /// Contents that do not show.
    pub copies: usize,
    /// Places of the layers that have them, bottom first.
    pub writers: Vec<usize>,
    /// Place of the layer that took the last of them away or wrote over it.
    pub remover: usize,
    /// True if something else shows at the path.
    pub present: bool,
}

/// A file that a lower layer has and the merged view does not, with a name that secrets have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuriedSecret {
    /// Its node.
    pub id: NodeId,
    /// Place of the layer that has it.
    pub layer: usize,
    /// Place of the layer that took it away or wrote over it.
    pub removed_by: usize,
    /// Its size in bytes.
    pub size: u64,
    /// What its name says it may be.
    pub what: &'static str,
}

impl Waste {
    /// What squashing would save.
    #[must_use]
    pub fn reclaimable(&self) -> u64 {
        self.total.saturating_sub(self.kept)
    }

    /// The part that is kept, 0 to 1; 1 for an image without content.
    #[must_use]
    pub fn score(&self) -> f64 {
        if self.total == 0 { 1.0 } else { self.kept as f64 / self.total as f64 }
    }
}

impl ImageTree {
    /// What squashing would save, with at most `limit` paths.
    #[must_use]
    pub fn waste(&self, limit: usize) -> Waste {
        let (mut waste, wasted) = self.sums();
        waste.secrets = self.secrets(&wasted);
        self.worst(&mut waste, wasted, limit);
        waste
    }

    /// Bytes of each layer that the merged view does not have: the `layers` of [`ImageTree::waste`].
    #[must_use]
    pub fn wasted(&self) -> Vec<u64> {
        self.sums().0.layers
    }

    /// Waste without paths and secrets, and all rows that are wasted.
    fn sums(&self) -> (Waste, Vec<(NodeId, RowId)>) {
        let kept = self.kept();
        let mut waste = Waste {
            total: 0,
            kept: 0,
            layers: vec![0; self.layers().len()],
            paths: Vec::new(),
            count: 0,
            secrets: Vec::new(),
        };
        let mut wasted = Vec::new();
        for entry in self.rows().filter(|entry| entry.kind() == EntryKind::File) {
            let bytes = entry.stored();
            waste.total = waste.total.saturating_add(bytes);
            if kept.contains(entry.id()) {
                waste.kept = waste.kept.saturating_add(bytes);
            } else if let Some(layer) = waste.layers.get_mut(self.place_of(entry.id())) {
                *layer = layer.saturating_add(bytes);
                wasted.extend((bytes > 0).then_some((entry.node(), entry.id())));
            }
        }
        (waste, wasted)
    }

    /// Rows whose content the merged view has.
    fn kept(&self) -> Bits {
        let mut kept = Bits::default();
        for row in self.node_ids().filter_map(|node| self.visible(node)) {
            self.content_of(row).into_iter().for_each(|content| _ = kept.insert(content));
        }
        kept
    }

    fn worst(&self, waste: &mut Waste, mut wasted: Vec<(NodeId, RowId)>, limit: usize) {
        sort_by(&mut wasted, Ord::cmp);
        let bytes = |copies: &[(NodeId, RowId)]| {
            copies.iter().filter_map(|(_, row)| self.row(*row)).map(EntryRef::stored).fold(0, u64::saturating_add)
        };
        let mut paths: Vec<(u64, &[(NodeId, RowId)])> =
            wasted.chunk_by(|a, b| a.0 == b.0).map(|copies| (bytes(copies), copies)).collect();
        waste.count = paths.len();
        Page { offset: 0, limit }.cut(&mut paths, |a, b| (Reverse(a.0), a.1).cmp(&(Reverse(b.0), b.1)));
        waste.paths = paths.into_iter().filter_map(|(bytes, copies)| self.waste_path(bytes, copies)).collect();
    }

    fn waste_path(&self, bytes: u64, copies: &[(NodeId, RowId)]) -> Option<WastePath> {
        let (id, last) = *copies.last()?;
        let mut writers: Vec<usize> = copies.iter().map(|(_, row)| self.place_of(*row)).collect();
        writers.dedup();
        let (remover, present) = (self.end_of(last)?, self.visible(id).is_some());
        Some(WastePath { id, bytes, copies: copies.len(), writers, remover, present })
    }

    fn secrets(&self, wasted: &[(NodeId, RowId)]) -> Vec<BuriedSecret> {
        let secret = |(id, row): &(NodeId, RowId)| {
            if !secrets::may_be(self.paths().name(*id)) {
                return None;
            }
            let what = secrets::what(&self.paths().path(*id), self.visible(*id).is_none())?;
            let removed_by = self.end_of(*row)?;
            let entry = self.row(*row)?;
            Some((entry, BuriedSecret { id: *id, layer: self.place_of(*row), removed_by, size: entry.size(), what }))
        };
        let found: Vec<_> = wasted.iter().filter_map(secret).collect();
        let mut prints: Vec<(u64, u64)> = found.iter().filter_map(|(entry, _)| print(*entry)).collect();
        sort_by(&mut prints, Ord::cmp);
        let shown = self.showing(&prints);
        let buried = |entry| place(&prints, entry).is_none_or(|place| !shown.contains(place));
        found.into_iter().filter(|(entry, _)| buried(*entry)).map(|(_, secret)| secret).collect()
    }

    /// Places of those prints that contents in the merged view have.
    fn showing(&self, prints: &[(u64, u64)]) -> Bits {
        let mut shown = Bits::default();
        if !prints.is_empty() {
            let contents = self.node_ids().filter_map(|node| self.meaning(self.visible(node)?));
            contents.filter_map(|entry| place(prints, entry)).for_each(|place| _ = shown.insert(place));
        }
        shown
    }
}

/// Where the print of a content is among others, all of the same having the same place.
fn place(prints: &[(u64, u64)], entry: EntryRef<'_>) -> Option<u32> {
    let print = print(entry)?;
    let place = prints.partition_point(|other| *other < print);
    prints.get(place).filter(|other| **other == print).and_then(|_| u32::try_from(place).ok())
}

/// What tells one content from others, where somebody looked at it.
fn print(entry: EntryRef<'_>) -> Option<(u64, u64)> {
    Some((entry.size(), entry.print())).filter(|(_, print)| *print != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::tree::tests::image;
    use alloc::string::String;

    fn path(tree: &ImageTree, id: NodeId) -> String {
        String::from_utf8(tree.paths().path(id)).unwrap()
    }

    #[test]
    fn l10_contents_count_once_and_as_long_as_any_name_shows() {
        let tree = image(&[&["f a 100", "h b a", "f c 7"], &["f .wh.a 0", "f c 9"], &["h d b", "f .wh.b 0"]]);
        let waste = tree.waste(9);
        assert_eq!((waste.total, waste.kept, waste.reclaimable()), (116, 109, 7));
        assert_eq!(waste.layers, [7, 0, 0]);
        let gone = image(&[&["f a 100", "h b a"], &["f .wh.a 0", "f .wh.b 0"]]).waste(9);
        assert_eq!((gone.kept, gone.paths.len(), gone.paths[0].copies, gone.score()), (0, 1, 1, 0.0));
        assert_eq!(image(&[]).waste(9).score(), 1.0);
    }

    #[test]
    fn the_worst_paths_come_first() {
        let tree = image(&[
            &["f often 10", "f once 25", "f twice 5", "f twice 6", "f kept 99"],
            &["f often 11"],
            &["f often 12", "f .wh.once 0"],
            &["f often 1"],
        ]);
        let waste = tree.waste(2);
        let worst: Vec<_> =
            waste.paths.iter().map(|worst| (path(&tree, worst.id), worst.bytes, worst.copies)).collect();
        assert_eq!(worst, [("often".into(), 33, 3), ("once".into(), 25, 1)]);
        assert_eq!((waste.count, waste.reclaimable()), (3, 63));
        let (often, once) = (&waste.paths[0], &waste.paths[1]);
        assert_eq!((&*often.writers, often.remover, often.present), (&[0, 1, 2][..], 3, true));
        assert_eq!((&*once.writers, once.remover, once.present), (&[0][..], 2, false));
        let twice = &tree.waste(9).paths[2];
        assert_eq!((twice.bytes, &*twice.writers, twice.remover), (5, &[0][..], 0));
    }

    #[test]
    fn secrets_that_look_deleted_are_told() {
        let tree = image(&[
            &["f root/.ssh/id_rsa 9 1", "f app/.env 8 2", "f app/server.key 7 3", "f etc/shadow 6 4", "f k/id_rsa 5 5"],
            &["f root/.ssh/.wh.id_rsa 0", "f app/.env 3 6", "f .wh.k 0", "f moved/key 7 3"],
            &["f app/.wh.server.key 0", "f etc/shadow 6 7"],
        ]);
        let waste = tree.waste(0);
        let found: Vec<_> =
            waste.secrets.iter().map(|s| (path(&tree, s.id), s.layer, s.removed_by, s.size, s.what)).collect();
        assert_eq!(
            found,
            [
                ("root/.ssh/id_rsa".into(), 0, 1, 9, "SSH private key"),
                ("app/.env".into(), 0, 1, 8, "environment with passwords"),
                ("k/id_rsa".into(), 0, 1, 5, "SSH private key"),
            ]
        );
        let shadow = image(&[&["f etc/shadow 6 4"], &["f etc/.wh.shadow 0"]]).waste(0);
        assert_eq!(shadow.secrets.len(), 1);
    }

    #[test]
    fn l08_totals_do_not_overflow() {
        let size = u64::MAX / 2 + 9;
        let mut tree = ImageTree::new(&crate::Limits::DEFAULT);
        let mut listing = crate::layers::Listing::new();
        for path in [&b"a"[..], b"b", b"a"] {
            listing.push(&crate::layers::Entry { path, size, stored: size, ..Default::default() });
        }
        tree.push_layer(crate::Digest::sha256(b""), listing).unwrap();
        let waste = tree.waste(9);
        assert_eq!((waste.total, waste.kept, waste.reclaimable()), (u64::MAX, u64::MAX, 0));
    }
}
