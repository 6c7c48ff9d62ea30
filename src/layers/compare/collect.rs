//! Finding the differences: the paths of both sides are matched once, parents before children.

use super::{
    super::{
        Aspects, NodeId, Paths, TreeLayer,
        blocks::Bits,
        listing::NONE,
        tree::{Bytes, Seen, aspects},
    },
    Difference, DifferenceKind, View,
};
use alloc::{vec, vec::Vec};

/// The differences in no order, and how many contents could not be compared.
pub(super) fn differences(left: View<'_>, right: View<'_>, matched: &Matched) -> (Vec<Difference>, usize) {
    let layers = same_layers(left.tree().layers(), right.tree().layers());
    let (mut found, mut unknown, mut seen_right) = (Vec::new(), 0, Bits::default());
    for node in left.nodes() {
        let other = matched.get(node).filter(|other| right.wants(*other));
        let (Some(here), Some(there)) = (left.seen(node), other.and_then(|other| right.seen(other))) else {
            found.push(alone(left, node, DifferenceKind::Removed));
            continue;
        };
        other.into_iter().for_each(|other| _ = seen_right.insert(other));
        let bytes = Bytes::compare(here.means, there.means, same_layer(&layers, left, here, right, there));
        let aspects = aspects(here.means, there.means, bytes);
        if !aspects.is_empty() {
            let delta = difference(bytes_of(left, node), other.map_or(0, |other| bytes_of(right, other)));
            found.push(Difference { kind: DifferenceKind::Changed, aspects, left: Some(node), right: other, delta });
        } else if bytes == Bytes::Unknown && here.is_file() {
            unknown += 1;
        }
    }
    let only_right = right.nodes().filter(|node| !seen_right.contains(*node));
    found.extend(only_right.map(|node| alone(right, node, DifferenceKind::Added)));
    (found, unknown)
}

/// For each node of the left side the one of the same path on the right, or `NONE`.
pub(super) struct Matched(Vec<NodeId>);

impl Matched {
    pub(super) fn new(left: View<'_>, right: View<'_>) -> Self {
        let (here, there) = (left.tree().paths(), right.tree().paths());
        let names: Vec<u32> = here.names().iter().map(|name| there.names().find(name).unwrap_or(NONE)).collect();
        let mut nodes = vec![Paths::ROOT];
        nodes.reserve_exact(here.len());
        for (_, (parent, name)) in here.links(1..here.len()) {
            let (parent, name) = (nodes.get(parent as usize).copied(), names.get(name as usize).copied());
            let known = parent.zip(name).filter(|(parent, name)| *parent != NONE && *name != NONE);
            nodes.push(known.and_then(|(parent, name)| there.named(parent, name)).unwrap_or(NONE));
        }
        Self(nodes)
    }

    pub(super) fn get(&self, node: NodeId) -> Option<NodeId> {
        self.0.get(node as usize).copied().filter(|node| *node != NONE)
    }
}

/// For each layer of the left side the first on the right with the same digest.
fn same_layers(left: &[TreeLayer], right: &[TreeLayer]) -> Vec<Option<usize>> {
    left.iter().map(|layer| right.iter().position(|other| other.digest == layer.digest)).collect()
}

fn same_layer(layers: &[Option<usize>], left: View<'_>, here: Seen<'_>, right: View<'_>, there: Seen<'_>) -> bool {
    let right_place = right.tree().place_of(there.means.id());
    let same = layers.get(left.tree().place_of(here.means.id())).copied().flatten();
    same.is_some_and(|same| {
        let digest = |place: usize| right.tree().layers().get(place).map(|layer| &layer.digest);
        same == right_place || digest(same) == digest(right_place)
    })
}

fn difference(left: u64, right: u64) -> i64 {
    let growth = i128::from(right) - i128::from(left);
    i64::try_from(growth).unwrap_or(if growth < 0 { i64::MIN } else { i64::MAX })
}

fn alone(view: View<'_>, node: NodeId, kind: DifferenceKind) -> Difference {
    let (left, right, delta) = match kind {
        DifferenceKind::Added => (None, Some(node), difference(0, bytes_of(view, node))),
        _ => (Some(node), None, difference(bytes_of(view, node), 0)),
    };
    Difference { kind, aspects: Aspects::default(), left, right, delta }
}

/// Bytes of a file; a directory has none of its own.
fn bytes_of(view: View<'_>, node: NodeId) -> u64 {
    if view.total(node).is_some() { 0 } else { view.weight(node) }
}
