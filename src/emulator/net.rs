//! Listeners: loopback only, TLS and plain http on one port, told apart by the first byte.

use super::{drain, faults::HangUp, site::CameBy};
use crate::{
    http::Scheme,
    listen::{self, Open, Patient, ServerLimits},
};
use alloc::{boxed::Box, format, sync::Arc};
use axum::{Router, extract::Request};
use core::{
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use rustls::ServerConfig;
use std::io;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// First byte of a TLS handshake (RFC 8446 section 5.1); no method of HTTP begins with it.
const HANDSHAKE: u8 = 0x16;

/// How many ports are tried one after the other.
const TRIES: u16 = 500;

/// Bounds of our listeners: room for long tokens and for uploads at full speed, patience with slow readers.
const LIMITS: ServerLimits = ServerLimits {
    connections: 2_000,
    head_bytes: 256 << 10,
    head_fields: 100,
    head: Duration::from_secs(60),
    stalled: Duration::from_secs(300),
    grace: Duration::from_secs(2),
    ..ServerLimits::DEFAULT
};

/// Binds at `address`: to `kept` where that is free, else counting up from `first`, else to any free port.
pub(crate) async fn bind(address: IpAddr, kept: Option<u16>, first: u16) -> io::Result<TcpListener> {
    if !address.is_loopback() {
        let what = format!("{address} is no loopback address, and this is no server for others");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    if let Some(port) = kept
        && let Ok(listener) = TcpListener::bind((address, port)).await
    {
        return Ok(listener);
    }
    if first != 0 {
        for port in first..=first.saturating_add(TRIES) {
            match TcpListener::bind((address, port)).await {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                other => return other,
            }
        }
    }
    TcpListener::bind((address, 0)).await
}

/// Something that listens, until it is dropped or told to stop.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Serves `router`; without `tls` to plain http alone.
    pub(crate) fn start(listener: TcpListener, tls: Option<Arc<ServerConfig>>, router: Router) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let answer = move |request: Request| {
            let router = router.clone();
            async move { HangUp::check(drain::answer(router, request).await) }
        };
        let serving = tokio::spawn(async move {
            let asked = async move { _ = stopped.wait_for(|stop| *stop).await };
            listen::run(listener, &LIMITS, Either(tls.map(TlsAcceptor::from)), answer, asked).await;
        });
        Self { stop, serving }
    }

    /// Ends it, when requests under way are answered or their time is up.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        let _ = self.serving.await;
    }
}

/// TLS or not, as the client begins.
#[derive(Clone)]
struct Either(Option<TlsAcceptor>);

impl Open for Either {
    type Stream = Stream;
    type Known = CameBy;

    async fn open(self, stream: Patient) -> io::Result<(Stream, CameBy)> {
        let mut first = [0];
        stream.stream().peek(&mut first).await?;
        if first != [HANDSHAKE] {
            return Ok((Stream::Plain(stream), CameBy(Scheme::Http)));
        }
        let acceptor = self.0.ok_or_else(|| io::Error::new(io::ErrorKind::Unsupported, "TLS is off here"))?;
        let stream = acceptor.accept(stream).await?;
        Ok((Stream::Tls(Box::new(stream)), CameBy(Scheme::Https)))
    }
}

enum Stream {
    Plain(Patient),
    Tls(Box<TlsStream<Patient>>),
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(stream) => stream.is_write_vectored(),
            Self::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
