//! The program: what it writes, how it ends, and what it keeps to itself. Shapes and exit codes are those of `docs/cli.md`.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "tests run where std is")]

#[path = "server/upstream.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod upstream;

use portolan::Digest;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Output, Stdio},
};
use upstream::{Reply, Upstream, answer};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The program with nothing of this machine's configuration.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
    let keep = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", keep).env("HOME", "/nonexistent").args(args).stdin(Stdio::null());
    command
}

async fn run(args: &[&str]) -> Output {
    let mut command = program(args);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn config() -> String {
    json!({
        "architecture": "arm64", "os": "linux", "variant": "v8", "created": "2026-01-02T03:04:05Z",
        "config": { "Env": ["A=1"], "Cmd": ["sh"], "Labels": { "note": "red \u{1b}[31m \u{202e}" } },
        "rootfs": { "type": "layers", "diff_ids": [Digest::sha256(b"tar").to_string()] },
        "history": [
            { "created": "2026-01-02T03:04:04Z", "created_by": "RUN /bin/sh -c make # buildkit" },
            { "created_by": "CMD [\"sh\"]", "empty_layer": true },
        ],
    })
    .to_string()
}

/// Keys are as free as values: one steers a terminal, one is wider than any column.
fn annotations() -> Value {
    json!({ "org.example": "x", "green \u{1b}[32m \u{9b}1m": "y", "k".repeat(70_000): "z" })
}

fn manifest() -> String {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json", "size": config().len(),
            "digest": Digest::sha256(config().as_bytes()).to_string(),
        },
        "layers": [{ "mediaType": LAYER, "size": 7, "digest": Digest::sha256(b"layer").to_string() }],
        "annotations": annotations(),
    })
    .to_string()
}

