//! The server under test, and a client that says exactly what a test wants to say.

use portolan::{
    credentials::CredentialStore,
    server::{Config, Server, ServerLimits},
};
use std::{net::SocketAddr, path::PathBuf};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

pub(crate) struct Portal {
    pub(crate) address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
    _docker: tempfile::NamedTempFile,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        values.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Portal {
    /// Serves registries written as `NAME=URL`.
    pub(crate) async fn start(registries: &[String]) -> Self {
        let mut config = Config::default();
        config.registries = registries.iter().map(|text| text.parse().unwrap()).collect();
        Self::with(config, ServerLimits::DEFAULT).await
    }

    pub(crate) async fn with(config: Config, limits: ServerLimits) -> Self {
        Self::signed_in(config, limits, "{}").await
    }

    /// With a Docker configuration file of this text.
    pub(crate) async fn signed_in(mut config: Config, limits: ServerLimits, docker: &str) -> Self {
        config.assets.get_or_insert_with(|| PathBuf::from("/nonexistent"));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), docker).unwrap();
        let server = Server::with_limits(&config, CredentialStore::from_file(file.path()), limits).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(server.serve(listener, async {
            let _ = ended.await;
        }));
        Self { address, end: Some(end), task, _docker: file }
    }

    /// Asks as a page of the portal does.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)).await
    }

    /// Sends these bytes and reads until the server closes.
    pub(crate) async fn ask(&self, request: &str) -> Answer {
        let mut stream = self.send(request).await;
        let mut bytes = Vec::new();
        // A reset after an answer that came before the request was whole is no fault.
        let _ = stream.read_to_end(&mut bytes).await;
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer to {request:?}"));
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) async fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// Ends as at SIGTERM.
    pub(crate) async fn end(&mut self) {
        let _ = self.end.take().unwrap().send(());
        (&mut self.task).await.unwrap();
    }
}
