//! What happens to the uncompressed bytes: counted, hashed, read as an archive.

use super::ScanOptions;
use crate::{
    Digest, Error, LimitExceeded, Limits,
    digest::Hasher,
    layers::{Listing, compress::Sink, tar::Tar},
};

/// The uncompressed side of a scan.
pub(super) struct Walk {
    pub(super) tar: Tar,
    /// Uncompressed bytes so far.
    pub(super) unpacked: u64,
    hasher: Option<Hasher>,
    limits: Limits,
}

/// Shows every piece to the caller, too.
pub(super) struct Tap<'a> {
    pub(super) walk: &'a mut Walk,
    pub(super) tap: &'a mut dyn FnMut(&[u8]),
}

impl Walk {
    pub(super) fn new(options: &ScanOptions) -> Self {
        let hasher = match &options.diff_id {
            Some(diff_id) => Hasher::for_algorithm(diff_id.algorithm()),
            None => options.hash_unpacked.then(Hasher::sha256),
        };
        let tar = Tar::new(&options.limits, Listing::of_layer(&options.digest));
        Self { tar, unpacked: 0, hasher, limits: options.limits.clone() }
    }

    /// Digest of what passed.
    pub(super) fn digest(&mut self) -> Option<Digest> {
        self.hasher.take().map(Hasher::finish)
    }

    /// How many of these bytes may pass, and what to say of the others.
    fn allowed(&self, bytes: &[u8], input: u64) -> (usize, Result<(), Error>) {
        let Limits { unpacked: limit, expansion, expansion_floor, .. } = self.limits;
        let total = self.unpacked.saturating_add(bytes.len() as u64);
        if total > limit {
            let room = usize::try_from(limit.saturating_sub(self.unpacked)).unwrap_or(bytes.len());
            return (room.min(bytes.len()), Err(LimitExceeded { which: "uncompressed size of a layer", limit }.into()));
        }
        if total > expansion_floor && total / u64::from(expansion.max(1)) > input {
            let limit = u64::from(expansion);
            return (bytes.len(), Err(LimitExceeded { which: "expansion of a layer", limit }.into()));
        }
        (bytes.len(), Ok(()))
    }
}

impl Sink for Tap<'_> {
    fn take(&mut self, bytes: &[u8], input: u64) -> Result<(), Error> {
        let walk = &mut *self.walk;
        let (allowed, verdict) = walk.allowed(bytes, input);
        let bytes = bytes.get(..allowed).unwrap_or_default();
        walk.unpacked += bytes.len() as u64;
        if let Some(hasher) = &mut walk.hasher {
            hasher.update(bytes);
        }
        (self.tap)(bytes);
        walk.tar.push(bytes)?;
        verdict
    }
}
