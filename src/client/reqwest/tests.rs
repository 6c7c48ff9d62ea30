//! The stock transport against servers that these tests write byte by byte.

use super::*;
use crate::{Limits, Secret, http::Method, http::Url};
use alloc::{boxed::Box, format, string::ToString as _, vec};
use core::net::SocketAddr;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc,
};

/// Answers every connection with `answer`, then closes it. What was received comes out of the channel.
async fn server(answer: impl Into<Vec<u8>>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::unbounded_channel();
    let answer = answer.into();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (sender, answer) = (sender.clone(), answer.clone());
            tokio::spawn(async move { serve(stream, &answer, &sender).await });
        }
    });
    (address, receiver)
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8], seen: &mpsc::UnboundedSender<String>) {
    let mut request = Vec::new();
    // A TLS greeting (22) has no end that a plain server would know.
    while !request.windows(4).any(|w| w == b"\r\n\r\n") && request.first() != Some(&22) {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let _ = seen.send(String::from_utf8_lossy(&request).into_owned());
    let _ = stream.write_all(answer).await;
    let _ = stream.shutdown().await;
}

fn request(url: &str) -> Request {
    Request::new(Method::Get, url.parse::<Url>().unwrap(), &Limits::DEFAULT)
}

async fn collect(mut body: ReqwestBody) -> Result<Vec<u8>, TransportError> {
    let mut all = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all)
}

async fn failure(transport: &ReqwestTransport, request: Request) -> TransportError {
    transport.send(request).await.map(|(head, _)| head).unwrap_err()
}

#[tokio::test]
async fn a_request_leaves_as_it_is_and_the_answer_comes_back_as_it_is() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\nX-A: 1\r\nX-A: 2\r\n\r\nabc";
    let (address, mut seen) = server(answer).await;
    let mut request = request(&format!("http://{address}/v2/?n=1&last=a%2Fb"));
    request.headers.push("Accept", "application/json");
    request.authorization = Some(Secret::new("Bearer t"));
    request.reload = true;
    let (head, body) = ReqwestTransport::new().unwrap().send(request).await.unwrap();
    assert_eq!(head.status, 200);
    assert_eq!(head.headers.all("x-a").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(collect(body).await.unwrap(), b"abc", "nothing is decoded on the way");

    let sent = seen.recv().await.unwrap().to_ascii_lowercase();
    let mut lines: Vec<_> = sent.trim_end().lines().collect();
    assert_eq!(lines.remove(0), "get /v2/?n=1&last=a%2fb http/1.1");
    lines.sort_unstable();
    let (agent, host) = (format!("user-agent: portolan/{}", env!("CARGO_PKG_VERSION")), format!("host: {address}"));
    let expected = ["accept: application/json", "authorization: bearer t", "cache-control: no-cache", &host, &agent];
    assert_eq!(lines, expected, "nothing else is added");
}

#[tokio::test]
async fn forms_are_posted() {
    let (address, mut seen) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let mut request = request(&format!("http://{address}/token"));
    request.method = Method::Post;
    request.body = Body::Form(Secret::new("grant_type=password"));
    ReqwestTransport::new().unwrap().send(request).await.unwrap();
    let sent = seen.recv().await.unwrap().to_ascii_lowercase();
    assert!(sent.starts_with("post /token "), "{sent}");
    assert!(sent.contains("content-type: application/x-www-form-urlencoded\r\n"), "{sent}");
    assert!(sent.contains("content-length: 19\r\n"), "{sent}");
}

#[tokio::test]
async fn r08_redirects_and_cookies_are_left_to_the_core() {
    let answer = "HTTP/1.1 307 T\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n";
    let (address, mut seen) = server(answer).await;
    let transport = ReqwestTransport::new().unwrap();
    for _ in 0..2 {
        let (head, _) = transport.send(request(&format!("http://{address}/"))).await.unwrap();
        assert_eq!((head.status, head.headers.get("location")), (307, Some("/elsewhere")));
    }
    let sent = [seen.recv().await.unwrap(), seen.recv().await.unwrap()].concat().to_ascii_lowercase();
    assert!(seen.try_recv().is_err(), "two requests, two connections");
    assert!(!sent.contains("cookie:") && !sent.contains("referer:"), "{sent}");
}

