//! Files of images: the client and the program against a registry that counts what it sends.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "tests run where std is")]

#[path = "files/image.rs"]
mod image;
#[path = "files/large.rs"]
mod large;
#[path = "files/layer.rs"]
mod layer;
#[path = "server/upstream.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod upstream;

use image::{TestImage, serve_large};
use large::Large;
use layer::{Layer, file, noise};
use serde_json::{Value, json};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The program, with a cache of its own and nothing of this machine's configuration.
struct Program {
    cache: TempDir,
}

impl Program {
    fn new() -> Self {
        Self { cache: tempfile::tempdir().unwrap() }
    }

    async fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portolan"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", "/nonexistent").env("PORTOLAN_CACHE_DIR", self.cache.path());
        command.args(args).stdin(Stdio::null());
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    async fn json(&self, args: &[&str]) -> Value {
        let out = self.run(args).await;
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    }
}

fn two_layers() -> TestImage {
    TestImage::new([
        Layer::gzip(&[file("etc/motd", b"old"), file("etc/passwd", b"root"), file("root/.ssh/id_rsa", b"secret")]),
        Layer::gzip(&[file("etc/motd", b"new!"), file("etc/.wh.passwd", b""), file("root/.ssh/.wh.id_rsa", b"")]),
    ])
}

