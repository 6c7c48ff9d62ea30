//! Folders that one at a time works in: two that write one journal would lose what the other writes.
//!
//! The lock is the file `lock` in the folder, locked as a file (flock(2)), so that it goes with the process that has it,
//! however that ends.

use alloc::format;
use core::time::Duration;
use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
};
use tokio::time::{Instant, sleep};

/// How long somebody who is ending may take: a connection's grace, and what it writes then.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(10);

/// A folder is ours for as long as this lives.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes a folder that is there.
    ///
    /// # Errors
    /// [`io::ErrorKind::ResourceBusy`] if somebody has it.
    pub(super) fn take(folder: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("lock"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let what = format!("somebody else works in the folder {}", folder.display());
                Err(io::Error::new(io::ErrorKind::ResourceBusy, what))
            }
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => Err(error),
            // Some file systems of networks have no locks.
            Err(TryLockError::Error(_)) | Ok(()) => Ok(Self { _file: file }),
        }
    }
}

/// Does what needs a folder, as soon as nobody else has it.
pub(super) async fn patiently<T>(mut action: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        match action() {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy && Instant::now() < end => sleep(LOOK).await,
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_holders() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ResourceBusy);
        drop(first);
        FolderLock::take(folder.path()).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_ends_is_waited_for_but_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        let begun = Instant::now();
        assert!(patiently(|| FolderLock::take(folder.path())).await.is_err());
        assert!(begun.elapsed() >= PATIENCE);
        let ending = async {
            sleep(Duration::from_secs(1)).await;
            drop(first);
        };
        let (second, ()) = tokio::join!(patiently(|| FolderLock::take(folder.path())), ending);
        second.unwrap();
    }
}
