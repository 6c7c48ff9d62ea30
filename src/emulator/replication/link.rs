//! From one region to another.

use super::{
    book::{Book, Entry},
    meter::Meter,
    queue::{Backlog, Part, Queue, Waiting},
    travel::{Settings, Travel},
};
use crate::emulator::{
    faults::Faults,
    options::RegionName,
    random,
    store::{
        Applied, Store, StoreError, Unpaced,
        change::{Change, What},
    },
};
use alloc::{collections::BTreeMap, sync::Arc};
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use tokio::{
    select,
    sync::Notify,
    time::{Instant, sleep, sleep_until},
};

/// Time after which what failed is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// Time between two looks whether an outage that was planned has begun or ended.
const LOOK: Duration = Duration::from_millis(250);
/// Changes after which it is written down how far a link has come.
const OFTEN: u64 = 100;
/// Changes that are counted beyond those on their way.
const COUNTED: usize = 10_000;

/// The regions that a registry has now.
pub(super) type Regions = Arc<RwLock<BTreeMap<RegionName, Store>>>;

/// Carries changes from one region to another.
pub(super) struct Link {
    source: Store,
    target: Store,
    regions: Regions,
    settings: Settings,
    faults: Faults,
    book: Book,
    meter: Meter,
    state: Mutex<State>,
    /// The link begins anew.
    again: Notify,
}

struct State {
    queue: Queue,
    synced: bool,
    written: Entry,
}

impl Link {
    pub(super) fn new(
        source: Store,
        target: Store,
        regions: Regions,
        settings: Settings,
        faults: Faults,
        book: Book,
    ) -> Self {
        let mut written = book.read();
        if written.position > source.sequence() {
            // Of another source that had this name.
            written = Entry::default();
        }
        let state = State { queue: Queue::after(written.position), synced: written.synced, written };
        let (meter, again) = (Meter::new(), Notify::new());
        Self { source, target, regions, settings, faults, book, meter, state: Mutex::new(state), again }
    }

    /// For ever.
    pub(super) async fn run(self: Arc<Self>) {
        let (mut more, mut changes) = (self.source.subscribe(), self.faults.changes());
        loop {
            self.read_on();
            let travel = self.travel();
            self.meter.set(travel.bandwidth);
            if travel.blocked {
                select! { () = changes.changed() => {} () = sleep(LOOK) => {} }
            } else if let Some(waiting) = self.next(&travel) {
                self.carry(&waiting, &travel).await;
            } else {
                let (read, full, soonest) = self.outlook(&travel);
                select! {
                    _ = more.beyond(read), if !full => {}
                    () = until(soonest) => {}
                    () = changes.changed() => {}
                    () = self.again.notified() => {}
                }
            }
        }
    }

    /// Carries all that is there, at once; as much as can be carried.
    pub(super) async fn flush(&self) {
        let mut state = Queue::after(self.state().queue.position());
        loop {
            let changes = self.source.changes_since(state.read(), state.room());
            if changes.is_empty() || self.travel().blocked {
                return;
            }
            for change in &changes {
                if self.is_wanted(change) {
                    // What cannot be had any more was deleted meanwhile, or is lost with the region.
                    let _ = self.target.apply(change, &self.source, &Unpaced).await;
                }
            }
            state.take_in(changes, Instant::now(), |_| false);
        }
    }

    /// Begins with the source's first change: what somebody else was to carry may be this link's now.
    pub(super) fn start_over(&self) {
        self.state().queue = Queue::after(0);
        self.note();
        self.again.notify_one();
    }

    /// Forgets how far it has come.
    pub(super) fn forget(&self) {
        self.book.remove();
    }

    /// True if the target had once all that the source had then.
    pub(super) fn is_synced(&self) -> bool {
        self.state().synced
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.travel().blocked
    }

