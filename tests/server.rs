//! The portal's server against upstreams and browsers that misbehave: rows S01 to S05 of the security model.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "tests run where std is")]

#[path = "server/portal.rs"]
mod portal;
#[path = "server/upstream.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod upstream;

use portal::{Answer, Portal};
use portolan::server::{Config, Mode, RegistryConfig, ServerLimits};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use upstream::{Reply, Upstream, answer};

const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const SECOND: Duration = Duration::from_secs(1);

async fn relayed(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> (Upstream, Portal) {
    let upstream = Upstream::start(reply).await;
    let portal = Portal::start(&[format!("up={}", upstream.url())]).await;
    (upstream, portal)
}

fn api(path: &str) -> String {
    format!("/api/registries/up/v2/{path}")
}

#[tokio::test]
async fn s01_only_configured_registries_and_known_paths_are_dialled() {
    let (upstream, portal) = relayed(|_| answer("200 OK", &[], "{}")).await;
    let evil = upstream.url();
    for (path, status) in [
        ("/api/registries/other/v2/".to_owned(), 404),
        (format!("/api/registries/{evil}/v2/"), 404),
        (format!("/api/registries/{}/v2/", evil.replace('/', "%2F")), 400),
        ("/api/registries/../up/v2/".to_owned(), 404),
        ("/api/registries/%75p/v2/".to_owned(), 400),
        ("/api/registries/UP/v2/".to_owned(), 404),
        ("/api/registries/up/v1/_ping".to_owned(), 404),
        ("/api/registries/up/".to_owned(), 404),
        ("/api/registries/up".to_owned(), 404),
        ("/api/proxy?url=http://127.0.0.1/".to_owned(), 404),
        (api(&format!("_catalog?url={evil}/")), 400),
        (api("_catalog?last=http%3A%2F%2F127.0.0.1%2F"), 400),
        (api(&format!("?registry={evil}")), 400),
        (api("../../other/v2/_catalog"), 400),
        (api("a/%2e%2e/tags/list"), 400),
        (api("a/..%2f..%2ftags/list"), 400),
        (api("a/../tags/list"), 400),
        (api("a//tags/list"), 400),
        (api("//127.0.0.1/tags/list"), 400),
        (api("a/blobs/sha256:../../etc/passwd"), 400),
        (api("a/blobs/uploads/"), 400),
        (api("a/manifests/%0d%0aHost:evil"), 400),
    ] {
        let got = portal.get(&path).await;
        assert_eq!(got.status, status, "{path}: {got:?}");
        assert!(!got.code().is_empty(), "{path}: {got:?}");
    }
    assert_eq!(upstream.requests(), [""; 0], "nothing is dialled");
    assert_eq!(portal.get(&api("_catalog?n=5&last=a%2Fb")).await.status, 200);
    let seen = upstream.requests();
    assert!(seen[0].starts_with("GET /v2/_catalog?n=5&last=a%2Fb HTTP/1.1\r\n"), "{seen:?}");
}

#[tokio::test]
async fn s01_direct_registries_are_not_relayed() {
    let upstream = Upstream::start(|_| answer("200 OK", &[], "{}")).await;
    let mut config = Config::default();
    config.registries.push(RegistryConfig::new("up", upstream.url(), Mode::Direct));
    let portal = Portal::with(config, ServerLimits::DEFAULT).await;
    assert_eq!(portal.get(&api("_catalog")).await.status, 404);
    assert_eq!(upstream.requests().len(), 0);
    let list = portal.get("/api/registries").await;
    assert_eq!(list.json()["registries"][0]["mode"], "direct");
    let policy = list.header("content-security-policy").unwrap();
    assert!(policy.contains(&format!("connect-src 'self' {};", upstream.url())), "{policy}");
}

#[tokio::test]
async fn s02_other_hosts_and_sites_are_refused() {
    let (upstream, portal) = relayed(|_| answer("200 OK", &[], "{}")).await;
    let port = portal.address.port();
    let with = |lines: String| {
        let path = api("_catalog");
        let portal = &portal;
        async move { portal.ask(&format!("GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n")).await }
    };
    for refused in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: null\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: http://localhost:{port}\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-site\r\n"),
        format!(
            "Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
        ),
    ] {
        let got = with(refused.clone()).await;
        assert_eq!(got.status, 403, "{refused}: {got:?}");
        assert_eq!(got.header("access-control-allow-origin"), None);
    }
    assert_eq!(upstream.requests().len(), 0);
    for fine in [
        format!("Host: localhost:{port}\r\n"),
        format!("Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n"),
    ] {
        let got = with(fine.clone()).await;
        assert_eq!(got.status, 200, "{fine}: {got:?}");
        assert!(!got.head.to_ascii_lowercase().contains("access-control"), "{got:?}");
    }
}

