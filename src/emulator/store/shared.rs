//! The state of a store, and the thread that makes changes of it durable.
//!
//! Whoever changes something does so under the lock, adds a record to what waits, and waits for its number. The thread
//! writes all that waits at once: one `fsync` for however many came meanwhile.

use super::{
    change::{Change, What},
    error::StoreError,
    journal::{self, Journal, Recovered},
    state::State,
};
use crate::{
    Digest, RepositoryName,
    emulator::{clock::Instant, options::RegionName, store::change::Stamp},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};
use core::mem;
use std::{
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};
use tokio::sync::watch;

/// State and journal of a store.
pub(super) struct Shared {
    region: RegionName,
    inner: Mutex<Inner>,
    wake: Condvar,
    /// How far it is durable.
    progress: watch::Sender<Progress>,
    /// False in memory: nothing is written.
    written: bool,
}

/// How far a store is durable.
#[derive(Clone, Copy, Default)]
pub(super) struct Progress {
    /// Number of the last change that nothing can undo.
    pub(super) sequence: u64,
    /// True if the disk failed.
    failed: bool,
}

/// What is behind the lock.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) state: State,
    /// When blobs were last asked about in a repository: who was told that one is there may be about to name it.
    pub(super) touched: BTreeMap<Digest, Instant>,
    /// Content that is there and not named yet.
    pub(super) pins: BTreeMap<Digest, usize>,
    /// Blobs whose manifests came before them from elsewhere.
    pub(super) missing: BTreeSet<Digest>,
    waiting: Vec<u8>,
    failed: bool,
    closing: bool,
}

impl Shared {
    /// A store that forgets.
    pub(super) fn in_memory(region: &str) -> Arc<Self> {
        Self::new(region, State::default(), false)
    }

    /// A store with what was recovered, and the thread that writes on.
    pub(super) fn on_disk(region: &str, journal: Journal, recovered: Recovered) -> io::Result<(Arc<Self>, Writer)> {
        let mut state = State::default();
        for change in recovered.changes {
            state.accept(change);
        }
        state.last = state.last.max(recovered.last);
        let shared = Self::new(region, state, true);
        let writer = Writer::start(&shared, journal)?;
        Ok((shared, writer))
    }

    fn new(region: &str, state: State, written: bool) -> Arc<Self> {
        let progress = watch::Sender::new(Progress { sequence: state.last, failed: false });
        let inner = Mutex::new(Inner { state, ..Inner::default() });
        Arc::new(Self { region: region.into(), inner, wake: Condvar::new(), progress, written })
    }

    /// The region's name.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// The state, for as long as the guard lives.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing between two steps that belong together can panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells how far it is durable, now and later.
    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Decides something here and now: `whats` of one repository hold together. Returns the number to wait for.
    pub(super) fn decide(
        &self,
        inner: &mut Inner,
        repository: &RepositoryName,
        whats: Vec<What>,
    ) -> Result<u64, StoreError> {
        let stamp = inner.state.stamp(&self.region);
        self.enter(inner, repository, stamp, whats)
    }

    /// Takes in what was decided at `stamp`, here or elsewhere. Returns the number to wait for.
    pub(super) fn enter(
        &self,
        inner: &mut Inner,
        repository: &RepositoryName,
        stamp: Stamp,
        whats: Vec<What>,
    ) -> Result<u64, StoreError> {
        if inner.failed {
            return Err(failed());
        }
        let mut record = Vec::new();
        for what in whats {
            let change =
                Change { sequence: inner.state.last + 1, stamp: stamp.clone(), repository: repository.clone(), what };
            if inner.state.accept(change.clone()) {
                record.push(change);
            }
        }
        let last = inner.state.last;
        if !self.written {
            self.progress.send_modify(|progress| progress.sequence = last);
        } else if !record.is_empty() {
            journal::record(&mut inner.waiting, &record)?;
            self.wake.notify_one();
        }
        Ok(last)
    }

    /// Returns when change number `sequence` is durable.
    pub(super) async fn durable(&self, sequence: u64) -> Result<(), StoreError> {
        let mut progress = self.progress.subscribe();
        let reached = progress.wait_for(|progress| progress.failed || progress.sequence >= sequence).await;
        match reached {
            Ok(progress) if progress.sequence >= sequence => Ok(()),
            _ => Err(failed()),
        }
    }

    /// Writes what waits, until the store is closed.
    fn write_on(&self, journal: &mut Journal) {
        while let Some((records, last)) = self.next_records() {
            let written = journal.append(&records).and_then(|()| self.compact_if_long(journal, last));
            match written {
                Ok(sequence) => self.progress.send_modify(|progress| progress.sequence = sequence),
                Err(_) => self.fail(),
            }
        }
    }

    /// Waits for records; nothing when the store is closed and all is written.
    fn next_records(&self) -> Option<(Vec<u8>, u64)> {
        let mut inner = self.lock();
        while inner.waiting.is_empty() && !inner.closing {
            inner = self.wake.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        let records = mem::take(&mut inner.waiting);
        (!records.is_empty() && !inner.failed).then_some((records, inner.state.last))
    }

    /// Returns the number up to which all is durable now.
    fn compact_if_long(&self, journal: &mut Journal, last: u64) -> io::Result<u64> {
        if !journal.is_long() {
            return Ok(last);
        }
        let (snapshot, last) = {
            let mut inner = self.lock();
            let snapshot = journal::snapshot(inner.state.last, inner.state.since(0))?;
            // The snapshot has what these records say.
            inner.waiting.clear();
            (snapshot, inner.state.last)
        };
        journal.replace(&snapshot)?;
        Ok(last)
    }

    fn fail(&self) {
        self.lock().failed = true;
        self.progress.send_modify(|progress| progress.failed = true);
    }

    fn close(&self) {
        self.lock().closing = true;
        self.wake.notify_one();
    }
}

impl Shared {
    /// Content that must not be removed although nothing names it yet.
    pub(super) fn pin(self: &Arc<Self>, digest: &Digest) -> Pin {
        *self.lock().pins.entry(digest.clone()).or_default() += 1;
        Pin { shared: Arc::clone(self), digest: digest.clone() }
    }
}

/// Keeps content from being removed.
pub(super) struct Pin {
    shared: Arc<Shared>,
    pub(super) digest: Digest,
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut inner = self.shared.lock();
        let Some(count) = inner.pins.get_mut(&self.digest) else { return };
        *count = count.saturating_sub(1);
        if *count == 0 {
            inner.pins.remove(&self.digest);
            // If nothing came of it, it goes with the rest.
            let last = inner.state.last;
            if !inner.state.is_used(&self.digest) {
                inner.state.put_back(self.digest.clone(), last);
            }
        }
    }
}

fn failed() -> StoreError {
    io::Error::other("the journal could not be written").into()
}

/// The thread that writes; dropping it writes the rest.
pub(super) struct Writer {
    shared: Arc<Shared>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    fn start(shared: &Arc<Shared>, mut journal: Journal) -> io::Result<Self> {
        let writing = Arc::clone(shared);
        let thread = thread::Builder::new().name("journal".into()).spawn(move || writing.write_on(&mut journal))?;
        Ok(Self { shared: Arc::clone(shared), thread: Some(thread) })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.close();
        if let Some(thread) = self.thread.take() {
            // It ends by itself, and has nothing to say.
            let _ = thread.join();
        }
    }
}
