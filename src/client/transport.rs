//! What the driver needs from the world: requests, sleep, time and chance.

use crate::{
    Tick, TransportError,
    http::{Request, ResponseHead},
};
use core::{future::Future, ops::Range, time::Duration};

/// `Send` where threads exist; nothing on single-threaded wasm, whose futures hold JavaScript values.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}
/// `Send` where threads exist; nothing on single-threaded wasm, whose futures hold JavaScript values.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// `Sync` where threads exist.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSync: Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Sync> MaybeSync for T {}
/// `Sync` where threads exist.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSync {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSync for T {}

/// Carries requests. Decides nothing: no redirects, no cookies, no credentials, no retries.
///
/// Dropping a future or a body aborts the request it belongs to.
pub trait Transport: MaybeSend + MaybeSync + 'static {
    /// A response body under way.
    type Body: ResponseBody;

    /// Sends a request and waits for the head of the answer. `Request::connect` is the transport's to keep;
    /// `Request::within` is the driver's.
    fn send(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<(ResponseHead, Self::Body), TransportError>> + MaybeSend;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + MaybeSend;

    /// Time and chance, now.
    fn tick(&self) -> Tick;
}

/// Chunks of a response body, in order.
pub trait ResponseBody: MaybeSend + 'static {
    /// Bytes as the transport has them.
    type Chunk: Chunk;

    /// The next chunk; nothing at the end of the body. A body cut short of its framing is an error.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Self::Chunk>, TransportError>> + MaybeSend;
}

/// Bytes of a body, which can be narrowed without copying.
pub trait Chunk: AsRef<[u8]> + MaybeSend + 'static {
    /// The part of it that `range` names; the driver keeps `range` within bounds.
    #[must_use]
    fn slice(self, range: Range<usize>) -> Self;
}

impl Chunk for bytes::Bytes {
    fn slice(self, range: Range<usize>) -> Self {
        Self::slice(&self, range)
    }
}
