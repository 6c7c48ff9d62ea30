//! Who had which path from when to when.

use super::super::{RowId, blocks::Blocks, listing::NONE};

/// The largest place a layer can have; see [`Version`].
pub(in super::super) const MAX_LAYERS: usize = Version::NEVER as usize;

/// What a row of an image's listing has beside it: 8 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// The row before on the same path, or `NONE`.
    prev: RowId,
    /// Place of its layer, and `MARK` if it is a directory that nobody named.
    layer: u16,
    /// Place of the layer that took it away or wrote over it, or `NEVER`; and `MARK` if that was done to something above.
    ended: u16,
}

impl Version {
    const MARK: u16 = 1 << 15;
    const NEVER: u16 = Self::MARK - 1;

    pub(super) fn new(prev: RowId, layer: u16, implied: bool) -> Self {
        let mark = if implied { Self::MARK } else { 0 };
        Self { prev, layer: layer & Self::NEVER | mark, ended: Self::NEVER }
    }

    pub(super) fn prev(self) -> Option<RowId> {
        Some(self.prev).filter(|row| *row != NONE)
    }

    pub(super) fn layer(self) -> u16 {
        self.layer & Self::NEVER
    }

    /// True for a directory that nobody named.
    pub(super) fn implied(self) -> bool {
        self.layer & Self::MARK != 0
    }

    pub(super) fn ended(self) -> Option<u16> {
        Some(self.ended & Self::NEVER).filter(|layer| *layer != Self::NEVER)
    }

    /// True if it went because a directory above it went or was emptied.
    pub(super) fn ended_above(self) -> bool {
        self.ended & Self::MARK != 0
    }

    /// True once `layer` has been laid on top.
    pub(super) fn visible_after(self, layer: u16) -> bool {
        self.layer() <= layer && self.ended & Self::NEVER > layer
    }

    fn end(&mut self, layer: u16, above: bool) {
        self.ended = layer & Self::NEVER | if above { Self::MARK } else { 0 };
    }
}

/// The versions of all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions(Blocks<Version>);

impl Versions {
    pub(super) fn push(&mut self, version: Version) {
        self.0.push(version);
    }

    pub(super) fn get(&self, row: RowId) -> Option<Version> {
        self.0.get(row as usize).copied()
    }

    pub(super) fn name(&mut self, row: RowId) {
        if let Some(version) = self.0.get_mut(row as usize) {
            version.layer = version.layer();
        }
    }

    pub(super) fn end(&mut self, row: RowId, layer: u16, above: bool) {
        if let Some(version) = self.0.get_mut(row as usize) {
            version.end(layer, above);
        }
    }

    /// A row and those before it on the same path, the newest first.
    pub(super) fn chain(&self, row: RowId) -> impl Iterator<Item = (RowId, Version)> {
        let with = |row: RowId| self.get(row).map(|version| (row, version));
        core::iter::successors(with(row), move |(_, version)| version.prev().and_then(with))
    }

    pub(super) fn memory(&self) -> usize {
        self.0.memory()
    }
}
