//! Put Block: a part of a blob that a block list will name.

use super::{Asked, put, receive::Received};
use crate::emulator::storage::{blocks, error::StorageError};
use axum::{body::Body, response::Response};
use std::fs;

/// Largest block: 4,000 MiB, as storage has it.
const LIMIT: u64 = 4_000 << 20;

pub(super) async fn put(asked: Asked, body: Body) -> Result<Response, StorageError> {
    let name = blocks::file_name(asked.link.blockid.as_deref().unwrap_or_default())?;
    let blobs = &asked.storage.blobs;
    let received = Received::write(blobs.stage()?, body, LIMIT).await?;
    let folder = blobs.blocks(&asked.name);
    fs::create_dir_all(&folder)?;
    fs::rename(&received.path, folder.join(name))?;
    received.keep();
    Ok(put::created())
}
