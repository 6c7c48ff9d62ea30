//! A registry written byte by byte: what it is asked is kept, what it answers is the test's to say.

use std::{
    fs::File,
    net::SocketAddr,
    os::unix::fs::FileExt as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How an upstream answers a request, by its head.
pub(crate) enum Reply {
    /// These bytes, then the connection closes.
    Bytes(Vec<u8>),
    /// A head, and part of a file, of which no more than a piece is in memory.
    File { head: Vec<u8>, file: Arc<File>, first: u64, length: u64 },
    /// A head, and zeros until nobody takes them.
    Endless,
    /// Nothing, until the other side goes away.
    Never,
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    open: AtomicUsize,
    most: AtomicUsize,
    sent: AtomicUsize,
}

pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

impl Upstream {
    pub(crate) async fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, reply) = (Arc::new(Seen::default()), Arc::new(reply));
        let shared = seen.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (seen, reply) = (shared.clone(), reply.clone());
                tokio::spawn(async move {
                    let open = seen.open.fetch_add(1, Ordering::SeqCst) + 1;
                    seen.most.fetch_max(open, Ordering::SeqCst);
                    let _ = converse(stream, &seen, &*reply).await;
                    seen.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Connections now.
    pub(crate) fn open(&self) -> usize {
        self.seen.open.load(Ordering::SeqCst)
    }

    /// Connections at the worst time.
    pub(crate) fn most(&self) -> usize {
        self.seen.most.load(Ordering::SeqCst)
    }

    /// Body bytes that endless answers and those from files got rid of.
    pub(crate) fn sent(&self) -> usize {
        self.seen.sent.load(Ordering::SeqCst)
    }

    /// Waits until there are as many connections; panics after `patience`.
    pub(crate) async fn until_open(&self, wanted: usize, patience: Duration) {
        let waited = tokio::time::timeout(patience, async {
            while self.open() != wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        assert!(waited.await.is_ok(), "{} connections to the upstream after {patience:?}, not {wanted}", self.open());
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(mut stream: TcpStream, seen: &Seen, reply: &(impl Fn(&str) -> Reply + Sync)) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
        // A TLS greeting: answered as servers without TLS do.
        if request.first() == Some(&22) {
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        }
    }
    let request = String::from_utf8(request).unwrap();
    seen.requests.lock().unwrap().push(request.clone());
    match reply(&request) {
        Reply::Bytes(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Reply::File { head, file, first, length } => {
            stream.write_all(&head).await?;
            let mut piece = vec![0; 256 << 10];
            let mut sent = 0;
            while sent < length {
                let wanted = usize::try_from(length - sent).unwrap().min(piece.len());
                let read = file.read_at(&mut piece[..wanted], first + sent)?;
                // Counted before it goes, so that whoever has it finds it counted.
                seen.sent.fetch_add(read, Ordering::SeqCst);
                stream.write_all(&piece[..read]).await?;
                sent += read as u64;
            }
            stream.shutdown().await
        }
        Reply::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 214748364800\r\n\r\n").await?;
            loop {
                stream.write_all(&[0; 16 << 10]).await?;
                seen.sent.fetch_add(16 << 10, Ordering::SeqCst);
            }
        }
        Reply::Never => stream.read_u8().await.map(drop),
    }
}

/// An answer with a length.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut out = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    Reply::Bytes((out + "\r\n" + body).into_bytes())
}
