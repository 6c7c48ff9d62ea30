//! From a body to a session: while one batch is hashed and written, the next one comes.

use super::session::Session;
use crate::emulator::store::error::StoreError;
use alloc::vec::Vec;
use bytes::Bytes;
use core::pin::pin;
use futures_core::Stream;
use futures_util::StreamExt as _;
use std::io;
use tokio::{
    sync::OwnedMutexGuard,
    task::{JoinHandle, spawn_blocking},
};

/// Bytes that are written at a time.
const BATCH: usize = 1 << 20;

type Guard = OwnedMutexGuard<Session>;

/// Pours `body` into the session. Returns how many bytes are there then.
pub(super) async fn pour<S, E>(session: Guard, body: S) -> Result<u64, StoreError>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let mut body = pin!(body);
    let mut writing = Writing::Idle(session);
    loop {
        let (batch, end) = next_batch(&mut body).await;
        let mut session = writing.idle().await?;
        let Some(end) = end else {
            writing = Writing::start(session, batch);
            continue;
        };
        if !batch.is_empty() {
            session = Writing::start(session, batch).idle().await?;
        }
        session.rest();
        let position = session.position();
        return if end { Ok(position) } else { Err(StoreError::BrokenOff(position)) };
    }
}

/// The next bytes, and, if they are the last ones, whether the body ended as it should.
async fn next_batch<S, E>(body: &mut S) -> (Vec<Bytes>, Option<bool>)
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let (mut batch, mut length) = (Vec::new(), 0);
    while length < BATCH {
        match body.next().await {
            Some(Ok(chunk)) => {
                length += chunk.len();
                batch.push(chunk);
            }
            Some(Err(_)) => return (batch, Some(false)),
            None => return (batch, Some(true)),
        }
    }
    (batch, None)
}

enum Writing {
    Idle(Guard),
    Busy(JoinHandle<(Guard, io::Result<()>)>),
}

impl Writing {
    fn start(mut session: Guard, batch: Vec<Bytes>) -> Self {
        Self::Busy(spawn_blocking(move || {
            let written = session.write(batch);
            (session, written)
        }))
    }

    async fn idle(self) -> Result<Guard, StoreError> {
        match self {
            Self::Idle(session) => Ok(session),
            Self::Busy(task) => {
                let (session, written) = task.await.map_err(io::Error::other)?;
                written?;
                Ok(session)
            }
        }
    }
}