#[tokio::test]
async fn t01_t02_a_body_cut_short_is_interrupted() {
    for head in ["Content-Length: 10", "Transfer-Encoding: chunked"] {
        let (address, _seen) = server(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n3\r\nabc")).await;
        let (_, body) = ReqwestTransport::new().unwrap().send(request(&format!("http://{address}/"))).await.unwrap();
        let error = collect(body).await.unwrap_err();
        assert!(matches!(error, TransportError::Interrupted(_)), "{head}: {error:?}");
    }
}

#[tokio::test]
async fn h11_hundreds_of_headers_still_give_a_status() {
    let fields: String = (0..500).map(|i| format!("X-{i}: 1\r\n")).collect();
    let (address, _seen) = server(format!("HTTP/1.1 503 No\r\n{fields}Content-Length: 0\r\n\r\n")).await;
    let (head, _) = ReqwestTransport::new().unwrap().send(request(&format!("http://{address}/"))).await.unwrap();
    assert_eq!((head.status, head.headers.len()), (503, 501));
}

#[tokio::test]
async fn t07_t08_failures_have_their_kinds() {
    let transport = ReqwestTransport::new().unwrap();
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let error = failure(&transport, request(&format!("http://{free}/?sig=secret"))).await;
    assert!(matches!(&error, TransportError::Connect(text) if !text.contains("secret")), "{error:?}");

    let error = failure(&transport, request("https://no-such-name.invalid/")).await;
    assert!(matches!(error, TransportError::Name(_)), "{error:?}");

    let error = failure(&transport, request("http://registry.example/")).await;
    assert!(matches!(error, TransportError::Insecure(_)), "{error:?}");

    // Plain http where TLS was asked for: refused, and never tried without.
    let (address, _seen) = server("HTTP/1.1 200 OK\r\n\r\n").await;
    let error = failure(&transport, request(&format!("https://{address}/"))).await;
    assert!(matches!(error, TransportError::Tls(_)), "{error:?}");

    let (address, _seen) = server("").await;
    let error = failure(&transport, request(&format!("http://{address}/"))).await;
    assert!(matches!(error, TransportError::Interrupted(_)), "{error:?}");
}

#[tokio::test]
async fn r07_internal_addresses_are_refused_before_dialling() {
    let (address, mut seen) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let transport = ReqwestTransport::new().unwrap();
    let named_by = |peer: &str, host: &str| {
        let mut request = request(&format!("http://{host}:{}/", address.port()));
        request.named_by = Some(peer.parse::<Url>().unwrap().origin().clone());
        request
    };
    for peer in ["https://registry.invalid/", "https://1.1.1.1/"] {
        for host in ["127.0.0.1", "[::1]", "localhost", "a.localhost", "[::ffff:127.0.0.1]"] {
            let error = failure(&transport, named_by(peer, host)).await;
            assert!(matches!(error, TransportError::Address(_)), "{peer} {host}: {error:?}");
        }
    }
    assert!(seen.try_recv().is_err());
    for peer in ["http://10.0.0.1/", "http://localhost:5000/"] {
        transport.send(named_by(peer, "localhost")).await.unwrap();
    }
}

#[tokio::test]
async fn t08_certificates_are_checked_and_own_ones_can_be_added() {
    let key = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der())),
        )
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (sender, _receiver) = mpsc::unbounded_channel();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(stream) = Box::pin(acceptor.accept(stream)).await {
                serve(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", &sender).await;
            }
        }
    });

    let url = format!("https://localhost:{port}/");
    let error = failure(&ReqwestTransport::new().unwrap(), request(&url)).await;
    assert!(matches!(error, TransportError::Tls(_)), "{error:?}");

    let trusting = ReqwestTransport::builder().ca_pem(key.cert.pem()).build().unwrap();
    let (head, body) = trusting.send(request(&url)).await.unwrap();
    assert_eq!((head.status, collect(body).await.unwrap().as_slice()), (200, &b"ok"[..]));

    let error = failure(&trusting, request(&format!("https://127.0.0.1:{port}/"))).await;
    assert!(matches!(error, TransportError::Tls(_)), "another name, the same certificate: {error:?}");
}

#[tokio::test]
async fn t07_a_silent_server_times_out_at_connect() {
    // A full backlog: connections beyond it hang.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let held: Vec<_> = (0..2).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
    let mut request = request(&format!("http://{address}/"));
    request.connect = Duration::from_millis(200);
    let error = failure(&ReqwestTransport::new().unwrap(), request).await;
    assert!(matches!(error, TransportError::Timeout(_)), "{error:?}");
    drop(held);
}

#[tokio::test]
async fn dropping_a_body_closes_its_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let endless = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n").await.unwrap();
        let mut sent = 0_u64;
        while stream.write_all(&[0; 65_536]).await.is_ok() {
            sent += 65_536;
        }
        sent
    });
    let (_, mut body) = ReqwestTransport::new().unwrap().send(request(&format!("http://{address}/"))).await.unwrap();
    body.chunk().await.unwrap();
    // Nobody reads: the server is held back by the sockets' buffers.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!endless.is_finished());
    drop(body);
    let sent = tokio::time::timeout(Duration::from_secs(30), endless).await.unwrap().unwrap();
    assert!(sent < 64 << 20, "{sent} bytes were taken from the server with nobody reading");
}

#[test]
fn ticks_advance_and_differ() {
    let transport = ReqwestTransport::new().unwrap();
    let (a, b) = (transport.tick(), transport.tick());
    assert!(a.monotonic <= b.monotonic && a.unix > 1_700_000_000);
    assert_ne!(a.random, b.random);
}
