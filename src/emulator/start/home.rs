//! The folder that everything is in: the one that was asked for, or one that goes with us.

use crate::emulator::{files, lock::FolderLock, mounts, random};
use alloc::string::String;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder.
pub(super) struct Home {
    folder: PathBuf,
    /// Of a folder that is kept; nobody else knows of the others.
    lock: Option<FolderLock>,
}

impl Home {
    /// Makes `data` where it is missing, and takes it for ourselves; without it, a folder of our own among the system's temporary ones.
    pub(super) fn open(data: Option<&Path>) -> io::Result<Self> {
        if let Some(data) = data {
            fs::create_dir_all(data)?;
            let folder = data.canonicalize()?;
            let lock = Some(FolderLock::take(&folder)?);
            return Ok(Self { folder, lock });
        }
        let name: String = ["portolan-emulator-", &random::hex::<8>()?].concat();
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder)?;
        Ok(Self { folder, lock: None })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder, if what is in it is there at the next start.
    pub(super) fn kept(&self) -> Option<&Path> {
        self.lock.is_some().then_some(&self.folder)
    }

    /// The file with the authority's certificate, for clients.
    pub(super) fn certificate(&self, pem: &str) -> io::Result<PathBuf> {
        let file = self.folder.join("ca.pem");
        if self.kept().is_none() {
            files::replace(&file, pem.as_bytes())?;
        }
        Ok(file)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.kept().is_none() {
            let _ = mounts::remove(&self.folder);
        }
    }
}
