//! The files that say what happened: `snapshot`, all that is true at a time, and `journal`, what happened since.
//!
//! A record of either is a list of [`Change`]s that hold together or not at all. The first record of a snapshot is the
//! number of the last change in it: a kill between a new snapshot and the emptying of the journal leaves changes in both,
//! and those that the snapshot has are passed over.

mod frame;

use super::change::Change;
use crate::emulator::store::durable::{self, sync_folder};
use alloc::{vec, vec::Vec};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// A journal shorter than this is not worth a snapshot, bytes.
const COMPACT_AT: u64 = 4 << 20;

/// The open journal of a store.
pub(super) struct Journal {
    folder: PathBuf,
    file: File,
    length: u64,
    snapshot: u64,
}

/// What was in the files.
#[derive(Default)]
pub(super) struct Recovered {
    /// Number of the last change.
    pub(super) last: u64,
    /// The changes, in order.
    pub(super) changes: Vec<Change>,
}

impl Journal {
    /// Opens the journal in `folder`; a torn record at its end is cut off.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, Recovered)> {
        let mut recovered = Recovered::default();
        let snapshot = durable::read_if_any(&folder.join("snapshot"))?;
        read_snapshot(&snapshot, &mut recovered)?;
        let bytes = durable::read_if_any(&folder.join("journal"))?;
        let whole = read_journal(&bytes, &mut recovered)?;
        let file = OpenOptions::new().append(true).create(true).open(folder.join("journal"))?;
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
        }
        file.sync_all()?;
        sync_folder(folder)?;
        let journal = Self { folder: folder.into(), file, length: whole as u64, snapshot: snapshot.len() as u64 };
        Ok((journal, recovered))
    }

    /// Writes records, and returns when they are durable.
    pub(super) fn append(&mut self, records: &[u8]) -> io::Result<()> {
        self.file.write_all(records)?;
        self.file.sync_data()?;
        self.length = self.length.saturating_add(records.len() as u64);
        Ok(())
    }

    /// True if a snapshot would make it much shorter.
    pub(super) fn is_long(&self) -> bool {
        self.length > COMPACT_AT.max(self.snapshot.saturating_mul(2))
    }

    /// Puts `snapshot` in place of all that was written so far.
    pub(super) fn replace(&mut self, snapshot: &[u8]) -> io::Result<()> {
        let new = self.folder.join("snapshot.new");
        let mut file = File::create(&new)?;
        file.write_all(snapshot)?;
        file.sync_all()?;
        fs::rename(&new, self.folder.join("snapshot"))?;
        sync_folder(&self.folder)?;
        self.file.set_len(0)?;
        self.file.sync_all()?;
        (self.length, self.snapshot) = (0, snapshot.len() as u64);
        Ok(())
    }
}

/// A record of changes that hold together.
pub(super) fn record(out: &mut Vec<u8>, changes: &[Change]) -> io::Result<()> {
    let payload = serde_json::to_vec(changes).map_err(io::Error::other)?;
    if frame::write(out, &payload) { Ok(()) } else { Err(io::ErrorKind::FileTooLarge.into()) }
}

/// A snapshot of all that is true after change `last`.
pub(super) fn snapshot(last: u64, changes: impl Iterator<Item = Change>) -> io::Result<Vec<u8>> {
    let mut out = vec![];
    frame::write(&mut out, &serde_json::to_vec(&last).map_err(io::Error::other)?);
    for change in changes {
        record(&mut out, &[change])?;
    }
    Ok(out)
}

/// A snapshot is whole, or it was never renamed: anything else is a damaged disk, and better said than passed over.
fn read_snapshot(bytes: &[u8], recovered: &mut Recovered) -> io::Result<()> {
    let (payloads, taken) = frame::read_all(bytes);
    if taken != bytes.len() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the snapshot is damaged"));
    }
    let Some((last, records)) = payloads.split_first() else {
        return Ok(());
    };
    recovered.last = serde_json::from_slice(last).map_err(io::Error::other)?;
    for payload in records {
        recovered.changes.append(&mut serde_json::from_slice(payload).map_err(io::Error::other)?);
    }
    Ok(())
}

fn read_journal(bytes: &[u8], recovered: &mut Recovered) -> io::Result<usize> {
    let (payloads, taken) = frame::read_all(bytes);
    for payload in payloads {
        let changes: Vec<Change> = serde_json::from_slice(payload).map_err(io::Error::other)?;
        for change in changes.into_iter().filter(|change| change.sequence > recovered.last) {
            recovered.changes.push(change);
        }
        recovered.last = recovered.changes.last().map_or(recovered.last, |change| change.sequence.max(recovered.last));
    }
    Ok(taken)
}
