//! What programs say comes whole, however soon they end and however late somebody listens.

use super::*;
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use core::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::io::{AsyncReadExt as _, ReadBuf};

fn shell(script: &str) -> Running {
    Running::start(Command::new("/bin/sh").args(["-c", script])).unwrap()
}

async fn rest(running: &mut Running) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = running.lines.recv().await {
        lines.push(String::from_utf8(line).unwrap().trim_end().to_string());
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn what_was_said_before_the_end_is_read_after_it() {
    // More lines than the channel holds, on both outputs, and a last one that does not end.
    let script = "i=100; while [ $i -lt 400 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done; printf last";
    let mut running = shell(script);
    assert_eq!(running.wait().await.unwrap(), Some(0));
    let of = |word: &str| (100..400).map(|number| alloc::format!("{word} {number}")).collect::<Vec<_>>();
    assert_eq!(rest(&mut running).await, [of("err"), ["last".to_string()].into(), of("out")].concat());
}

#[tokio::test]
async fn what_a_program_left_behind_says_is_heard_too() {
    // The child goes on when the pipe says so: after its parent's end.
    let folder = tempfile::tempdir().unwrap();
    let gate = folder.path().join("gate");
    rustix::fs::mkfifoat(rustix::fs::CWD, &gate, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    let mut running = shell(&alloc::format!("(read word < {}; echo $word) & echo first", gate.display()));
    assert_eq!(running.wait().await.unwrap(), Some(0));
    tokio::task::spawn_blocking(move || std::fs::write(gate, "late\n")).await.unwrap().unwrap();
    assert_eq!(rest(&mut running).await, ["first", "late"]);
}

/// An output that breaks.
struct Broken;

impl AsyncRead for Broken {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("broken")))
    }
}

#[tokio::test]
async fn a_line_that_breaks_off_is_handed_on() {
    let (sender, mut lines) = mpsc::channel(8);
    forward(b"whole\npart".as_slice().chain(Broken), sender).await;
    assert_eq!(lines.recv().await.unwrap(), b"whole\n");
    assert_eq!(lines.recv().await.unwrap(), b"part");
    assert_eq!(lines.recv().await, None);
}
