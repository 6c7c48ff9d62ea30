//! Which layers are whose.

use super::super::{TreeLayer, sort::sort_by};
use crate::Digest;
use alloc::{vec, vec::Vec};

/// Layers of two images, by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedLayers {
    /// Layers of both.
    pub shared: Vec<SharedLayer>,
    /// Places of layers that only the left has.
    pub only_left: Vec<usize>,
    /// Places of layers that only the right has.
    pub only_right: Vec<usize>,
}

/// A layer that two images have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedLayer {
    /// Its place on the left.
    pub left: usize,
    /// Its place on the right.
    pub right: usize,
}

impl SharedLayers {
    /// Compares two lists of digests, bottom first. A layer that comes twice is shared as often as both have it.
    ///
    /// ```
    /// use portolan::{Digest, layers::SharedLayers};
    /// let [base, old, new] = ["base", "old", "new"].map(|text| Digest::sha256(text.as_bytes()));
    /// let layers = SharedLayers::new([&base, &old], [&base, &new]);
    /// assert_eq!((layers.shared.len(), layers.only_left, layers.only_right), (1, vec![1], vec![1]));
    /// ```
    #[must_use]
    pub fn new<'d>(left: impl IntoIterator<Item = &'d Digest>, right: impl IntoIterator<Item = &'d Digest>) -> Self {
        // Manifests have at most a few thousand layers, and images a few dozen.
        let mut free: Vec<(usize, &Digest)> = right.into_iter().enumerate().collect();
        let mut layers = Self::default();
        for (left, digest) in left.into_iter().enumerate() {
            match free.iter().position(|(_, other)| *other == digest) {
                Some(at) => layers.shared.push(SharedLayer { left, right: free.remove(at).0 }),
                None => layers.only_left.push(left),
            }
        }
        layers.only_right = free.into_iter().map(|(place, _)| place).collect();
        layers
    }

    /// The same, of the layers of two trees.
    #[must_use]
    pub fn of(left: &[TreeLayer], right: &[TreeLayer]) -> Self {
        Self::new(left.iter().map(|layer| &layer.digest), right.iter().map(|layer| &layer.digest))
    }
}

/// For each layer the tags that have it, in the order in which they come.
///
/// ```
/// use portolan::{Digest, layers::tags_with};
/// let [base, app] = ["base", "app"].map(|text| Digest::sha256(text.as_bytes()));
/// let tags = [("1.3", vec![base.clone()]), ("1.4", vec![base.clone(), app.clone()])];
/// let tags = tags.iter().map(|(tag, layers)| (*tag, layers.as_slice()));
/// assert_eq!(tags_with(&[base, app], tags), [vec!["1.3", "1.4"], vec!["1.4"]]);
/// ```
#[must_use]
pub fn tags_with<'t>(layers: &[Digest], tags: impl IntoIterator<Item = (&'t str, &'t [Digest])>) -> Vec<Vec<&'t str>> {
    let places = Places::new(layers);
    let mut with = vec![Vec::new(); layers.len()];
    for (tag, theirs) in tags {
        for place in theirs.iter().flat_map(|digest| places.of(digest)) {
            if let Some(tags) = with.get_mut(place).filter(|tags: &&mut Vec<&str>| tags.last() != Some(&tag)) {
                tags.push(tag);
            }
        }
    }
    with
}

/// Digests with their places, in order.
struct Places<'d>(Vec<(&'d Digest, usize)>);

impl<'d> Places<'d> {
    fn new(digests: impl IntoIterator<Item = &'d Digest>) -> Self {
        let mut places: Vec<_> = digests.into_iter().zip(0..).collect();
        sort_by(&mut places, Ord::cmp);
        Self(places)
    }

    fn of(&self, digest: &Digest) -> impl Iterator<Item = usize> {
        let begin = self.0.partition_point(|(other, _)| *other < digest);
        let same = self.0.get(begin..).unwrap_or_default().iter().take_while(move |(other, _)| *other == digest);
        same.map(|(_, place)| *place)
    }
}
