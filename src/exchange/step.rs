//! What passes between an exchange and its driver.

use crate::{
    TransportError,
    http::{Request, ResponseHead},
};
use alloc::boxed::Box;
use core::time::Duration;

/// What the driver has to do next.
#[derive(Debug)]
#[must_use]
pub enum Step<T> {
    /// It is over. If a body is still open, drop its connection.
    Done(T),
    /// Give the next chunk of the body within this time: [`Event::Chunk`], [`Event::End`] or [`Event::Failed`].
    Read(Duration),
    /// Send this and give [`Event::Head`], or [`Event::Failed`]. An older body still open is to be dropped.
    Send(Box<Request>),
    /// Poll again later.
    Wait(Wait),
}

/// When to poll again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// After this time at the latest.
    pub at_most: Duration,
    /// Sooner if another exchange of the session has moved.
    pub or_change: bool,
}

/// What happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// Bytes of the body.
    Chunk(&'a [u8]),
    /// The body is over, by its own framing.
    End,
    /// No answer, or no more of it.
    Failed(TransportError),
    /// The answer's head.
    Head(ResponseHead),
}
