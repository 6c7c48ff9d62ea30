//! Getting space back.

use super::{Store, StoreError, change::What, content::Content};
use crate::{Digest, RepositoryName, emulator::clock::Instant};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::time::Duration;
use std::io;
use tokio::task::spawn_blocking;

impl Store {
    /// Lets go of blobs that no manifest needs and that nobody pushed or asked about for as long as `grace`, and removes
    /// content that nothing names, and uploads that nobody goes on with. Returns how much content.
    ///
    /// A client that was told that a blob is there may take its time until it pushes a manifest: an hour is generous.
    pub(crate) async fn reclaim(&self, grace: Duration) -> Result<usize, StoreError> {
        let sequence = self.release_idle(grace)?;
        self.0.shared.durable(sequence).await?;
        let store = self.clone();
        let removed = spawn_blocking(move || store.0.uploads.tidy().and_then(|()| store.remove_unused())).await;
        Ok(removed.map_err(io::Error::other)??)
    }

    fn release_idle(&self, grace: Duration) -> Result<u64, StoreError> {
        let mut inner = self.0.shared.lock();
        let now = Instant::now();
        inner.touched.retain(|_, touched| touched.after(grace) > now);
        let mut idle = BTreeMap::<RepositoryName, Vec<What>>::new();
        for (name, repository) in inner.state.all() {
            for (digest, pushed) in repository.idle_blobs() {
                if pushed.after(grace) <= now && !inner.touched.contains_key(digest) {
                    idle.entry(name.clone()).or_default().push(What::BlobReclaimed(digest.clone()));
                }
            }
        }
        let mut sequence = inner.state.last;
        for (name, whats) in idle {
            sequence = self.0.shared.decide(&mut inner, &name, whats)?;
        }
        Ok(sequence)
    }

    /// Under the lock, so that nothing can begin to name what is about to go.
    fn remove_unused(&self) -> io::Result<usize> {
        let durable = self.sequence();
        let mut inner = self.0.shared.lock();
        let mut removed = 0;
        for digest in inner.state.take_unused(durable) {
            if inner.pins.contains_key(&digest) {
                inner.state.put_back(digest, durable);
            } else if !inner.state.is_used(&digest) {
                self.0.content.remove(&digest)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Removes content that a kill left without a name. Nobody else uses the store yet.
    pub(super) fn remove_unnamed(&self) -> io::Result<()> {
        let Content::Folder(folder) = &self.0.content else { return Ok(()) };
        let inner = self.0.shared.lock();
        let all: BTreeSet<Digest> = folder.all()?.into_iter().collect();
        for digest in all.iter().filter(|digest| !inner.state.is_used(digest)) {
            self.0.content.remove(digest)?;
        }
        Ok(())
    }
}
