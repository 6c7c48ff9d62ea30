//! Put Block List: makes a blob of blocks.

use super::{Asked, put, receive::Received};
use crate::emulator::storage::{
    blobs::Blobs,
    blocks,
    error::{self, StorageError},
};
use alloc::{string::String, vec::Vec};
use axum::{
    body::{Body, to_bytes},
    response::Response,
};
use std::path::Path;

/// Longest list: 50,000 blocks have room in it.
const LIMIT: usize = 8 << 20;

pub(super) async fn put(asked: Asked, body: Body) -> Result<Response, StorageError> {
    put::refuse_existing(&asked)?;
    let list = to_bytes(body, LIMIT).await.map_err(|_| error::TOO_LARGE)?;
    let blocks = blocks::listed(&list)?;
    let blobs = &asked.storage.blobs;
    let folder = blobs.blocks(&asked.name);
    let joined = join(blobs, &folder, &blocks).await?;
    blobs.publish(&joined.path, &asked.name, &put::about(&asked.headers))?;
    joined.keep();
    if folder.exists() {
        tokio::fs::remove_dir_all(&folder).await?;
    }
    Ok(put::created())
}

/// All blocks, one after the other, in a new file.
async fn join(blobs: &Blobs, folder: &Path, blocks: &[String]) -> Result<Received, StorageError> {
    let joined = Received::write(blobs.stage()?, Body::empty(), 0).await?;
    let mut out = tokio::fs::OpenOptions::new().append(true).open(&joined.path).await?;
    let paths: Vec<_> = blocks.iter().map(|block| folder.join(block)).collect();
    for path in paths {
        let mut block = tokio::fs::File::open(path).await.map_err(|_| error::BAD_LIST)?;
        tokio::io::copy(&mut block, &mut out).await?;
    }
    tokio::io::AsyncWriteExt::flush(&mut out).await?;
    Ok(joined)
}
