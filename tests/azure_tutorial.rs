//! The examples walk the whole tutorial against the emulator, in Rust and in Node, and say the same.
#![cfg(all(feature = "cli", feature = "azure"))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test that does not run says so")]
#![allow(dead_code, reason = "what is shared has more than is used here")]

#[path = "emulator_clients/lab.rs"]
mod lab;
#[path = "../examples/azure_tutorial.rs"]
mod tutorial;

use std::{env, fs, path::Path, sync::Mutex};

static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What comes of it on any machine; only who is home in which region is told by the data.
const STORY: &[&str] = &[
    "1 group tutorial: Succeeded",
    "2 registry: Premium Succeeded admin=false",
    "2 usage Size: 536870912000 Bytes",
    "2 usage Webhooks: 500 Count",
    "3 log: some lines=true outcome=success",
    "3 run: Succeeded images=1",
    "4 repositories: acrtasks",
    "5 admin: refused before=true enabled=true changed=[false, true]",
    "6 pull as admin: some bytes=true",
    "6 pull as service principal: some bytes=true",
    "6 pull as scoped token: some bytes=true",
    "6 pull as Entra token: some bytes=true",
    "6 one image: true",
    "6 nobody: Unauthorized",
    "6 tags: 1 lock=true refused=true locked after=false",
    "7 container acr-tasks: Succeeded address=true",
    "8 replication japaneast: Succeeded",
    "8 eastus Succeeded Ready true",
    "8 japaneast Succeeded Ready true",
    "9 deleted: true",
    "9 registry gone: true",
];

#[test]
fn the_tutorial_in_rust_and_in_node() {
    let emulator = lab::Emulator::start();
    let info = emulator.folder().join("info.json");
    let place = tutorial::Place::emulator(&fs::read_to_string(&info).unwrap(), "tutorialrust").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(tutorial::walk(place, |line| SAID.lock().unwrap().push(line))).unwrap();
    assert_eq!(*SAID.lock().unwrap(), STORY);

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(node) = lab::tool("node").filter(|_| root.join("pkg/dist/azure/node.js").is_file()) else {
        eprintln!("not run in Node: the package is not built");
        return;
    };
    let script = root.join("examples/azure-tutorial.mjs");
    let args = [script.to_str().unwrap(), "--info", info.to_str().unwrap(), "--registry", "tutorialnode"];
    assert_eq!(lab::run(&node, &args).lines().collect::<Vec<_>>(), STORY);
}
