//! Reads what a client still sends after it was answered.
//!
//! Whoever is refused before all of a body was read is still writing it. If the connection ended then, many a client would see that
//! and never the answer (RFC 9112, section 9.6): a push that begins without a token would break instead of asking for one.

use alloc::sync::Arc;
use axum::{
    Router,
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    http::header,
    response::{IntoResponse as _, Response},
};
use core::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use futures_core::Stream;
use futures_util::StreamExt as _;
use std::sync::{Mutex, PoisonError};
use tokio::time::timeout;
use tower::ServiceExt as _;

/// Bytes that are read for nothing, at the most: twice the largest manifest.
const LIMIT: usize = 8 << 20;
/// How long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Has `router` answer, and reads on what it left of the body.
pub(super) async fn answer(router: Router, request: Request) -> Response {
    // Who expects to be told to go on sends nothing until then.
    if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
        return router.oneshot(request).await.into_response();
    }
    let (parts, body) = request.into_parts();
    let read = Shared(Arc::new(Mutex::new(Some(body.into_data_stream()))));
    let rest = read.clone();
    let response = router.oneshot(Request::from_parts(parts, Body::from_stream(read))).await.into_response();
    if !rest.has_ended() {
        tokio::spawn(timeout(PATIENCE, rest.drain()));
    }
    response
}

/// A body that can be read on when whoever had it has left it. Nothing inside when it has ended.
#[derive(Clone)]
struct Shared(Arc<Mutex<Option<BodyDataStream>>>);

impl Shared {
    fn has_ended(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    async fn drain(mut self) {
        let mut left = LIMIT;
        while let Some(Ok(bytes)) = self.next().await
            && left > 0
        {
            left = left.saturating_sub(bytes.len());
        }
    }
}

impl Stream for Shared {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stream) = &mut *body else { return Poll::Ready(None) };
        let polled = stream.poll_next_unpin(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            *body = None;
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::net::Server;
    use alloc::{format, string::String, vec, vec::Vec};
    use axum::http::StatusCode;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
    };

    async fn connect() -> (TcpStream, Server) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let refuse = || async { StatusCode::UNAUTHORIZED };
        (stream, Server::start(listener, None, Router::new().fallback(refuse)))
    }

    async fn head(stream: &mut TcpStream) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    fn put(length: usize) -> String {
        format!("PUT /v2/a/manifests/b HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n")
    }

    #[tokio::test]
    async fn who_is_refused_may_send_to_the_end_and_go_on() {
        let (mut stream, _server) = connect().await;
        for _ in 0..2 {
            stream.write_all(put(4 << 20).as_bytes()).await.unwrap();
            assert!(head(&mut stream).await.starts_with("HTTP/1.1 401"));
            stream.write_all(&vec![b'x'; 4 << 20]).await.unwrap();
        }
    }

    #[tokio::test]
    async fn nobody_sends_forever() {
        let (mut stream, _server) = connect().await;
        stream.write_all(put(1 << 40).as_bytes()).await.unwrap();
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 401"));
        let (piece, mut sent) = (vec![b'x'; 1 << 20], 0);
        while stream.write_all(&piece).await.is_ok() {
            sent += 1;
            assert!(sent < 100, "{sent} MiB were taken");
        }
    }
}
