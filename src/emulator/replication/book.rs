//! How far a link has come, on disk.
//!
//! What it says may be old after a kill: then some changes are carried twice, and the second time is no news. It is
//! never ahead of what is durable in the target.

use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// How far a link has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Everything up to this number of the source is in the target.
    pub(super) position: u64,
    /// It had caught up once.
    pub(super) synced: bool,
}

/// The file of a link; none in memory.
#[derive(Clone, Debug)]
pub(super) struct Book(Option<PathBuf>);

impl Book {
    pub(super) fn of(folder: Option<&Path>, from: &str, to: &str) -> Self {
        Self(folder.map(|folder| folder.join(alloc::format!("{from}-{to}"))))
    }

    /// What it says; the beginning, if it says nothing that can be read.
    pub(super) fn read(&self) -> Entry {
        let bytes = self.0.as_ref().and_then(|file| fs::read(file).ok());
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    pub(super) fn write(&self, entry: Entry) -> io::Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        // Renamed, so that a kill leaves the old one or the new one.
        let new = file.with_extension("new");
        fs::write(&new, serde_json::to_vec(&entry)?)?;
        fs::rename(&new, file)
    }

    pub(super) fn remove(&self) {
        if let Some(file) = &self.0 {
            // If it stays, a later link of this name begins at a position that its source does not have, and sees that.
            let _ = fs::remove_file(file);
        }
    }
}
