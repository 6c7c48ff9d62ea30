//! Pushing and pulling an image of 1 GB with skopeo: the emulator against Debian's docker-registry, in one run. Prints times,
//! ratios, and the peak of each server's memory.
//!
//! skopeo comes by TLS wherever a port answers it: both are measured with TLS and without, and like is compared with like.
//! `PORTOLAN_BENCH_MB` says how large the image is.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::alloc_instead_of_core,
    reason = "a benchmark"
)]

#[path = "emulator/image.rs"]
mod image;
#[path = "emulator/peers.rs"]
mod peers;

use peers::Peer;
use std::{
    env, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

const RUNS: usize = 5;
const LAYERS: usize = 4;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let megabytes: usize = env::var("PORTOLAN_BENCH_MB").map_or(1_000, |text| text.parse().unwrap());
    let kinds = [false, true].map(|tls| [Peer::emulator(folder.path(), tls), Peer::registry(folder.path(), tls)]);
    let peers = kinds.as_flattened();
    let mut times = vec![(Vec::new(), Vec::new()); peers.len()];
    for run in 0..RUNS {
        // Each run has an image of its own: skopeo remembers where a blob is and mounts it from there.
        let layout = folder.path().join("image");
        image::write(&layout, run * LAYERS..(run + 1) * LAYERS, megabytes * 1_000_000 / LAYERS);
        for (peer, (pushes, pulls)) in peers.iter().zip(&mut times) {
            let name = format!("bench/run{run}");
            let remote = format!("docker://{}/{name}:latest", peer.address);
            let local = |path: &Path| format!("oci:{}:latest", path.display());
            let target = folder.path().join("pulled");
            pushes.push(copy(peer, "--dest", &local(&layout), &remote));
            pulls.push(copy(peer, "--src", &remote, &local(&target)));
            fs::remove_dir_all(target).unwrap();
        }
        fs::remove_dir_all(layout).unwrap();
    }
    println!("{megabytes} MB in {LAYERS} layers, median of {RUNS}; ratios are ours to theirs");
    for (at, (peer, (pushes, pulls))) in peers.iter().zip(&times).enumerate() {
        // Ours comes first of each kind.
        let (our_pushes, our_pulls) = &times[at & !1];
        let ours = (median(our_pushes), median(our_pulls));
        let (push, pull) = (median(pushes), median(pulls));
        println!(
            "{:>22}  push {:6.2} s (x{:.2})  pull {:6.2} s (x{:.2})  peak {:4} MiB",
            peer.name,
            push.as_secs_f64(),
            ours.0.as_secs_f64() / push.as_secs_f64(),
            pull.as_secs_f64(),
            ours.1.as_secs_f64() / pull.as_secs_f64(),
            peer.peak() >> 10,
        );
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

/// One copy by skopeo; `side` is where the registry is.
fn copy(peer: &Peer, side: &str, from: &str, to: &str) -> Duration {
    let mut command = Command::new("skopeo");
    command.args(["--insecure-policy", "copy", "--quiet"]).arg(format!("{side}-tls-verify=false"));
    if let Some(credentials) = &peer.credentials {
        command.arg(format!("{side}-creds={credentials}"));
    }
    let start = Instant::now();
    let status = command.args([from, to]).status().expect("skopeo is installed");
    let time = start.elapsed();
    assert!(status.success(), "skopeo {from} {to}");
    time
}
