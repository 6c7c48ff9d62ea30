//! A build context on its way to storage.

use crate::{
    Error, LimitExceeded,
    azure::storage::{BLOCK, PutBlob, PutBlock, PutBlockList, SignedUrl},
    client::{MaybeSend, Registry, Transport},
};
use alloc::vec::Vec;
use core::future::Future;

/// What storage takes in one blob.
const BLOCKS: u32 = 50_000;

/// Gives bytes piece by piece.
pub trait Source: MaybeSend {
    /// The next bytes, however many; nothing at the end.
    fn read(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + MaybeSend;
}

/// Bytes that are there.
///
/// ```
/// let source = portolan::client::azure::Whole::new(b"context".as_slice());
/// # let _ = source;
/// ```
#[derive(Debug)]
pub struct Whole(Option<Vec<u8>>);

impl Whole {
    /// All of it.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Some(bytes.into()))
    }
}

impl Source for Whole {
    async fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.0.take())
    }
}

/// Brings all that `source` gives to a signed address, through a session of ARM's. No more than a block is held at once.
///
/// # Errors
/// Whatever source, storage or network have to say.
pub async fn upload<T: Transport>(
    session: &Registry<T>,
    url: &SignedUrl,
    mut source: impl Source,
) -> Result<(), Error> {
    let mut upload = Upload::new(session.clone(), url.clone());
    while let Some(piece) = source.read().await? {
        upload.push(&piece).await?;
    }
    upload.finish().await
}

/// An upload of which the bytes are pushed.
#[derive(Debug)]
pub(crate) struct Upload<T> {
    session: Registry<T>,
    url: SignedUrl,
    buffer: Vec<u8>,
    blocks: u32,
}

impl<T: Transport> Upload<T> {
    pub(crate) fn new(session: Registry<T>, url: SignedUrl) -> Self {
        Self { session, url, buffer: Vec::new(), blocks: 0 }
    }

    /// Takes bytes, and sends what makes a block.
    pub(crate) async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() > BLOCK {
            let rest = self.buffer.split_off(BLOCK);
            let block = core::mem::replace(&mut self.buffer, rest);
            self.put_block(block).await?;
        }
        Ok(())
    }

    /// Sends what is left, and makes the blob.
    pub(crate) async fn finish(&mut self) -> Result<(), Error> {
        let rest = core::mem::take(&mut self.buffer);
        if self.blocks == 0 {
            return self.session.run(PutBlob::new(self.url.clone(), rest.into())).await;
        }
        self.put_block(rest).await?;
        self.session.run(PutBlockList::new(self.url.clone(), self.blocks)).await
    }

    async fn put_block(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        if self.blocks >= BLOCKS {
            return Err(LimitExceeded { which: "blocks of one upload", limit: u64::from(BLOCKS) }.into());
        }
        self.session.run(PutBlock::new(self.url.clone(), self.blocks, bytes.into())).await?;
        self.blocks += 1;
        Ok(())
    }
}