    /// What is to come.
    pub(super) fn backlog(&self) -> Backlog {
        let mut backlog = Backlog::default();
        let read = {
            let state = self.state();
            state.queue.waiting().for_each(|change| backlog.add(change));
            state.queue.read()
        };
        let unread = self.source.changes_since(read, COUNTED);
        unread.iter().filter(|change| self.is_wanted(change)).for_each(|change| backlog.add(change));
        backlog
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn travel(&self) -> Travel {
        Travel::now(&self.settings, &self.faults, self.source.region(), self.target.region())
    }

    /// Every region carries what began there; of what came from elsewhere, what the region where it began has not, since
    /// it is gone, or another one by now that has its name.
    fn is_wanted(&self, change: &Change) -> bool {
        let origin = &change.stamp.region;
        let regions = self.regions.read().unwrap_or_else(PoisonError::into_inner);
        origin == self.source.region() || regions.get(origin).is_none_or(|store| store.lacks(change))
    }

    fn read_on(&self) {
        let mut state = self.state();
        let changes = self.source.changes_since(state.queue.read(), state.queue.room());
        state.queue.take_in(changes, Instant::now(), |change| self.is_wanted(change));
        let caught_up = state.queue.position() >= self.source.sequence();
        state.synced |= caught_up;
        let position = state.queue.position();
        let news = position != state.written.position || state.synced != state.written.synced;
        if news && (caught_up || position >= state.written.position.saturating_add(OFTEN)) {
            drop(state);
            self.note();
        }
    }

    fn note(&self) {
        let mut state = self.state();
        let entry = Entry { position: state.queue.position(), synced: state.synced };
        // If it cannot be written, more is carried twice after a restart.
        let _ = self.book.write(entry);
        state.written = entry;
    }

    fn next(&self, travel: &Travel) -> Option<Waiting> {
        let chance = || random::bytes().map_or(0, usize::from_ne_bytes);
        self.state().queue.next(Instant::now(), travel, chance)
    }

    /// How far was read, whether more may be, and when something is due.
    fn outlook(&self, travel: &Travel) -> (u64, bool, Option<Instant>) {
        let state = self.state();
        (state.queue.read(), state.queue.room() == 0, state.queue.soonest(travel))
    }

    async fn carry(&self, waiting: &Waiting, travel: &Travel) {
        let sequence = waiting.change.sequence;
        let carried = select! {
            carried = self.bring(waiting, travel) => carried,
            () = self.interrupted() => return,
        };
        match carried {
            Ok(Part::All) => self.state().queue.done(sequence),
            Ok(Part::Content) => self.state().queue.half_done(sequence),
            Err(_) if self.is_outdated(&waiting.change) => self.state().queue.done(sequence),
            Err(_) => self.state().queue.put_off(sequence, Instant::now() + RETRY),
        }
    }

    /// Returns what of the change is there, or what is still to come.
    async fn bring(&self, waiting: &Waiting, travel: &Travel) -> Result<Part, StoreError> {
        let change = &waiting.change;
        let is_manifest = matches!(change.what, What::ManifestPut(..));
        if waiting.part == Part::All && is_manifest && travel.blob_lag.is_some() {
            self.target.apply_bare(change, &self.source, &self.meter).await?;
            return Ok(Part::Content);
        }
        let known = match waiting.part {
            Part::All => self.target.apply(change, &self.source, &self.meter).await? == Applied::Known,
            Part::Content => true,
        };
        if known && is_manifest {
            // A kill may have come between the manifest and its blobs.
            self.target.complete(change, &self.source, &self.meter).await?;
        }
        Ok(Part::All)
    }

    /// True if something later happened to the same thing in the source: that will be carried.
    fn is_outdated(&self, change: &Change) -> bool {
        let first = self.source.changes_since(change.sequence.saturating_sub(1), 1);
        first.first().is_none_or(|first| first.sequence != change.sequence)
    }

    /// Ends when nothing may travel any more.
    async fn interrupted(&self) {
        while !self.travel().blocked {
            sleep(LOOK).await;
        }
    }
}

async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => core::future::pending().await,
    }
}
