//! A registry of one blob and one manifest behind the layer, and our client in front of it.

use crate::{
    Digest, Error, RegistryConfig, RepositoryName,
    client::{Registry, ReqwestTransport},
    emulator::{
        callers::Presented,
        faults::{Endpoint, Faults, HangUp, Kind},
    },
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::any,
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::sync::Mutex;
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, net::TcpListener, net::TcpStream, task::JoinHandle};
use tower::ServiceExt as _;

/// Bytes of the blob: more than a socket takes at once.
pub(super) const SIZE: usize = 3_000_000;

const MANIFEST: &[u8] = br#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"#;

pub(super) fn blob() -> Vec<u8> {
    (0..SIZE).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()
}

/// What came to the registry itself: method, path and `Range`.
type Seen = Arc<Mutex<Vec<String>>>;

pub(super) struct Peer {
    pub(super) faults: Faults,
    pub(super) client: Registry<ReqwestTransport>,
    address: core::net::SocketAddr,
    seen: Seen,
    serving: JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Peer {
    /// A region `eastus` of the registry `demo`, where this goes wrong.
    pub(super) async fn start(document: &Value) -> Self {
        let faults = Faults::default();
        faults.replace(document.to_string().as_bytes()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, seen) = (listener.local_addr().unwrap(), Seen::default());
        let serving = tokio::spawn(serve(listener, faults.clone(), seen.clone()));
        let config = RegistryConfig::new(format!("http://{address}").parse().unwrap());
        let client = Registry::new(ReqwestTransport::new().unwrap(), config);
        Self { faults, client, address, seen, serving }
    }

    /// The same with one rule, which acts on the first request that matches.
    pub(super) async fn once(effect: Value) -> Self {
        let rule = serde_json::json!({"match": {"path": "/v2/*/**"}, "when": {"request": 1}, "effect": effect});
        Self::start(&serde_json::json!({"rules": [rule]})).await
    }

    pub(super) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Pulls the blob: whole, or an error.
    pub(super) async fn pull(&self) -> Result<(), Error> {
        let digest = Digest::sha256(&blob());
        let mut stream = self.client.blob(&repository(), &digest, Some(SIZE as u64)).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        assert!(stream.finish().is_some(), "a proof");
        assert!(bytes == blob());
        Ok(())
    }

    /// Reads the manifest.
    pub(super) async fn manifest(&self) -> Result<Digest, Error> {
        let target = crate::ReferenceTarget::Tag("v1".parse().unwrap());
        let fetched = self.client.manifest(&repository(), &target).await?;
        Ok(fetched.manifest.digest().clone())
    }

    /// All that comes back for one request, to the letter.
    pub(super) async fn raw(&self, method: &str, path: &str) -> String {
        self.send(method, path, "", "").await
    }

    /// The same with more header lines, and a body.
    pub(super) async fn send(&self, method: &str, path: &str, lines: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n{lines}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).to_ascii_lowercase()
    }
}

pub(super) fn repository() -> RepositoryName {
    "a/b".parse().unwrap()
}

pub(super) fn manifest_digest() -> Digest {
    Digest::sha256(MANIFEST)
}

async fn serve(listener: TcpListener, faults: Faults, seen: Seen) {
    let endpoint = Endpoint { kind: Kind::Region, registry: Some("demo".into()), region: Some("eastus".into()) };
    let caller =
        |said: &Presented<'_>| said.headers.get("x-caller").and_then(|v| v.to_str().ok()).map(ToOwned::to_owned);
    let registry = Router::new().route("/v2/{*rest}", any(move |request| answer(request, seen.clone())));
    let router = faults.layer(endpoint, Arc::new(caller)).around(registry.merge(faults.router()));
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let answered = router.clone().oneshot(request.map(Body::new));
            async { HangUp::check(answered.await.unwrap()) }
        });
        tokio::spawn(async { http1::Builder::new().serve_connection(TokioIo::new(stream), service).await });
    }
}

async fn answer(request: Request, seen: Seen) -> Response {
    let range =
        request.headers().get(header::RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default().to_owned();
    let path = request.uri().path().to_owned();
    seen.lock().unwrap().push(format!("{} {path} {range}", request.method()).trim().to_owned());
    if request.headers().get(header::AUTHORIZATION).is_some_and(|value| value == "Bearer expired") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if path.contains("/manifests/") {
        let fields = [
            ("content-type", "application/vnd.oci.image.index.v1+json".to_owned()),
            ("docker-content-digest", manifest_digest().as_str().to_owned()),
        ];
        return (fields, MANIFEST).into_response();
    }
    let start = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')?.0.parse::<usize>().ok());
    match start {
        Some(start) => {
            let field = [("content-range", format!("bytes {start}-{}/{SIZE}", SIZE - 1))];
            (StatusCode::PARTIAL_CONTENT, field, blob().split_off(start)).into_response()
        }
        None => blob().into_response(),
    }
}
