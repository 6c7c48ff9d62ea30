//! Connections: how many, how long, and how they end.

use alloc::sync::Arc;
use axum::{BoxError, body::Body, extract::Request, response::Response};
use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use std::io;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Sleep, sleep, timeout},
};

/// Bounds of the server itself.
///
/// ```
/// # #[cfg(feature = "server")] {
/// let limits = portolan::server::ServerLimits { connections: 64, ..portolan::server::ServerLimits::DEFAULT };
/// assert_eq!(limits.relayed, 32);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Connections at a time; further ones wait to be accepted.
    pub connections: usize,
    /// Bytes of one request's head.
    pub head_bytes: usize,
    /// Header fields of one request.
    pub head_fields: usize,
    /// Time for a request's head to come, and for a connection to lie idle.
    pub head: Duration,
    /// Time without a byte taken by the peer.
    pub stalled: Duration,
    /// Relayed requests under way to one registry.
    pub relayed: usize,
    /// Time that a relayed request waits for its turn.
    pub queue: Duration,
    /// Time for connections to end after shutdown was asked for.
    pub grace: Duration,
}

impl ServerLimits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        connections: 512,
        head_bytes: 32 << 10,
        head_fields: 64,
        head: Duration::from_secs(15),
        stalled: Duration::from_secs(60),
        relayed: 32,
        queue: Duration::from_secs(20),
        grace: Duration::from_secs(5),
    };
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The address that a connection was made to, as a request extension.
#[derive(Clone, Copy, Debug)]
#[cfg(feature = "server")]
pub(crate) struct LocalAddress(pub(crate) core::net::SocketAddr);

/// Makes of a TCP connection what HTTP is spoken on.
pub(crate) trait Open: Clone + Send + 'static {
    /// That.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// What requests should know of the connection, as an extension.
    type Known: Clone + Send + Sync + 'static;

    /// Shakes hands, or does nothing.
    fn open(self, stream: Patient) -> impl Future<Output = io::Result<(Self::Stream, Self::Known)>> + Send;
}

/// HTTP on the connection as it is.
#[cfg(feature = "server")]
#[derive(Clone, Copy)]
pub(crate) struct Plain;

#[cfg(feature = "server")]
impl Open for Plain {
    type Stream = Patient;
    type Known = LocalAddress;

    async fn open(self, stream: Patient) -> io::Result<(Patient, LocalAddress)> {
        let local = stream.stream().local_addr()?;
        Ok((stream, LocalAddress(local)))
    }
}

/// Serves until `shutdown`, then lets connections end for a while. An answer that is an error closes its connection.
pub(crate) async fn run<O, A, F, E>(
    listener: TcpListener,
    limits: &ServerLimits,
    open: O,
    answer: A,
    shutdown: impl Future<Output = ()>,
) where
    O: Open,
    A: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response, E>> + Send + 'static,
    E: Into<BoxError> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, stream) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let opening = open.clone().open(Patient::new(stream, limits.stalled));
        let serving = serve(opening, limits.clone(), answer.clone(), graceful.watcher());
        tokio::spawn(async move {
            serving.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = timeout(limits.grace, graceful.shutdown()).await;
}

/// One connection. How it fails is the peer's affair: a reset, a timeout, a malformed head that was answered.
async fn serve<S, K, A, F, E>(
    opening: impl Future<Output = io::Result<(S, K)>>,
    limits: ServerLimits,
    answer: A,
    watcher: Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    K: Clone + Send + Sync + 'static,
    A: Fn(Request) -> F,
    F: Future<Output = Result<Response, E>>,
    E: Into<BoxError>,
{
    let Ok(Ok((stream, known))) = timeout(limits.head, opening).await else { return };
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(known.clone());
        answer(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.head_fields)
        .max_buf_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service);
    let _ = watcher.watch(connection).await;
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Heads and small bodies leave at once; failing to ask for that costs milliseconds.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            // Out of file descriptors, or a connection that is gone already: neither is for ever.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A connection whose peer must take bytes now and then: a tab that neither reads nor closes would hold an upstream for
/// ever.
pub(crate) struct Patient {
    stream: TcpStream,
    patience: Duration,
    waiting: Option<Pin<alloc::boxed::Box<Sleep>>>,
}

impl Patient {
    fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, waiting: None }
    }

    /// The connection itself, to look at.
    pub(crate) const fn stream(&self) -> &TcpStream {
        &self.stream
    }

    fn judge<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| alloc::boxed::Box::pin(sleep(patience)));
        waiting.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
