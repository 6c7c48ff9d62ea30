//! Blobs as files.

use super::{About, BlobName};
use crate::emulator::{clock::Instant, files, random};
use alloc::{format, string::String};
use core::time::Duration;
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// A folder with blobs, and one for what is on its way.
pub(super) struct Blobs {
    blobs: PathBuf,
    staged: PathBuf,
}

/// A blob that can be read.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) size: u64,
    pub(super) modified: SystemTime,
    pub(super) about: About,
}

impl Blobs {
    /// Opens what is there; what never became a blob is taken away.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let (blobs, staged) = (folder.join("blobs"), folder.join("staged"));
        if staged.exists() {
            fs::remove_dir_all(&staged)?;
        }
        fs::create_dir_all(&blobs)?;
        fs::create_dir_all(&staged)?;
        Ok(Self { blobs, staged })
    }

    /// Where a blob's bytes are or would be.
    pub(super) fn file(&self, name: &BlobName) -> PathBuf {
        self.blobs.join(name.as_str())
    }

    fn about(&self, name: &BlobName) -> PathBuf {
        let mut path = OsString::from(self.file(name));
        path.push(".about");
        path.into()
    }

    /// A file of its own for bytes that come in.
    pub(super) fn stage(&self) -> io::Result<PathBuf> {
        Ok(self.staged.join(format!("{:032x}", u128::from_be_bytes(random::bytes()?))))
    }

    /// The folder of the blocks of a blob that are not yet a blob.
    pub(super) fn blocks(&self, name: &BlobName) -> PathBuf {
        self.staged.join(format!("blocks-{}", crate::Digest::sha256(name.as_str().as_bytes()).encoded()))
    }

    /// Makes a blob of a staged file.
    pub(super) fn publish(&self, staged: &Path, name: &BlobName, about: &About) -> io::Result<()> {
        File::open(staged)?.sync_all()?;
        self.write_about(name, about)?;
        fs::rename(staged, self.file(name))
    }

    /// Makes an empty blob.
    pub(super) fn create(&self, name: &BlobName, about: &About) -> io::Result<()> {
        let staged = self.stage()?;
        File::create(&staged)?;
        self.publish(&staged, name, about)
    }

    pub(super) fn append(&self, name: &BlobName, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().append(true).open(self.file(name))?.write_all(bytes)
    }

    pub(super) fn describe(&self, name: &BlobName, key: &str, value: &str) -> io::Result<()> {
        let mut about = self.read_about(name)?;
        about.metadata.insert(String::from(key), String::from(value));
        self.write_about(name, &about)
    }

    /// Removes what lies below a folder and is older, with the folders that are empty then.
    pub(super) fn sweep(&self, folder: &BlobName, before: Instant) -> io::Result<()> {
        let before = SystemTime::UNIX_EPOCH + Duration::from_nanos(before.0);
        match sweep(&self.file(folder), before) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Opens a blob; nothing if there is none.
    ///
    /// Metadata is read before the length: a log that is complete has then all of its bytes.
    pub(super) fn read(&self, name: &BlobName) -> io::Result<Option<Opened>> {
        let about = match self.read_about(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            about => about?,
        };
        let file = match File::open(self.file(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let found = file.metadata()?;
        Ok(Some(Opened { size: found.len(), modified: found.modified()?, about, file }))
    }

    fn read_about(&self, name: &BlobName) -> io::Result<About> {
        Ok(serde_json::from_slice(&fs::read(self.about(name))?)?)
    }

    fn write_about(&self, name: &BlobName, about: &About) -> io::Result<()> {
        if let Some(folder) = self.file(name).parent() {
            fs::create_dir_all(folder)?;
        }
        files::replace(&self.about(name), &serde_json::to_vec(about)?)
    }
}

fn sweep(folder: &Path, before: SystemTime) -> io::Result<()> {
    let old = fs::metadata(folder)?.modified()? < before;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            sweep(&entry.path(), before)?;
        } else if about.modified()? < before {
            fs::remove_file(entry.path())?;
        }
    }
    if old {
        // Refused where something is left.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}
