//! Folders that go away with what they were for.

use super::{files, mounts, random};
use alloc::format;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder that nobody else may look into. It is removed when this is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes one among the system's temporary files.
    #[cfg(test)]
    pub(crate) fn new() -> io::Result<Self> {
        Self::below(&std::env::temp_dir())
    }

    /// Makes one in a folder.
    pub(crate) fn below(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("portolan-{}", random::hex::<8>()?));
        files::make_private(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A folder in it.
    pub(crate) fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.0.join(name);
        fs::create_dir(&path)?;
        Ok(path)
    }

    /// A name in it that nothing has yet.
    pub(crate) fn fresh(&self) -> io::Result<PathBuf> {
        Ok(self.0.join(random::hex::<12>()?))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = mounts::remove(&self.0);
    }
}
