//! A body that is handed on as it comes.

use super::{
    Transport,
    drive::{Drive, Pause, Piece},
    erased::Slot,
};
use crate::{Error, http::ResponseHead, op::Operation};

/// The body of a streamed operation. Backpressure: nothing is read before it is asked for.
///
/// Chunks are not verified until the stream has ended without an error; [`Stream::finish`] gives the proof.
pub struct Stream<T: Transport, O: Operation> {
    pub(super) body: Body<T>,
    pub(super) output: Slot<O::Output>,
}

impl<T: Transport, O: Operation> Stream<T, O> {
    /// The head of the answer.
    #[must_use]
    pub fn head(&self) -> &ResponseHead {
        &self.body.head
    }

    /// The next chunk; nothing after the end or an error.
    pub async fn next(&mut self) -> Option<Result<Piece<T>, Error>> {
        self.body.next().await
    }

    /// What the operation led to: for a blob, the proof that it is what was asked for. Nothing before the end.
    #[must_use]
    pub fn finish(self) -> Option<O::Output> {
        self.output.take()
    }
}

impl<T: Transport, O: Operation> core::fmt::Debug for Stream<T, O> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Body { head, drive } = &self.body;
        f.debug_struct("Stream").field("head", head).field("ended", &drive.is_none()).finish_non_exhaustive()
    }
}

/// The same without the operation's type: compiled once for all of them.
pub(crate) struct Body<T: Transport> {
    drive: Option<Drive<'static, T>>,
    head: ResponseHead,
}

impl<T: Transport> Body<T> {
    pub(super) async fn open(mut drive: Drive<'static, T>) -> Result<Self, Error> {
        match drive.next(true).await {
            Pause::Open(head) => Ok(Self { drive: Some(drive), head }),
            Pause::Done(done) => {
                done?;
                Ok(Self { drive: None, head: ResponseHead { status: 200, headers: Default::default() } })
            }
            // A chunk cannot come before the head it belongs to.
            Pause::Chunk(_) => Err(crate::Cause::Misuse("a chunk before its head").into()),
        }
    }

    /// The next chunk; nothing after the end or an error.
    pub(crate) async fn next(&mut self) -> Option<Result<Piece<T>, Error>> {
        let drive = self.drive.as_mut()?;
        match drive.next(false).await {
            Pause::Chunk(chunk) => Some(Ok(chunk)),
            Pause::Done(Ok(())) => {
                self.drive = None;
                None
            }
            Pause::Done(Err(error)) => {
                self.drive = None;
                Some(Err(error))
            }
            Pause::Open(_) => Some(Err(crate::Cause::Misuse("a second head").into())),
        }
    }
}
