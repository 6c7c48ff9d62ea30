//! Bytes by their digest: files named by it, or chunks in memory.

mod folder;
mod memory;
mod read;

use crate::Digest;
use alloc::vec::Vec;
use bytes::Bytes;
use core::ops::Range;
pub(super) use folder::Folder;
pub(super) use memory::Memory;
pub(crate) use read::ContentStream;
use std::{fs::File, io, path::PathBuf};

/// Where the bytes of a store are.
pub(super) enum Content {
    Memory(Memory),
    Folder(Folder),
}

/// Bytes that are whole and verified, on their way to being named by their digest.
pub(super) enum Finished {
    Chunks(Vec<Bytes>),
    /// A file with this content, durable already.
    File(PathBuf),
}

impl Content {
    /// True if the content is there.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        match self {
            Self::Memory(memory) => memory.get(digest).is_some(),
            Self::Folder(folder) => folder.path(digest).is_file(),
        }
    }

    /// Publishes content under its digest, durably.
    pub(super) fn publish(&self, digest: &Digest, finished: Finished) -> io::Result<()> {
        match (self, finished) {
            (Self::Memory(memory), Finished::Chunks(chunks)) => memory.insert(digest, chunks),
            (Self::Folder(folder), Finished::File(path)) => folder.publish(digest, &path)?,
            (Self::Folder(folder), Finished::Chunks(chunks)) => folder.write(digest, &chunks)?,
            (Self::Memory(memory), Finished::File(path)) => {
                memory.insert(digest, read::chunks(File::open(&path)?)?);
                super::durable::remove_if_any(&path)?;
            }
        }
        Ok(())
    }

    /// Removes content that nothing names.
    pub(super) fn remove(&self, digest: &Digest) -> io::Result<()> {
        match self {
            Self::Memory(memory) => memory.remove(digest),
            Self::Folder(folder) => super::durable::remove_if_any(&folder.path(digest))?,
        }
        Ok(())
    }

    /// The bytes in `range` of content that is `size` bytes long, a piece at a time.
    pub(super) fn open(&self, digest: &Digest, range: Range<u64>) -> io::Result<ContentStream> {
        match self {
            Self::Memory(memory) => {
                let chunks = memory.get(digest).ok_or(io::ErrorKind::NotFound)?;
                Ok(ContentStream::of_chunks(&chunks, range))
            }
            Self::Folder(folder) => ContentStream::of_file(File::open(folder.path(digest))?, range),
        }
    }

    /// All bytes of a small document.
    pub(super) fn read(&self, digest: &Digest) -> io::Result<Bytes> {
        match self {
            Self::Memory(memory) => {
                let chunks = memory.get(digest).ok_or(io::ErrorKind::NotFound)?;
                Ok(if let [one] = &*chunks { one.clone() } else { chunks.concat().into() })
            }
            Self::Folder(folder) => std::fs::read(folder.path(digest)).map(Bytes::from),
        }
    }

    /// Takes content over from another store: by a second name for the same file where that is possible.
    pub(super) fn adopt(&self, digest: &Digest, from: &Self) -> io::Result<()> {
        match (self, from) {
            (Self::Folder(to), Self::Folder(from)) => to.link(digest, &from.path(digest)),
            (Self::Memory(to), Self::Memory(from)) => {
                to.share(digest, from.get(digest).ok_or(io::ErrorKind::NotFound)?);
                Ok(())
            }
            (Self::Folder(to), Self::Memory(from)) => {
                to.write(digest, &from.get(digest).ok_or(io::ErrorKind::NotFound)?)
            }
            (Self::Memory(to), Self::Folder(from)) => {
                to.insert(digest, read::chunks(File::open(from.path(digest))?)?);
                Ok(())
            }
        }
    }
}
