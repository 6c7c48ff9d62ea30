//! One file of an image, driven.

use super::{ImageFiles, Stream, Transport};
use crate::{
    Cause, Error,
    layers::{EntryRef, FileRead, ReadOutcome},
    op::BlobSlice,
};

/// The content of one file, read by a range of its layer.
///
/// What [`FileStream::next`] gives is not verified before [`FileStream::finish`] says so.
#[derive(Debug)]
pub struct FileStream<T: Transport> {
    read: FileRead,
    /// Nothing where no byte of the layer is needed.
    stream: Option<Stream<T, BlobSlice>>,
    downloaded: u64,
}

impl<T: Transport> ImageFiles<T> {
    /// Opens a file, or its first `limit` bytes. `entry` is one of the tree's and a file; `layer` is the place of the layer it is in.
    ///
    /// # Errors
    /// As [`FileRead::plan`] and [`Registry::blob`](super::Registry::blob).
    pub async fn open(&self, layer: usize, entry: EntryRef<'_>, limit: Option<u64>) -> Result<FileStream<T>, Error> {
        let open = self.layers().get(layer).ok_or(Cause::Misuse("no such layer"))?;
        let facts = open.facts.as_ref().map_err(Clone::clone)?;
        let read = FileRead::plan_entry(facts, &open.checkpoints, entry, limit, &self.registry.limits())?;
        let range = read.range();
        if range.is_empty() {
            return Ok(FileStream { read, stream: None, downloaded: 0 });
        }
        let op = BlobSlice::new(&self.repository, &open.descriptor.digest, open.descriptor.size, range);
        Ok(FileStream { read, stream: Some(self.registry.open(op).await?), downloaded: 0 })
    }
}

impl<T: Transport> FileStream<T> {
    /// Reads on, and gives what comes out to `out`, in pieces of any size: holes may be large. False at the end.
    ///
    /// # Errors
    /// Of the registry, the network, or a layer that is not what its index says.
    pub async fn next(&mut self, out: &mut (dyn FnMut(&[u8]) + Send)) -> Result<bool, Error> {
        if self.read.is_done() {
            return Ok(false);
        }
        let chunk = match &mut self.stream {
            Some(stream) => stream.next().await.transpose()?,
            None => None,
        };
        let Some(chunk) = chunk else {
            // What is still missing then is a hole, for which no byte is needed.
            self.read.push(&[], out)?;
            return Ok(false);
        };
        self.downloaded = self.downloaded.saturating_add(chunk.as_ref().len() as u64);
        self.read.push(chunk.as_ref(), out)?;
        Ok(true)
    }

    /// Ends the read.
    ///
    /// # Errors
    /// As [`FileRead::finish`]: nothing that was given out is good then.
    pub fn finish(self) -> Result<ReadOutcome, Error> {
        self.read.finish()
    }

    /// Bytes of the layer that came for it.
    #[must_use]
    pub fn downloaded(&self) -> u64 {
        self.downloaded
    }
}
