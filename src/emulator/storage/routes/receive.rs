//! A body into a file, up to a limit.

use crate::emulator::storage::error::{self, StorageError};
use axum::body::Body;
use futures_util::StreamExt as _;
use std::path::PathBuf;
use tokio::{fs::File, io::AsyncWriteExt as _};

/// A file that is taken away unless it was kept.
pub(super) struct Received {
    pub(super) path: PathBuf,
    kept: bool,
}

impl Received {
    /// Writes `body` to a new file at `path`.
    pub(super) async fn write(path: PathBuf, body: Body, limit: u64) -> Result<Self, StorageError> {
        let mut file = File::create_new(&path).await?;
        let received = Self { path, kept: false };
        let mut left = limit;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            // The client went away: nobody will read the answer.
            let chunk = chunk.map_err(|_| error::BROKEN)?;
            left = left.checked_sub(chunk.len() as u64).ok_or(error::TOO_LARGE)?;
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        Ok(received)
    }

    /// The file has become something.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        if !self.kept {
            // Gone already, or swept away at the next start.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