/// A registry with one image and every kind of trouble.
async fn registry() -> Upstream {
    Upstream::start(|line| {
        let path = line.split(' ').nth(1).unwrap();
        let json = [("Content-Type", "application/json")];
        let errors = |code: &str| json!({ "errors": [{ "code": code, "message": "as asked" }] }).to_string();
        match path.split('?').next().unwrap() {
            "/v2/_catalog" => answer("200 OK", &json, r#"{"repositories":["a/b","c","Bad","c"]}"#),
            "/v2/a/b/tags/list" => answer("200 OK", &json, r#"{"name":"a/b","tags":["1","2","ev\u001bil"]}"#),
            "/v2/cut/tags/list" if path.contains("last") => answer("404 Not Found", &json, &errors("NAME_UNKNOWN")),
            "/v2/cut/tags/list" => {
                let link = ("Link", "</v2/cut/tags/list?last=1>; rel=\"next\"");
                answer("200 OK", &[json[0], link], r#"{"tags":["1"]}"#)
            }
            "/v2/many/tags/list" => {
                let tags: Vec<String> = (0..20_000).map(|i| format!("tag-{i}")).collect();
                answer("200 OK", &json, &json!({ "tags": tags }).to_string())
            }
            "/v2/secret/tags/list" => answer(
                "401 Unauthorized",
                &[json[0], ("WWW-Authenticate", "Basic realm=\"x\"")],
                &errors("UNAUTHORIZED"),
            ),
            "/v2/denied/tags/list" => answer("403 Forbidden", &json, &errors("DENIED")),
            "/v2/a/b/manifests/1" => answer("200 OK", &[("Content-Type", MANIFEST)], &manifest()),
            p if p.starts_with("/v2/a/b/manifests/sha256:") => {
                answer("200 OK", &[("Content-Type", MANIFEST)], &manifest())
            }
            p if p.starts_with("/v2/a/b/blobs/") => answer("200 OK", &[], &config()),
            _ => answer("404 Not Found", &json, &errors("MANIFEST_UNKNOWN")),
        }
    })
    .await
}

async fn json_of(args: &[&str]) -> Value {
    let out = run(args).await;
    assert!(out.status.success(), "{args:?}: {}", text(&out.stderr));
    assert_eq!(text(&out.stderr), "", "no progress where nobody looks");
    serde_json::from_slice(&out.stdout).unwrap()
}

#[tokio::test]
async fn json_has_the_documented_shapes() {
    let registry = registry().await;
    let (url, host) = (registry.url(), registry.address.to_string());
    let expected = json!({ "registry": host, "repositories": ["a/b", "c"], "skipped": 2 });
    assert_eq!(json_of(&["repos", &url, "--json"]).await, expected);
    let expected = json!({ "repository": format!("{host}/a/b"), "tags": ["1", "2"], "skipped": 1 });
    assert_eq!(json_of(&["tags", &format!("{host}/a/b"), "--plain-http", "--json"]).await, expected);

    let digest = Digest::sha256(manifest().as_bytes()).to_string();
    let layer = Digest::sha256(b"layer").to_string();
    let expected = json!({
        "reference": format!("{host}/a/b:1"), "digest": digest, "mediaType": MANIFEST, "size": manifest().len(), "kind": "image",
        "annotations": annotations(),
        "config": {
            "digest": Digest::sha256(config().as_bytes()).to_string(), "size": config().len(),
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "architecture": "arm64", "os": "linux", "variant": "v8", "osVersion": null, "created": "2026-01-02T03:04:05Z",
            "author": null, "user": null, "entrypoint": [], "cmd": ["sh"], "env": ["A=1"], "workingDir": null,
            "exposedPorts": [], "volumes": [], "stopSignal": null, "labels": { "note": "red \u{1b}[31m \u{202e}" },
        },
        "layers": [{ "mediaType": LAYER, "digest": layer, "size": 7 }],
        "layersSize": 7,
    });
    assert_eq!(json_of(&["inspect", &format!("{url}/a/b:1"), "--json"]).await, expected);
    let expected = json!([{
        "digest": layer, "size": 7, "mediaType": LAYER, "command": "RUN make", "diffId": Digest::sha256(b"tar").to_string(),
        "created": "2026-01-02T03:04:04Z",
    }]);
    assert_eq!(json_of(&["layers", &format!("{url}/a/b:1"), "--json"]).await, expected);
}

#[tokio::test]
async fn people_see_escapes_and_do_not_feel_them() {
    let registry = registry().await;
    let out = run(&["inspect", &format!("{}/a/b:1", registry.url())]).await;
    assert!(out.status.success(), "{}", text(&out.stderr));
    let shown = text(&out.stdout);
    assert!(shown.contains("note=red \\u{1b}[31m \\u{202e}"), "{shown}");
    assert!(shown.contains("green \\u{1b}[32m \\u{9b}1m"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown}");
    let out = run(&["inspect", &format!("{}/a/b:1", registry.url()), "--json"]).await;
    let shown = text(&out.stdout);
    assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown}");
    let out = run(&["tags", &format!("{}/a/b", registry.url())]).await;
    assert_eq!((text(&out.stdout), out.status.code()), ("1\n2\n", Some(0)));
    assert!(text(&out.stderr).contains("1 names were left out"), "{}", text(&out.stderr));
}

#[tokio::test]
async fn exit_codes_are_the_documented_ones() {
    let registry = registry().await;
    let url = registry.url();
    let wrong = Digest::sha256(b"something else");
    for (args, code, words) in [
        (vec!["tags".into(), format!("{url}/missing")], 3, "404"),
        (vec!["inspect".into(), format!("{url}/a/b:no")], 3, "MANIFEST_UNKNOWN"),
        (vec!["tags".into(), format!("{url}/secret")], 4, "log in"),
        (vec!["tags".into(), format!("{url}/denied")], 4, "DENIED"),
        (vec!["repos".into(), "http://registry.invalid".into()], 5, "plain http"),
        (vec!["repos".into(), registry.address.to_string()], 5, "TLS"),
        (vec!["inspect".into(), format!("{url}/a/b@{wrong}")], 6, "digest mismatch"),
        (vec!["tags".into(), format!("{url}/cut")], 1, "not whole"),
        (vec!["tags".into(), format!("{url}/A")], 2, "repository"),
        (vec!["tags".into(), format!("{url}/a/b:1")], 2, "neither tag nor digest"),
        (vec!["inspect".into(), format!("{url}/a/b:1"), "--platform".into(), "x y".into()], 2, "platform"),
        (vec!["repos".into(), "--password".into(), "x".into()], 2, "unexpected argument"),
        (vec!["serve".into(), "--trust-realm".into(), "x=https://a".into()], 2, "no registry is called"),
        (vec!["serve".into(), "--registry".into(), "x=ftp://a".into()], 2, "no address of a registry"),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let out = run(&args).await;
        assert_eq!(out.status.code(), Some(code), "{args:?}: {}", text(&out.stderr));
        assert!(text(&out.stderr).contains(words), "{args:?}: {}", text(&out.stderr));
    }
    let cut = run(&["tags", &format!("{url}/cut"), "--json"]).await;
    let cut: Value = serde_json::from_slice(&cut.stdout).unwrap();
    assert_eq!(
        (&cut["tags"], &cut["truncated"]["kind"], &cut["truncated"]["page"]),
        (&json!(["1"]), &json!("NotFound"), &json!(2))
    );
}

#[tokio::test]
async fn https_never_falls_back_to_http() {
    let registry = registry().await;
    let out = run(&["repos", &registry.address.to_string()]).await;
    assert_eq!(out.status.code(), Some(5));
    assert_eq!(registry.requests(), [""; 0]);
}

#[tokio::test]
async fn credentials_come_from_the_environment_for_one_host() {
    let registry = registry().await;
    let host = registry.address.to_string();
    for (named, expected) in [(host.as_str(), true), ("other.example", false)] {
        let before = registry.requests().len();
        let mut command = program(&["tags", &format!("{}/secret", registry.url())]);
        command.envs([("PORTOLAN_REGISTRY", named), ("PORTOLAN_USERNAME", "me"), ("PORTOLAN_PASSWORD", "hunter2")]);
        let out = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert_eq!(out.status.code(), Some(4));
        // me:hunter2
        let sent = registry.requests()[before..].concat().contains("Basic bWU6aHVudGVyMg==");
        assert_eq!(sent, expected, "{named}");
        assert!(!text(&out.stderr).contains("hunter2") && !text(&out.stderr).contains("bWU6"), "{}", text(&out.stderr));
    }
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_failure() {
    let registry = registry().await;
    let mut child = program(&["tags", &format!("{}/many", registry.url())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (line, status, errors) = tokio::task::spawn_blocking(move || {
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        drop(out);
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (line, child.wait().unwrap(), errors)
    })
    .await
    .unwrap();
    assert_eq!((line.as_str(), status.code(), errors.as_str()), ("tag-0\n", Some(0), ""));
}

/// What the server at `host` answers, head and all.
#[cfg(unix)]
fn get(host: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[cfg(unix)]
#[tokio::test]
async fn serve_says_where_it_is_and_ends_when_asked() {
    let upstream = Upstream::start(|_| Reply::Never).await;
    let config = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(config.path(), r#"{"registries":[{"name":"Filed","url":"https://registry.example"}]}"#).unwrap();
    let named = format!("Up={}", upstream.url());
    let config = config.path().to_str().unwrap().to_owned();
    let mut child = program(&["serve", "--listen", "127.0.0.1:0", "--config", &config, "--registry", &named])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (list, status) = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim_end().strip_prefix("Portal: http://").unwrap().strip_suffix('/').unwrap();
        let list = get(host, "/api/registries");
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        (list, child.wait().unwrap())
    })
    .await
    .unwrap();
    assert!(list.contains(r#""name":"Filed""#) && list.contains(r#""name":"Up""#), "{list}");
    assert_eq!(status.code(), Some(0), "SIGTERM is a wish, not an accident");
}

#[cfg(unix)]
#[tokio::test]
async fn the_address_that_serve_says_is_one_it_answers_to() {
    for listen in ["127.0.0.1:0", "0.0.0.0:0", "[::]:0"] {
        let mut child = program(&["serve", "--listen", listen]).stdout(Stdio::piped()).spawn().unwrap();
        let answer = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let answer = line
                .trim_end()
                .strip_prefix("Portal: http://")
                .and_then(|rest| rest.strip_suffix('/'))
                .map(|host| get(host, "/api/registries"));
            child.kill().unwrap();
            child.wait().unwrap();
            answer
        })
        .await
        .unwrap();
        // A machine without IPv6 says nothing for it.
        let Some(answer) = answer else {
            assert_eq!(listen, "[::]:0");
            continue;
        };
        assert!(answer.starts_with("HTTP/1.1 200 "), "{listen}: {answer}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn slow_credential_helpers_are_asked_at_the_same_time() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let helper = folder.path().join("docker-credential-slow");
    let asked = folder.path().join("asked");
    std::fs::create_dir(&asked).unwrap();
    // Each one answers when all four are asked.
    let script = "#!/bin/sh\ncd \"$DOCKER_CONFIG/asked\"\n: > $$\nuntil [ $(ls | wc -l) -ge 4 ]; do sleep 0.05; done\n\
                  echo 'credentials not found in native keychain'\nexit 1\n";
    std::fs::write(&helper, script).unwrap();
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("config.json"), r#"{"credsStore":"slow"}"#).unwrap();
    let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
    for name in ["a", "b", "c", "d"] {
        command.args(["--registry", &format!("{name}=https://{name}.example")]);
    }
    let path = std::env::join_paths(
        [folder.path().to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    command.env("PATH", path.unwrap()).env("DOCKER_CONFIG", folder.path()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let answer = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim_end().strip_prefix("Portal: http://").unwrap().strip_suffix('/').unwrap();
        let answer = get(host, "/api/registries");
        child.kill().unwrap();
        child.wait().unwrap();
        answer
    })
    .await
    .unwrap();
    let order: Vec<_> =
        ["a", "b", "c", "d"].iter().map(|id| answer.find(&format!("\"id\":\"{id}\"")).unwrap()).collect();
    assert!(order.is_sorted(), "{answer}");
    assert!(!answer.contains("trouble"), "{answer}");
    assert_eq!(std::fs::read_dir(asked).unwrap().count(), 4, "{answer}");
}
