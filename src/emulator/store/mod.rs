//! The data side of a region: content by digest, and what repositories make of it.
//!
//! ```text
//! DIR/blobs/sha256/ab/<digits>     content: blobs and manifests alike; there if it is whole and durable
//! DIR/uploads/<place>.<uuid>       uploads; a client may go on after a restart
//! DIR/snapshot, DIR/journal        what is true, and what happened since (`journal`)
//! DIR/lock                         one store at a time has the folder
//! ```
//!
//! Content comes first, what names it second, the acknowledgement last, each durable before the next. So a kill leaves
//! at most content that nothing names, which is removed when the store is opened again.
//!
//! A store knows nothing of HTTP, and not where other regions are. It numbers what happens ([`Change`]); whoever carries
//! changes to other stores reads them from a position on ([`Store::changes_since`]), and hands them to [`Store::apply`].

mod apply;
pub(crate) mod change;
mod content;
mod durable;
mod error;
mod journal;
mod list;
mod manifest;
mod read;
mod reclaim;
mod shared;
mod state;
mod upload;
mod write;

pub(crate) use apply::{Applied, Pace, Unpaced};
pub(crate) use content::ContentStream;
pub(crate) use error::StoreError;
pub(crate) use list::{ListedManifest, OrderBy, Page, Wanted};
pub(crate) use read::FoundManifest;

use super::lock::FolderLock;
use alloc::{sync::Arc, vec::Vec};
use change::Change;
use content::{Content, Folder, Memory};
use journal::Journal;
use shared::{Shared, Writer};
use std::{io, path::PathBuf};
use tokio::sync::watch;
use upload::Uploads;

/// Where a store is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In memory: gone with the process.
    Memory,
    /// In a folder of its own.
    Folder(PathBuf),
}

/// The store of one registry in one region. Clones are the same store.
#[derive(Clone)]
pub(crate) struct Store(Arc<Parts>);

struct Parts {
    shared: Arc<Shared>,
    content: Content,
    uploads: Uploads,
    /// Writes what is left when the last clone goes.
    _writer: Option<Writer>,
    /// Goes after the writer (fields are dropped in order).
    _lock: Option<FolderLock>,
}

impl Store {
    /// Opens the store at `place`, for the region of this name. What a kill left half done is tidied away.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] while another store has the folder; when it can't be read or written, or the
    /// snapshot in it is damaged.
    pub(crate) fn open(place: &Place, region: &str) -> io::Result<Self> {
        let Place::Folder(folder) = place else {
            return Ok(Self::in_memory(region));
        };
        durable::make_folder(folder)?;
        let lock = FolderLock::take(folder)?;
        let files = Folder::open(folder)?;
        let (journal, recovered) = Journal::open(folder)?;
        let (shared, writer) = Shared::on_disk(region, journal, recovered)?;
        let uploads = Uploads::open(files.uploads())?;
        let parts =
            Parts { shared, content: Content::Folder(files), uploads, _writer: Some(writer), _lock: Some(lock) };
        let store = Self(Arc::new(parts));
        store.remove_unnamed()?;
        Ok(store)
    }

    fn in_memory(region: &str) -> Self {
        let content = Content::Memory(Memory::default());
        let uploads = Uploads::in_memory();
        Self(Arc::new(Parts { shared: Shared::in_memory(region), content, uploads, _writer: None, _lock: None }))
    }

    /// The region's name.
    pub(crate) fn region(&self) -> &str {
        self.0.shared.region()
    }

    /// Number of the last change that is durable.
    pub(crate) fn sequence(&self) -> u64 {
        self.0.shared.progress().borrow().sequence
    }

    /// At most `limit` of the durable changes after number `position`, in order.
    ///
    /// Of each thing (a manifest, a tag, ...) only the last word is there, so that the list from 0 on is as long as the
    /// store is large: a new region begins there.
    pub(crate) fn changes_since(&self, position: u64, limit: usize) -> Vec<Change> {
        let durable = self.sequence();
        let inner = self.0.shared.lock();
        inner.state.since(position).take_while(|change| change.sequence <= durable).take(limit).collect()
    }

    /// Wakes up whenever more has become durable.
    pub(crate) fn subscribe(&self) -> Subscription {
        Subscription(self.0.shared.progress())
    }
}

/// Tells when there is more to read in a store.
pub(crate) struct Subscription(watch::Receiver<shared::Progress>);

impl Subscription {
    /// Waits until change number `position` is not the last one; false when the store is closed.
    pub(crate) async fn beyond(&mut self, position: u64) -> bool {
        self.0.wait_for(|progress| progress.sequence > position).await.is_ok()
    }
}

#[cfg(test)]
mod tests;
