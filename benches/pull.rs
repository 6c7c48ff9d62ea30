//! Reading an image's layers, verified and written to files: portolan against curl with openssl, and against skopeo, in one
//! run and from one registry. Prints times and ratios.
//!
//! `PORTOLAN_TEST_INFO_NONE` names the description of an open registry: `cargo xtask registry --info FILE` starts one.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "a benchmark"
)]

use portolan::{
    Digest, RegistryConfig, RepositoryName,
    client::{Registry, ReqwestTransport},
};
use std::{
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const LAYERS: u64 = 10;
const LAYER: usize = 32 << 20;
const PARALLEL: usize = 4;
const RUNS: usize = 5;

fn main() {
    let info = env::var("PORTOLAN_TEST_INFO_NONE").expect("PORTOLAN_TEST_INFO_NONE names a registry's description");
    let info: serde_json::Value = serde_json::from_slice(&fs::read(info).unwrap()).unwrap();
    let url = info["url"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let layers = push(url, folder.path());
    let ours = median(|turn| runtime.block_on(read(url, &layers, &folder.path().join(format!("ours{turn}")))));
    let curl = median(|turn| by_curl(url, &layers, &folder.path().join(format!("curl{turn}"))));
    let skopeo = median(|turn| by_skopeo(url, &folder.path().join(format!("skopeo{turn}"))));
    let mib = (LAYERS as usize * LAYER) >> 20;
    println!("{LAYERS} layers, {mib} MiB, {PARALLEL} at once, median of {RUNS}");
    for (name, time) in [("portolan", ours), ("curl + openssl", curl), ("skopeo to dir", skopeo)] {
        let speed = mib as f64 / time.as_secs_f64();
        println!(
            "{name:>14}  {:6.3} s  {speed:6.0} MiB/s  x{:.2}",
            time.as_secs_f64(),
            time.as_secs_f64() / ours.as_secs_f64()
        );
    }
}

fn median(mut run: impl FnMut(usize)) -> Duration {
    let mut times: Vec<_> = (0..RUNS)
        .map(|turn| {
            let start = Instant::now();
            run(turn);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

/// Makes an image of incompressible layers and pushes it with skopeo.
fn push(url: &str, folder: &Path) -> Vec<Digest> {
    let layout = folder.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let put = |bytes: &[u8]| {
        let digest = Digest::sha256(bytes);
        fs::write(blobs.join(digest.encoded()), bytes).unwrap();
        digest
    };
    let layers: Vec<_> = (1..=LAYERS).map(|seed| put(&noise(seed))).collect();
    let diff_ids: Vec<_> = layers.iter().map(ToString::to_string).collect();
    let config = serde_json::json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": diff_ids } });
    let config = serde_json::to_vec(&config).unwrap();
    let descriptor = |kind: &str, digest: &Digest, size: usize| serde_json::json!({ "mediaType": format!("application/vnd.oci.image.{kind}"), "digest": digest, "size": size });
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": descriptor("config.v1+json", &put(&config), config.len()),
        "layers": layers.iter().map(|d| descriptor("layer.v1.tar", d, LAYER)).collect::<Vec<_>>(),
    });
    let manifest = serde_json::to_vec(&manifest).unwrap();
    let entry = descriptor("manifest.v1+json", &put(&manifest), manifest.len());
    fs::write(layout.join("index.json"), serde_json::json!({ "schemaVersion": 2, "manifests": [entry] }).to_string())
        .unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    run(Command::new("skopeo")
        .args(["copy", "-q", "--preserve-digests", "--dest-tls-verify=false", &format!("oci:{}", layout.display())])
        .arg(format!("docker://{}/bench/pull:1", host(url))));
    layers
}

/// xorshift64*: no compressor finds anything in it.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut bytes = Vec::with_capacity(LAYER);
    while bytes.len() < LAYER {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes
}

async fn read(url: &str, layers: &[Digest], folder: &Path) {
    fs::create_dir(folder).unwrap();
    let registry = Registry::new(ReqwestTransport::new().unwrap(), RegistryConfig::new(url.parse().unwrap()));
    let name: RepositoryName = "bench/pull".parse().unwrap();
    // The session lets four blobs through at a time; the rest wait their turn.
    let tasks: Vec<_> = layers
        .iter()
        .map(|digest| {
            let (registry, name, digest) = (registry.clone(), name.clone(), digest.clone());
            let path = folder.join(digest.encoded());
            tokio::spawn(async move {
                let mut stream = registry.blob(&name, &digest, Some(LAYER as u64)).await.unwrap();
                let mut file = fs::File::create(path).unwrap();
                while let Some(chunk) = stream.next().await {
                    file.write_all(&chunk.unwrap()).unwrap();
                }
                stream.finish().expect("a proof")
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

fn by_curl(url: &str, layers: &[Digest], folder: &Path) {
    fs::create_dir(folder).unwrap();
    let script =
        format!("curl -sSf -o $1 {url}/v2/bench/pull/blobs/sha256:$1 && openssl dgst -sha256 -r $1 | grep -q ^$1");
    let mut child = Command::new("xargs")
        .args(["-P", &PARALLEL.to_string(), "-n1", "sh", "-c", &script, "sh"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let names: Vec<_> = layers.iter().map(Digest::encoded).collect();
    child.stdin.take().unwrap().write_all(names.join("\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn by_skopeo(url: &str, folder: &Path) {
    run(Command::new("skopeo")
        .args(["copy", "-q", "--src-tls-verify=false", &format!("docker://{}/bench/pull:1", host(url))])
        .arg(format!("dir:{}", folder.display())));
}

fn host(url: &str) -> &str {
    url.trim_start_matches("http://")
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}
