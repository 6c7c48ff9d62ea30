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
    let (mut buffer, mut blocks) = (Vec::new(), 0);
    while let Some(piece) = source.read().await? {
        buffer.extend_from_slice(&piece);
        while buffer.len() > BLOCK {
            let rest = buffer.split_off(BLOCK);
            put_block(session, url, &mut blocks, core::mem::replace(&mut buffer, rest)).await?;
        }
    }
    if blocks == 0 {
        return session.run(PutBlob::new(url.clone(), buffer.into())).await;
    }
    put_block(session, url, &mut blocks, buffer).await?;
    session.run(PutBlockList::new(url.clone(), blocks)).await
}

async fn put_block<T: Transport>(
    session: &Registry<T>,
    url: &SignedUrl,
    blocks: &mut u32,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    if *blocks >= BLOCKS {
        return Err(LimitExceeded { which: "blocks of one upload", limit: u64::from(BLOCKS) }.into());
    }
    session.run(PutBlock::new(url.clone(), *blocks, bytes.into())).await?;
    *blocks += 1;
    Ok(())
}
