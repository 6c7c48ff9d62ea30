//! Lists 10,000 repositories and 50,000 tags of a synthetic registry, by the client and by a bare loop over the same HTTP
//! library that does nothing but follow `Link`, in turns, and prints the ratio. `cargo bench --bench listing`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and a failure ends it")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "runs where std is")]

use portolan::{
    RegistryConfig,
    client::{Pages, Registry, ReqwestTransport, Transport},
    http::next_link,
    op::Names,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const PAGE: usize = 1_000;
const REPOSITORIES: usize = 10_000;
const TAGS: usize = 50_000;
const ROUNDS: usize = 15;

fn main() {
    // For the bare loop; the stock transport brings its own.
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let address = server.block_on(serve());
    let client = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    client.block_on(compare(address));
}

async fn compare(address: SocketAddr) {
    println!("{:<14} {:>12} {:>12} {:>8}", "listing", "portolan", "bare loop", "ratio");
    for (what, path, member, count) in
        [("repositories", "/v2/_catalog", "repositories", REPOSITORIES), ("tags", "/v2/a/tags/list", "tags", TAGS)]
    {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let ours_now = by_client(address, what == "tags", count).await;
            let bare_now = by_hand(address, path, member, count).await;
            // The first round opens connections and fills caches.
            if round > 0 {
                ours.push(ours_now);
                bare.push(bare_now);
            }
        }
        let (ours, bare) = (median(ours), median(bare));
        let ratio = ours.as_secs_f64() / bare.as_secs_f64();
        println!("{what:<14} {:>9.2} ms {:>9.2} ms {ratio:>8.2}", millis(ours), millis(bare));
    }
}

/// Through the client: names checked and kept once, limits and loops watched. A new registry each time, so that nothing is
/// remembered.
async fn by_client(address: SocketAddr, tags: bool, count: usize) -> Duration {
    let config = RegistryConfig::new(format!("http://{address}").parse().unwrap());
    let registry = Registry::new(ReqwestTransport::new().unwrap(), config);
    let (size, repository) = (Some(u32::try_from(PAGE).unwrap()), "a".parse().unwrap());
    // Reading the platform's certificates is no part of a listing; both sides leave it out.
    let start = Instant::now();
    let found =
        if tags { drain(registry.tags(&repository, size)).await } else { drain(registry.repositories(size)).await };
    assert_eq!(found, count);
    start.elapsed()
}

async fn drain<T: Transport, L: Names + Send>(mut pages: Pages<T, L>) -> usize {
    let mut names = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        assert_eq!(page.truncated, None);
        names.extend(page.names);
    }
    names.len()
}

/// The least that anybody could write.
async fn by_hand(address: SocketAddr, path: &str, member: &str, count: usize) -> Duration {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let start = Instant::now();
    let mut names: Vec<String> = Vec::new();
    let mut next = Some(format!("{path}?n={PAGE}"));
    while let Some(path) = next {
        let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
        next = answer.headers().get("link").and_then(|v| next_link(v.to_str().unwrap()).map(str::to_owned));
        let mut page: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let page: Vec<String> = serde_json::from_value(page.remove(member).unwrap()).unwrap();
        names.extend(page);
    }
    assert_eq!(names.len(), count);
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A registry that has its answers ready.
async fn serve() -> SocketAddr {
    let mut answers = BTreeMap::new();
    pages(&mut answers, "/v2/_catalog", "repositories", REPOSITORIES, |i| format!("team-{}/service-{i:05}", i % 97));
    pages(&mut answers, "/v2/a/tags/list", "tags", TAGS, |i| format!("v1.{}.{i}-build", i % 50));
    let (answers, listener) = (Arc::new(answers), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(converse(stream, Arc::clone(&answers)));
        }
    });
    address
}

/// Every page of one listing, as the bytes of its whole answer, by its path and query.
fn pages(
    answers: &mut BTreeMap<String, Vec<u8>>,
    path: &str,
    member: &str,
    count: usize,
    name: impl Fn(usize) -> String,
) {
    // In lexical order, as the specification asks.
    let mut all: Vec<String> = (0..count).map(name).collect();
    all.sort_unstable();
    for (page, names) in all.chunks(PAGE).enumerate() {
        let first = page * PAGE;
        let body = serde_json::json!({ "name": "a", member: names }).to_string();
        let next = first + PAGE;
        let link =
            if next < count { format!("Link: <{path}?n={PAGE}&last={next}>; rel=\"next\"\r\n") } else { String::new() };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{link}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let asked = if first == 0 { format!("{path}?n={PAGE}") } else { format!("{path}?n={PAGE}&last={first}") };
        answers.insert(asked, (head + &body).into_bytes());
    }
}

async fn converse(mut stream: TcpStream, answers: Arc<BTreeMap<String, Vec<u8>>>) {
    let mut request = Vec::new();
    loop {
        request.clear();
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let text = String::from_utf8_lossy(&request);
        let path = text.split(' ').nth(1).unwrap();
        let answer = answers.get(path).unwrap_or_else(|| panic!("{path}"));
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
