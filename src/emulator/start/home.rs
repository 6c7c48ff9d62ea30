//! The folder that everything is in: the one that was asked for, or one that goes with us.

use crate::emulator::{files, lock::FolderLock, mounts, random};
use alloc::string::String;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What begins the names of folders that go with their emulator.
const PREFIX: &str = "portolan-emulator-";
/// A file that is in them alone, from when they are locked.
const MARK: &str = "temporary";

/// A folder, ours for as long as this lives.
pub(super) struct Home {
    folder: PathBuf,
    kept: bool,
    lock: Option<FolderLock>,
}

impl Home {
    /// Makes `data` where it is missing, and takes it for ourselves; without it, a folder of our own among the system's
    /// temporary ones. Those of emulators that were killed are removed.
    pub(super) fn open(data: Option<&Path>) -> io::Result<Self> {
        let Some(data) = data else { return Self::temporary(&std::env::temp_dir().canonicalize()?) };
        fs::create_dir_all(data)?;
        let folder = data.canonicalize()?;
        let lock = Some(FolderLock::take(&folder)?);
        Ok(Self { folder, kept: true, lock })
    }

    fn temporary(base: &Path) -> io::Result<Self> {
        remove_abandoned(base);
        let folder = base.join([PREFIX, &random::hex::<8>()?].concat());
        // Build contexts may be in it.
        files::make_private(&folder)?;
        let lock = Some(FolderLock::take(&folder)?);
        // It has its lock before it has its mark: nobody takes it for abandoned.
        fs::write(folder.join(MARK), "")?;
        Ok(Self { folder, kept: false, lock })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder, if what is in it is there at the next start.
    pub(super) fn kept(&self) -> Option<&Path> {
        self.kept.then_some(&self.folder)
    }

    /// The file with the authority's certificate, for clients.
    pub(super) fn certificate(&self, pem: &str) -> io::Result<PathBuf> {
        let file = self.folder.join("ca.pem");
        if !self.kept {
            files::replace(&file, pem.as_bytes())?;
        }
        Ok(file)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if !self.kept {
            self.lock.take();
            let _ = mounts::remove(&self.folder);
        }
    }
}

/// Removes the folders of emulators that are no more, with what they left running. One that cannot be removed now is
/// tried again by the next emulator.
fn remove_abandoned(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name: String = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && is_own_folder(&entry) && is_temporary(&entry.path()) {
            let _ = FolderLock::take(&entry.path()).and_then(|_lock| mounts::clear(&entry.path()));
        }
    }
}

/// Whoever keeps something has a document of what there is.
fn is_temporary(folder: &Path) -> bool {
    folder.join(MARK).is_file() && !folder.join("state.json").exists()
}

/// No link, and of nobody else.
fn is_own_folder(entry: &fs::DirEntry) -> bool {
    let about = entry.metadata().ok().filter(fs::Metadata::is_dir);
    #[cfg(unix)]
    let about = about.filter(|about| std::os::unix::fs::MetadataExt::uid(about) == rustix::process::geteuid().as_raw());
    about.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_emulators_that_are_no_more_are_removed() {
        let base = tempfile::tempdir().unwrap();
        let names = ["portolan-emulator-dead", "portolan-emulator-kept", "portolan-emulator-bare", "portolan-other"];
        let [dead, kept, bare, other] = names.map(|name| {
            let folder = base.path().join(name);
            fs::create_dir_all(folder.join("builds")).unwrap();
            folder
        });
        for folder in [&dead, &kept, &other] {
            fs::write(folder.join(MARK), "").unwrap();
        }
        fs::write(kept.join("state.json"), "{}").unwrap();
        let first = Home::temporary(base.path()).unwrap();
        assert_eq!([&dead, &kept, &bare, &other].map(|folder| folder.exists()), [false, true, true, true]);
        #[cfg(unix)]
        std::os::unix::fs::symlink(&other, base.path().join("portolan-emulator-link")).unwrap();
        let second = Home::temporary(base.path()).unwrap();
        let folders = [first.folder().to_path_buf(), second.folder().to_path_buf()];
        assert!(folders.iter().all(|folder| folder.is_dir()) && other.join("builds").is_dir());
        drop((first, second));
        assert!(!folders.iter().any(|folder| folder.exists()));
    }
}
