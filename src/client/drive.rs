//! The loop between an exchange and a transport.

use super::{Chunk, ResponseBody, Transport, erased::Erased};
use crate::{
    Error, Event, Exchange, Session, Step, TransportError,
    http::{Request, ResponseHead},
};
use alloc::sync::Arc;
use core::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What the exchanges with one registry share, and how they wake each other.
pub(super) struct Shared<T> {
    pub(super) transport: T,
    session: Mutex<Session>,
    changed: Notify,
}

impl<T> Shared<T> {
    pub(super) fn new(transport: T, session: Session) -> Self {
        Self { transport, session: Mutex::new(session), changed: Notify::new() }
    }

    /// A panic elsewhere must not poison the client: the session is consistent between calls.
    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange under way. Dropping it gives back what it holds of the session and drops its connection.
pub(super) struct Drive<'a, T: Transport> {
    shared: Arc<Shared<T>>,
    exchange: Exchange<Erased<'a>>,
    body: Option<T::Body>,
}

/// Why the loop paused.
pub(super) enum Pause<C> {
    /// The operation's output is in its slot.
    Done(Result<(), Error>),
    Chunk(C),
    /// The head of a streamed answer has come.
    Open(ResponseHead),
}

impl<'a, T: Transport> Drive<'a, T> {
    pub(super) fn new(shared: Arc<Shared<T>>, op: Erased<'a>) -> Self {
        let exchange = Exchange::new(op, &mut shared.session());
        Self { shared, exchange, body: None }
    }

    /// Runs until the end, dropping streamed bytes.
    pub(super) async fn finish(&mut self) -> Result<(), Error> {
        loop {
            if let Pause::Done(result) = self.next(false).await {
                return result;
            }
        }
    }

    /// Runs until the next chunk or the end; with `open`, also pauses at the head of a streamed answer.
    pub(super) async fn next(&mut self, open: bool) -> Pause<Piece<T>> {
        let shared = self.shared.clone();
        loop {
            // Made before the look at the session, so that no change between the two is missed.
            let changed = shared.changed.notified();
            match self.poll() {
                Step::Done(result) => {
                    self.body = None;
                    self.shared.changed.notify_waiters();
                    return Pause::Done(result);
                }
                Step::Wait(wait) => {
                    let sleep = shared.transport.sleep(wait.at_most);
                    if wait.or_change {
                        let _ = race(changed, sleep).await;
                    } else {
                        sleep.await;
                    }
                }
                Step::Send(request) => {
                    self.send(*request).await;
                    if open && let Some(head) = self.exchange.streaming() {
                        return Pause::Open(head.clone());
                    }
                }
                Step::Read(within) => {
                    if let Some(chunk) = self.read(within).await {
                        return Pause::Chunk(chunk);
                    }
                }
            }
        }
    }

    fn poll(&mut self) -> Step<Result<(), Error>> {
        let tick = self.shared.transport.tick();
        self.exchange.poll(&mut self.shared.session(), tick)
    }

    fn handle(&mut self, event: Event<'_>) -> core::ops::Range<usize> {
        let tick = self.shared.transport.tick();
        let delivered = self.exchange.handle(&mut self.shared.session(), tick, event);
        self.shared.changed.notify_waiters();
        delivered
    }

    async fn send(&mut self, request: Request) {
        self.body = None;
        let within = request.within;
        let answer = race(self.shared.transport.send(request), self.shared.transport.sleep(within)).await;
        match answer {
            Some(Ok((head, body))) => {
                self.body = Some(body);
                self.handle(Event::Head(head));
            }
            Some(Err(error)) => {
                self.handle(Event::Failed(error));
            }
            None => {
                self.handle(Event::Failed(TransportError::Timeout("no response headers")));
            }
        }
    }

    /// The next chunk for the caller; nothing if the exchange has to be asked again first.
    async fn read(&mut self, within: Duration) -> Option<Piece<T>> {
        let Some(body) = &mut self.body else {
            self.handle(Event::End);
            return None;
        };
        let chunk = race(body.chunk(), self.shared.transport.sleep(within)).await;
        match chunk {
            Some(Ok(Some(chunk))) => {
                let delivered = self.handle(Event::Chunk(chunk.as_ref()));
                (!delivered.is_empty()).then(|| chunk.slice(delivered))
            }
            Some(Ok(None)) => {
                self.handle(Event::End);
                None
            }
            Some(Err(error)) => {
                self.body = None;
                self.handle(Event::Failed(error));
                None
            }
            None => {
                self.body = None;
                self.handle(Event::Failed(TransportError::Stalled("no body byte")));
                None
            }
        }
    }
}

/// A chunk of the transport's own kind.
pub(super) type Piece<T> = <<T as Transport>::Body as ResponseBody>::Chunk;

impl<T: Transport> Drop for Drive<'_, T> {
    fn drop(&mut self) {
        self.exchange.abandon(&mut self.shared.session());
        self.shared.changed.notify_waiters();
    }
}

/// The first future's output, or nothing if the second is done before.
async fn race<A: Future, B: Future<Output = ()>>(first: A, second: B) -> Option<A::Output> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => second.as_mut().poll(cx).map(|()| None),
    })
    .await
}