#[tokio::test]
async fn s03_what_an_upstream_says_beside_its_bytes_is_dropped() {
    const HOSTILE: [(&str, &str); 9] = [
        ("Content-Type", "text/html"),
        ("Set-Cookie", "session=evil"),
        ("Content-Security-Policy", "default-src *"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("X-Frame-Options", "ALLOWALL"),
        ("Service-Worker-Allowed", "/"),
        ("Cache-Control", "public"),
        ("Docker-Content-Digest", DIGEST),
    ];
    let (upstream, portal) = relayed(|_| answer("200 OK", &HOSTILE, "<script>alert(1)</script>")).await;
    for path in
        [format!("a/blobs/{DIGEST}"), format!("a/manifests/{DIGEST}"), "a/manifests/latest".into(), "_catalog".into()]
    {
        let got = portal.get(&api(&path)).await;
        assert_eq!((got.status, got.body.as_slice()), (200, &b"<script>alert(1)</script>"[..]), "{path}");
        assert_eq!(got.header("content-type"), Some("application/octet-stream"), "{path}");
        assert_eq!(got.header("content-disposition"), Some("attachment"), "{path}");
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(got.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(got.header("docker-content-digest"), Some(DIGEST), "{path}");
        let policy = got.header("content-security-policy").unwrap();
        assert!(
            policy.contains("sandbox") && policy.contains("default-src 'none'") && !policy.contains('*'),
            "{policy}"
        );
        let lower = got.head.to_ascii_lowercase();
        for dropped in ["set-cookie", "access-control", "service-worker", "allowall", "public", "evil"] {
            assert!(!lower.contains(dropped), "{path}: {lower}");
        }
        let pinned = path.contains("sha256");
        let cache = got.header("cache-control");
        assert_eq!(cache, Some(if pinned { "private, max-age=31536000, immutable" } else { "no-store" }), "{path}");
    }
    let sent = upstream.requests().concat().to_ascii_lowercase();
    assert!(!sent.contains("cookie:") && !sent.contains("referer:") && !sent.contains("origin:"), "{sent}");
}

#[tokio::test]
async fn s03_refusals_keep_status_and_code_and_lose_the_challenge() {
    let (_upstream, portal) = relayed(|line| {
        let html = [("Content-Type", "text/html"), ("Set-Cookie", "a=b")];
        match line {
            l if l.contains("denied") => answer(
                "403 Forbidden",
                &html,
                r#"{"errors":[{"code":"DENIED","message":"no \u001b[31m","detail":[{"Action":"pull"}]}]}"#,
            ),
            l if l.contains("secret") => answer("401 Unauthorized", &[("WWW-Authenticate", "Basic realm=\"x\"")], "{}"),
            l if l.contains("busy") => answer("429 Too Many Requests", &[("Retry-After", "7")], "slow down"),
            l if l.contains("broken") => answer("500 Oops", &html, "<b>x</b>"),
            _ => answer("404 Not Found", &html, "<html>"),
        }
    })
    .await;
    for (path, status, code) in [
        ("denied/tags/list", 403, "DENIED"),
        ("secret/tags/list", 401, "UNAUTHORIZED"),
        ("busy/tags/list", 429, "UNKNOWN"),
        ("broken/tags/list", 500, "UNKNOWN"),
        ("missing/tags/list", 404, "UNKNOWN"),
    ] {
        let got = portal.get(&api(path)).await;
        assert_eq!((got.status, got.code().as_str()), (status, code), "{path}: {got:?}");
        assert_eq!(got.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(got.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!((got.header("www-authenticate"), got.header("set-cookie")), (None, None), "{path}");
        assert_eq!(got.header("retry-after"), (status == 429).then_some("7"), "{path}");
    }
    let denied = portal.get(&api("denied/tags/list")).await.json();
    assert_eq!(denied["errors"][0]["detail"][0]["Action"], "pull");
    assert_eq!(denied["errors"][0]["message"], "no \\u{1b}[31m");
}

#[tokio::test]
async fn an_unreachable_upstream_is_named_by_its_kind() {
    let gone = Upstream::start(|_| Reply::Never).await.address;
    let portal = Portal::start(&[format!("up=http://{gone}"), "plain=http://registry.invalid".into()]).await;
    // The listener is dropped with the upstream's task, which takes a moment.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let got = portal.get(&api("_catalog")).await;
    assert_eq!((got.status, got.code().as_str()), (502, "PORTAL_UPSTREAM_UNREACHABLE"), "{got:?}");
    let detail = &got.json()["errors"][0]["detail"];
    assert_eq!((detail["kind"].as_str(), detail["stage"].as_str()), (Some("Network"), Some("relay")));
    let got = portal.get("/api/registries/plain/v2/").await;
    assert_eq!(got.json()["errors"][0]["detail"]["kind"], "Insecure", "{got:?}");
}

#[tokio::test]
async fn s04_only_reading_without_a_body_in_bounds() {
    let (upstream, portal) = relayed(|_| answer("200 OK", &[], "{}")).await;
    let ask = |method: &'static str, extra: String| {
        let (portal, path) = (&portal, api("_catalog"));
        let host = portal.address;
        async move {
            portal.ask(&format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n")).await
        }
    };
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
        let got = ask(method, String::new()).await;
        assert_eq!((got.status, got.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
    assert_eq!(ask("GET", "Content-Length: 5\r\n".into()).await.status, 413);
    assert_eq!(ask("GET", "Content-Length: 99999999999\r\n".into()).await.status, 413);
    assert_eq!(ask("GET", "Content-Length: 0\r\nContent-Length: 5\r\n".into()).await.status, 400);
    assert_eq!(ask("GET", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n".into()).await.status, 400);
    assert_eq!(ask("GET", "Transfer-Encoding: chunked\r\n".into()).await.status, 400);
    assert_eq!(ask("GET", "Host: evil.example\r\n".into()).await.status, 400);
    assert_eq!(ask("GET", format!("X: {}\r\n", "a".repeat(100_000))).await.status, 431);
    assert_eq!(ask("GET", "X: a\r\n".repeat(500)).await.status, 431);
    assert_eq!(ask("GET", "Bad Name: a\r\n".into()).await.status, 400);
    assert_eq!(upstream.requests().len(), 0);
    let head = ask("HEAD", String::new()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(upstream.requests()[0].starts_with("HEAD /v2/_catalog "));
}

/// Asks, and reads the head and some of the body.
async fn begin(portal: &Portal, path: &str) -> TcpStream {
    answered(portal.send(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", portal.address)).await).await
}

#[tokio::test]
async fn s05_a_browser_that_goes_away_ends_the_upstream() {
    let blob = api(&format!("a/blobs/{DIGEST}"));
    let (upstream, portal) = relayed(|line| if line.contains("slow") { Reply::Never } else { Reply::Endless }).await;
    let streams = [begin(&portal, &blob).await, begin(&portal, &blob).await];
    upstream.until_open(2, SECOND).await;
    drop(streams);
    upstream.until_open(0, SECOND).await;

    // Before the upstream has said a word, too.
    let waiting =
        portal.send(&format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", api("slow/tags/list"), portal.address)).await;
    upstream.until_open(1, SECOND).await;
    drop(waiting);
    upstream.until_open(0, SECOND).await;
}

#[tokio::test]
async fn s05_a_browser_that_does_not_read_holds_the_upstream_back_and_then_loses_it() {
    let upstream = Upstream::start(|_| Reply::Endless).await;
    let mut config = Config::default();
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    let limits = ServerLimits { stalled: SECOND, ..ServerLimits::DEFAULT };
    let portal = Portal::with(config, limits).await;
    let stream = begin(&portal, &api(&format!("a/blobs/{DIGEST}"))).await;
    tokio::time::sleep(SECOND / 2).await;
    let sent = upstream.sent();
    assert!(sent < 32 << 20, "{sent} bytes were taken for a browser that does not read");
    upstream.until_open(0, 3 * SECOND).await;
    drop(stream);
}

#[tokio::test]
async fn s05_a_thousand_idle_clients_do_not_keep_others_out() {
    let upstream = Upstream::start(|_| answer("200 OK", &[], "{}")).await;
    let mut config = Config::default();
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    let limits = ServerLimits { connections: 100, head: SECOND / 2, ..ServerLimits::DEFAULT };
    let portal = Portal::with(config, limits).await;
    let mut idle = Vec::new();
    for number in 0..1_000 {
        let mut stream = TcpStream::connect(portal.address).await.unwrap();
        if number % 2 == 0 {
            // The slow half has begun to speak.
            stream.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
        }
        idle.push(stream);
    }
    let start = Instant::now();
    assert_eq!(portal.get(&api("_catalog")).await.status, 200);
    assert!(start.elapsed() < 30 * SECOND, "{:?}", start.elapsed());
    drop(idle);
}

#[tokio::test]
async fn s05_relayed_requests_are_capped() {
    let upstream = Upstream::start(|_| Reply::Endless).await;
    let mut config = Config::default();
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    let limits = ServerLimits { relayed: 3, queue: SECOND / 2, ..ServerLimits::DEFAULT };
    let portal = Portal::with(config, limits).await;
    let blob = api(&format!("a/blobs/{DIGEST}"));
    let held = [begin(&portal, &blob).await, begin(&portal, &blob).await, begin(&portal, &blob).await];
    let got = portal.get(&blob).await;
    assert_eq!((got.status, got.code().as_str()), (503, "PORTAL_BUSY"), "{got:?}");
    assert_eq!(upstream.most(), 3);
    drop(held);
    upstream.until_open(0, SECOND).await;
    begin(&portal, &blob).await;
}

#[tokio::test]
async fn ranges_and_accept_pass_and_nothing_else_does() {
    let (upstream, portal) = relayed(|_| {
        answer("206 Partial Content", &[("Content-Range", "bytes 2-4/9"), ("Accept-Ranges", "bytes")], "abc")
    })
    .await;
    let path = api(&format!("a/blobs/{DIGEST}"));
    let host = portal.address;
    let got = portal
        .ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nRange: bytes=2-4\r\nAccept: */*\r\nAuthorization: Basic eDp5\r\n\
             Cookie: a=b\r\nX-Forwarded-For: 1.1.1.1\r\nConnection: close\r\n\r\n"
        ))
        .await;
    assert_eq!((got.status, got.header("content-range"), got.body.as_slice()), (206, Some("bytes 2-4/9"), &b"abc"[..]));
    let sent = upstream.requests()[0].to_ascii_lowercase();
    assert!(sent.contains("range: bytes=2-4\r\n"), "{sent}");
    for kept_back in ["authorization", "cookie", "forwarded", "eDp5"] {
        assert!(!sent.contains(&kept_back.to_ascii_lowercase()), "{sent}");
    }
}

#[tokio::test]
async fn a_body_cut_short_is_not_passed_off_as_whole() {
    let (_upstream, portal) =
        relayed(|_| Reply::Bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n".to_vec())).await;
    let got = portal.get(&api(&format!("a/blobs/{DIGEST}"))).await;
    assert_eq!(got.header("transfer-encoding"), Some("chunked"), "{got:?}");
    assert!(!got.body.ends_with(b"0\r\n\r\n"), "the last chunk must not come: {got:?}");
}

#[tokio::test]
async fn u04_every_answer_carries_the_policy() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    for (name, text) in [("index.html", "<!doctype html>"), ("assets/main-abc.js", "x()"), ("plain.txt", "t")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut config = Config::default();
    config.assets = Some(folder.path().into());
    let portal = Portal::with(config, ServerLimits::DEFAULT).await;
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
    let check = |path: &'static str, status: u16, cache: &'static str| {
        let portal = &portal;
        async move {
            let got: Answer = portal.get(path).await;
            assert_eq!((got.status, got.header("cache-control")), (status, Some(cache)), "{path}: {got:?}");
            assert_eq!(got.header("content-security-policy"), Some(policy), "{path}");
            assert_eq!(got.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(got.header("referrer-policy"), Some("no-referrer"), "{path}");
            assert_eq!(got.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
            assert_eq!(got.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
            got
        }
    };
    for page in ["/", "/r/up", "/r/up/library/alpine:3.20?view=layers", "/r/up/a@sha256:0"] {
        let got = check(page, 200, "no-cache").await;
        assert_eq!(
            (got.header("content-type"), got.body.as_slice()),
            (Some("text/html"), &b"<!doctype html>"[..]),
            "{page}"
        );
    }
    let script = check("/assets/main-abc.js", 200, "public, max-age=31536000, immutable").await;
    assert_eq!(script.header("content-type"), Some("text/javascript"));
    check("/plain.txt", 200, "no-cache").await;
    for missing in [
        "/nothing",
        "/assets",
        "/assets/",
        "/assets/x.js",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/r%2fup",
        "/api",
        "/api/x",
    ] {
        check(missing, 404, "no-store").await;
    }
    check("/api/registries", 200, "no-store").await;
}

#[tokio::test]
async fn files_are_compressed_and_prepared_ones_preferred() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.js", "x()".repeat(500)), ("b.js", "plain".into()), ("b.js.br", "prepared".into())] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut config = Config::default();
    config.assets = Some(folder.path().into());
    let portal = Portal::with(config, ServerLimits::DEFAULT).await;
    let ask = |path: &'static str, coding: &'static str| {
        let (portal, host) = (&portal, portal.address);
        let lines = format!("Host: {host}\r\nAccept-Encoding: {coding}\r\nConnection: close\r\n");
        async move { portal.ask(&format!("GET {path} HTTP/1.1\r\n{lines}\r\n")).await }
    };
    for coding in ["gzip", "br"] {
        let got = ask("/a.js", coding).await;
        assert_eq!((got.status, got.header("content-encoding")), (200, Some(coding)), "{got:?}");
        assert!(got.body.len() < 500, "{}", got.body.len());
    }
    assert_eq!(ask("/a.js", "identity").await.body.len(), 1_500);
    let prepared = ask("/b.js", "br").await;
    assert_eq!((prepared.header("content-encoding"), prepared.body.as_slice()), (Some("br"), &b"prepared"[..]));
    assert_eq!(prepared.header("content-type"), Some("text/javascript"));
}

#[tokio::test]
async fn the_list_tells_what_is_configured_and_no_secret() {
    let portal =
        Portal::start(&["Docker Hub=https://registry-1.docker.io".into(), "http://localhost:5000/x/".into()]).await;
    let list = portal.get("/api/registries").await.json();
    let expected = serde_json::json!({ "registries": [
        { "id": "docker-hub", "name": "Docker Hub", "address": "https://registry-1.docker.io", "mode": "relay", "plainHttp": false,
          "pullHost": "docker.io" },
        { "id": "localhost-5000", "name": "localhost:5000", "address": "http://localhost:5000/x", "mode": "relay",
          "plainHttp": true, "pullHost": "localhost:5000" },
    ] });
    assert_eq!(list, expected);
}

#[tokio::test]
async fn credentials_stay_in_the_server() {
    let upstream = Upstream::start(|_| {
        answer(
            "401 Unauthorized",
            &[("WWW-Authenticate", "Basic realm=\"x\"")],
            r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#,
        )
    })
    .await;
    let mut config = Config::default();
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    // quartermaster:hunter2
    let docker = format!(r#"{{"auths":{{"{}":{{"auth":"cXVhcnRlcm1hc3RlcjpodW50ZXIy"}}}}}}"#, upstream.address);
    let portal = Portal::signed_in(config, ServerLimits::DEFAULT, &docker).await;
    let list = portal.get("/api/registries").await;
    assert_eq!(list.json()["registries"][0]["signedInAs"], "quartermaster");
    let got = portal.get(&api("_catalog")).await;
    assert_eq!((got.status, got.header("www-authenticate")), (401, None));
    let sent = upstream.requests().concat();
    assert!(sent.to_ascii_lowercase().contains("authorization: basic "), "{sent}");
    for answer in [list, got] {
        let text = format!("{}{}", answer.head, String::from_utf8_lossy(&answer.body));
        for secret in ["hunter2", "cXVhcnRlcm1hc3RlcjpodW50ZXIy"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

/// A token service that wants the password, and a registry that wants its token.
async fn token_pair() -> (Upstream, Upstream) {
    let realm =
        Upstream::start(|_| answer("200 OK", &[("Content-Type", "application/json")], r#"{"token":"abc"}"#)).await;
    let challenge = format!("Bearer realm=\"{}/token\",service=\"s\"", realm.url());
    let upstream =
        Upstream::start(move |_| answer("401 Unauthorized", &[("WWW-Authenticate", &challenge)], "{}")).await;
    (realm, upstream)
}

#[tokio::test]
async fn a01_a_token_service_gets_the_credential_when_it_was_named() {
    for trusted in [false, true] {
        let (realm, upstream) = token_pair().await;
        let mut config = Config::default();
        let mut registry = RegistryConfig::new("up", upstream.url(), Mode::Relay);
        registry.trusted_realms.extend(trusted.then(|| realm.url()));
        config.registries.push(registry);
        let docker = format!(r#"{{"auths":{{"{}":{{"auth":"cXVhcnRlcm1hc3RlcjpodW50ZXIy"}}}}}}"#, upstream.address);
        let portal = Portal::signed_in(config, ServerLimits::DEFAULT, &docker).await;
        let got = portal.get(&api("a/tags/list")).await;
        let sent = realm.requests().concat().to_ascii_lowercase().contains("authorization: basic ");
        assert_eq!(sent, trusted, "{:?}", realm.requests());
        // This registry refuses every token; what differs is who is to act.
        let expected = if trusted { (401, "UNAUTHORIZED") } else { (403, "PORTAL_UPSTREAM_AUTH") };
        assert_eq!((got.status, got.code().as_str()), expected, "{got:?}");
    }
}

#[tokio::test]
async fn s05_connections_are_capped_and_idle_ones_make_room() {
    let mut config = Config::default();
    let upstream = Upstream::start(|_| answer("200 OK", &[], "{}")).await;
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    let limits = ServerLimits { connections: 2, head: SECOND, ..ServerLimits::DEFAULT };
    let portal = Portal::with(config, limits).await;
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", api("_catalog"), portal.address);
    let start = Instant::now();
    let first = [answered(portal.send(&request).await).await, answered(portal.send(&request).await).await];
    answered(portal.send(&request).await).await;
    let waited = start.elapsed();
    assert!(waited >= SECOND, "{waited:?}: the third waits until one of two lay idle for a second");
    drop(first);
}

/// Reads the head of an answer and keeps the connection.
async fn answered(mut stream: TcpStream) -> TcpStream {
    let mut head = vec![0; 4_096];
    let got = stream.read(&mut head).await.unwrap();
    assert!(head[..got].starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&head[..got]));
    stream
}

#[tokio::test]
async fn shutdown_ends_what_is_under_way() {
    let upstream = Upstream::start(|_| Reply::Endless).await;
    let mut config = Config::default();
    config.registries.push(format!("up={}", upstream.url()).parse().unwrap());
    let limits = ServerLimits { grace: SECOND / 2, ..ServerLimits::DEFAULT };
    let mut portal = Portal::with(config, limits).await;
    let _stream = begin(&portal, &api(&format!("a/blobs/{DIGEST}"))).await;
    let ended = tokio::time::timeout(30 * SECOND, portal.end()).await;
    assert!(ended.is_ok());
    assert!(TcpStream::connect(portal.address).await.is_err(), "nobody listens any more");
}
