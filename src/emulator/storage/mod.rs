//! A stand-in for Azure Blob Storage, as far as quick builds need it: contexts are put, logs are read, each by a signed link.
//!
//! Links look like those of Azure's own emulator (`https://127.0.0.1:port/account/container/name?...&sig=`), which Azure's storage
//! libraries understand. There is no other way in: no account key, no listing.

mod about;
mod blobs;
mod blocks;
mod error;
mod name;
mod range;
mod routes;
mod signature;
#[cfg(test)]
mod tests;

pub(crate) use name::BlobName;
pub(crate) use signature::Permission;

use super::clock::Instant;
use about::About;
use alloc::{string::String, sync::Arc};
use blobs::Blobs;
use signature::Signer;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Name of the account in addresses.
const ACCOUNT: &str = "portolan";

/// The storage, and the key that its links are signed with.
pub(crate) struct Storage {
    blobs: Blobs,
    signer: Signer,
}

impl Storage {
    /// Opens the storage that is kept in `folder`; makes it if there is none.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let blobs = Blobs::open(folder)?;
        let signer = Signer::open(&folder.join("key"))?;
        Ok(Self { blobs, signer })
    }

    /// What answers at the storage's address.
    pub(crate) fn router(self: Arc<Self>) -> axum::Router {
        routes::router(self)
    }

    /// A link to a blob for whoever has it, until then. `base` is the storage's address, with no slash at its end.
    pub(crate) fn link(&self, base: &str, name: &BlobName, permission: Permission, until: Instant) -> String {
        let query = self.signer.query(name, permission, until);
        alloc::format!("{base}/{ACCOUNT}/{name}?{query}")
    }

    /// The file that holds a blob, if it is there.
    pub(crate) fn file(&self, name: &BlobName) -> Option<PathBuf> {
        self.blobs.file(name).is_file().then(|| self.blobs.file(name))
    }

    /// Makes an empty append blob, in place of what was there.
    pub(crate) fn create_log(&self, name: &BlobName) -> io::Result<()> {
        self.blobs.create(name, &About::append())
    }

    /// Appends to an append blob.
    pub(crate) fn append(&self, name: &BlobName, bytes: &[u8]) -> io::Result<()> {
        self.blobs.append(name, bytes)
    }

    /// Sets a blob's metadata: `key` is what follows `x-ms-meta-`.
    pub(crate) fn describe(&self, name: &BlobName, key: &str, value: &str) -> io::Result<()> {
        self.blobs.describe(name, key, value)
    }

    /// Takes away all that lies below a folder and was last written before then. What is not there is no error.
    pub(crate) fn sweep(&self, folder: &BlobName, before: Instant) -> io::Result<()> {
        self.blobs.sweep(folder, before)
    }
}
