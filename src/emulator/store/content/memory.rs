//! Content in memory.

use crate::Digest;
use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};
use bytes::Bytes;
use std::sync::{PoisonError, RwLock};

/// Content in memory, shared between the regions that have it.
#[derive(Default)]
pub(in super::super) struct Memory(RwLock<BTreeMap<Digest, Arc<[Bytes]>>>);

impl Memory {
    pub(super) fn get(&self, digest: &Digest) -> Option<Arc<[Bytes]>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    pub(super) fn insert(&self, digest: &Digest, chunks: Vec<Bytes>) {
        self.share(digest, chunks.into());
    }

    pub(super) fn share(&self, digest: &Digest, chunks: Arc<[Bytes]>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(digest.clone(), chunks);
    }

    pub(super) fn remove(&self, digest: &Digest) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(digest);
    }
}