fn paths(listed: &Value) -> Vec<&str> {
    listed["entries"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn files_lists_the_merged_view() {
    let (served, program) = (two_layers().serve().await, Program::new());
    let listed = program.json(&["files", &served.reference(), "--json"]).await;
    assert_eq!(paths(&listed), ["etc", "etc/motd", "root", "root/.ssh"]);
    let motd = &listed["entries"][1];
    assert_eq!((&motd["size"], &motd["layer"], &motd["mode"]), (&json!(4), &json!(1), &json!("0644")));
    let listed = program.json(&["files", &served.reference(), "etc", "--json", "--deleted"]).await;
    assert_eq!(paths(&listed), ["etc", "etc/motd", "etc/passwd"]);
    assert_eq!(listed["entries"][2]["deletedBy"], 1);
    let out = program.run(&["files", &served.reference(), "nowhere"]).await;
    assert_eq!(out.status.code(), Some(3));
}

#[tokio::test]
async fn a_second_visit_downloads_no_layer() {
    let (served, program) = (two_layers().serve().await, Program::new());
    program.json(&["files", &served.reference(), "--json"]).await;
    let first = served.layer_bytes();
    assert_eq!(first, served.size_of_layers());
    program.json(&["files", &served.reference(), "--json"]).await;
    assert_eq!(served.layer_bytes(), first, "all of it came from the cache");
    program.json(&["files", &served.reference(), "--json", "--no-cache"]).await;
    assert_eq!(served.layer_bytes(), 2 * first);
}

#[tokio::test]
async fn a_kept_table_of_contents_is_no_listing_for_who_wants_none() {
    let noise = noise(3 << 20);
    let layer = Layer::estargz(&[file("etc/motd", b"hello"), file("noise", &noise)]).with_diff_id_of(b"something else");
    let (served, program) = (TestImage::new([layer]).serve().await, Program::new());
    let mut before = 0;
    let mut visit = async |options: &[&str]| {
        let out = program.run(&[&["files", &served.reference()], options].concat()).await;
        assert!(out.status.success() && String::from_utf8(out.stdout).unwrap().contains(" noise\n"));
        let received = served.layer_bytes() - before;
        before += received;
        (received, String::from_utf8(out.stderr).unwrap().contains("diff_id"))
    };
    let (table, looked) = visit(&[]).await;
    assert!((1..1 << 20).contains(&table) && !looked, "{table} bytes");
    assert_eq!(visit(&[]).await, (0, false));
    assert_eq!(visit(&["--no-toc"]).await, (served.size_of_layers(), true), "the table was kept, and is not enough");
    assert_eq!(visit(&["--no-toc"]).await, (0, true), "what was looked at is kept in its place");
    assert_eq!(visit(&[]).await, (0, true));
}

#[tokio::test]
async fn cat_reads_a_stretch_of_the_layer() {
    let big = noise(12 << 20);
    let files = [file("big", &big), file("small", b"just this\n"), file("big2", &big)];
    let (served, program) = (TestImage::new([Layer::gzip(&files)]).serve().await, Program::new());
    assert!(served.size_of_layers() > 23 << 20);
    let out = program.run(&["cat", &served.reference(), "small"]).await;
    assert_eq!((out.status.code(), &out.stdout[..]), (Some(0), &b"just this\n"[..]));
    let listed = served.layer_bytes();
    let out = program.run(&["cat", &served.reference(), "small"]).await;
    assert_eq!((out.status.code(), &out.stdout[..]), (Some(0), &b"just this\n"[..]));
    let read = served.layer_bytes() - listed;
    assert!(read < 8 << 20, "{read} bytes for ten");
    let out = program.run(&["cat", &served.reference(), "big2"]).await;
    assert!(out.stdout == big);
}

#[tokio::test]
async fn ten_kilobytes_of_half_a_gigabyte_cost_under_8_mib() {
    let content = noise(10 * 1024);
    let layer = Large::new(132, ("wanted", &content));
    assert!(layer.size > 500_000_000, "{} bytes", layer.size);
    let (registry, program) = (serve_large(&layer).await, Program::new());
    let reference = format!("{}/a/b:1", registry.url());
    program.json(&["files", &reference, "wanted", "--json"]).await;
    let listed = registry.sent() as u64;
    assert_eq!(listed, layer.size, "all of the layer was downloaded, once");
    let out = program.run(&["cat", &reference, "wanted"]).await;
    assert!(out.stdout == content, "{}", String::from_utf8_lossy(&out.stderr));
    let read = registry.sent() as u64 - listed;
    assert!((content.len() as u64..8 << 20).contains(&read), "{read} bytes for ten thousand");
}

#[tokio::test]
async fn t03_what_is_not_the_file_any_more_is_said_so() {
    let (served, program) = (two_layers().serve().await, Program::new());
    program.json(&["files", &served.reference(), "--json"]).await;
    served.break_layers();
    let out = program.run(&["cat", &served.reference(), "etc/motd"]).await;
    assert_eq!(out.status.code(), Some(6), "{}", String::from_utf8_lossy(&out.stderr));
}

#[tokio::test]
async fn l03_a_broken_layer_leaves_the_others() {
    let broken = Layer::gzip(&[file("a", b"a"), file("b", &noise(100_000))]).cut(50_000);
    let image = TestImage::new([broken, Layer::gzip(&[file("c", b"c")])]);
    let (served, program) = (image.serve().await, Program::new());
    let out = program.run(&["files", &served.reference(), "--json"]).await;
    assert_eq!(out.status.code(), Some(1));
    let stderr = String::from_utf8(out.stderr).unwrap();
    assert!(stderr.contains("layer 1: listed in part only"), "{stderr}");
    let listed: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((paths(&listed), &listed["partial"]), (vec!["a", "b", "c"], &json!(true)));
}

#[tokio::test]
async fn l11_a_wrong_diff_id_is_said() {
    let image = TestImage::new([Layer::gzip(&[file("a", b"a")]).with_diff_id_of(b"something else")]);
    let (served, program) = (image.serve().await, Program::new());
    for round in ["from the layer", "from the cache"] {
        let out = program.run(&["files", &served.reference()]).await;
        let stderr = String::from_utf8(out.stderr).unwrap();
        assert!(stderr.contains("diff_id"), "{round}: {stderr}");
    }
}

#[tokio::test]
async fn waste_counts_once_and_names_what_looks_deleted() {
    let (served, program) = (two_layers().serve().await, Program::new());
    let waste = program.json(&["waste", &served.reference(), "--json"]).await;
    assert_eq!((&waste["total"], &waste["kept"], &waste["reclaimable"]), (&json!(17), &json!(4), &json!(13)));
    let worst: Vec<_> = waste["paths"].as_array().unwrap().iter().map(|path| path["path"].as_str().unwrap()).collect();
    assert_eq!(worst, ["root/.ssh/id_rsa", "etc/passwd", "etc/motd"]);
    assert_eq!(waste["secrets"][0]["path"], "root/.ssh/id_rsa");
    assert_eq!((&waste["secrets"][0]["layer"], &waste["secrets"][0]["removedBy"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn diff_tells_layers_config_and_files() {
    let base = Layer::gzip(&[file("etc/motd", b"old"), file("same", b"same")]);
    let old = TestImage::new([base.clone(), Layer::gzip(&[file("gone", b"gone")])]).with_env("A=1").serve().await;
    let new = TestImage::new([base, Layer::gzip(&[file("etc/motd", b"newer")])]).with_env("A=2").serve().await;
    let program = Program::new();
    let diff = program.json(&["diff", &old.reference(), &new.reference(), "--json"]).await;
    assert_eq!((&diff["added"], &diff["removed"], &diff["changed"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(diff["config"], json!([{ "field": "env A", "left": "1", "right": "2" }]));
    assert_eq!(diff["layers"]["shared"].as_array().unwrap().len(), 1);
    let changed = &diff["differences"][0];
    assert_eq!(
        (&changed["path"], &changed["kind"], &changed["delta"]),
        (&json!("etc/motd"), &json!("changed"), &json!(2))
    );
    assert_eq!(changed["aspects"], json!(["content", "size"]));
    let text = program.run(&["diff", &old.reference(), &new.reference()]).await;
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("config: env A: 1 -> 2") && text.ends_with("0 added, 1 removed, 1 changed: -2 B\n"),
        "{text}"
    );
}
