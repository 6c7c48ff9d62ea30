//! One driver for all operations.
//!
//! Compiled for each operation, exchange and driver came to 180 KB of the wasm module; behind a trait object they are
//! there once, and an operation costs only what is its own.

use super::MaybeSend;
use crate::{
    ApiError, Error, Stage,
    auth::Access,
    http::{Request, ResponseHead},
    op::{Context, Next, Operation, Plan, Portion},
};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use std::sync::{Mutex, PoisonError};

/// Where the output of an erased operation is found when it is done.
pub(crate) struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    pub(super) fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// An operation without its type.
pub(crate) struct Erased<'a>(Box<dyn Dynamic + 'a>);

/// `Box<dyn Operation + MaybeSend>` is no type; this is.
trait Dynamic: Operation<Output = ()> + MaybeSend {}
impl<O: Operation<Output = ()> + MaybeSend> Dynamic for O {}

impl<'a> Erased<'a> {
    pub(crate) fn new<O>(op: O) -> (Self, Slot<O::Output>)
    where
        O: Operation + MaybeSend + 'a,
        O::Output: MaybeSend,
    {
        let output = Arc::new(Mutex::new(None));
        (Self(Box::new(Kept { op, output: output.clone() })), Slot(output))
    }
}

struct Kept<O: Operation> {
    op: O,
    output: Arc<Mutex<Option<O::Output>>>,
}

impl<O: Operation> Kept<O> {
    fn keep(&self, next: Next<O::Output>) -> Next<()> {
        match next {
            Next::After(pause) => Next::After(pause),
            Next::Again => Next::Again,
            Next::Retry(error) => Next::Retry(error),
            Next::Done(output) => {
                *self.output.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
                Next::Done(())
            }
        }
    }
}

impl<O: Operation> Operation for Kept<O> {
    type Output = ();

    fn stage(&self) -> Stage {
        self.op.stage()
    }

    fn access(&self) -> Option<Access> {
        self.op.access()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        self.op.request(context)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        self.op.head(head, context)
    }

    fn unacceptable(&mut self, error: Error) -> Result<Next<()>, Error> {
        self.op.unacceptable(error).map(|next| self.keep(next))
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        self.op.chunk(chunk)
    }

    fn resumable(&self) -> bool {
        self.op.resumable()
    }

    fn progressed(&mut self) -> bool {
        self.op.progressed()
    }

    fn accept(&mut self, head: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<()>, Error> {
        self.op.accept(head, body, context).map(|next| self.keep(next))
    }

    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<()>, Error> {
        self.op.refused(error, context).map(|next| self.keep(next))
    }
}

impl Operation for Erased<'_> {
    type Output = ();

    fn stage(&self) -> Stage {
        self.0.stage()
    }

    fn access(&self) -> Option<Access> {
        self.0.access()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        self.0.request(context)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        self.0.head(head, context)
    }

    fn unacceptable(&mut self, error: Error) -> Result<Next<()>, Error> {
        self.0.unacceptable(error)
    }

    fn chunk(&mut self, chunk: &[u8]) -> Result<Portion, Error> {
        self.0.chunk(chunk)
    }

    fn resumable(&self) -> bool {
        self.0.resumable()
    }

    fn progressed(&mut self) -> bool {
        self.0.progressed()
    }

    fn accept(&mut self, head: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<()>, Error> {
        self.0.accept(head, body, context)
    }

    fn refused(&mut self, error: ApiError, context: &mut Context<'_>) -> Result<Next<()>, Error> {
        self.0.refused(error, context)
    }
}
