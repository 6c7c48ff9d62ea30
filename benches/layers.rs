//! Listing one gzip layer, against what everybody has: `cargo bench --bench layers [-- FILE]`.
//!
//! In one run, on the same file: the scan with the compressed digest verified; the same with the `diff_id`; bare flate2
//! (zlib-rs) and sha2, which find no file; `gzip -dc | tar -tv`; and, where dive is installed, the scan with the tree and its waste
//! against dive, which has the layer unpacked. Without FILE a layer is made of this machine's `/usr`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints, and ends where it fails")]
#![allow(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "benches run where std is")]

#[path = "layers/dive.rs"]
mod dive;

use dive::Dive;
use portolan::{
    Digest, Limits, Verifier,
    layers::{ImageTree, LayerIndex, Scan, ScanOptions},
};
use std::{
    env,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// As a registry's chunks at their largest.
const CHUNK: usize = 256 << 10;
const ROUNDS: usize = 3;
/// Of a layer made here, uncompressed.
const SIZE: u64 = 1 << 30;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [one, file] = args.as_slice()
        && one == "--once"
    {
        return once(Path::new(file));
    }
    let file = args.first().map_or_else(made, PathBuf::from);
    let digest = digest(&file);
    let index = scan(&file, &digest, false);
    let unpacked = index.facts.unpacked.unwrap();
    let size = fs::metadata(&file).unwrap().len();
    println!(
        "layer: {} MB, {} MB uncompressed, {} entries",
        size / 1_000_000,
        unpacked / 1_000_000,
        index.listing.len()
    );
    compare(&file, &digest, unpacked);
    memory(&file);
    let written = index.encode().unwrap().len() as f64;
    println!(
        "index: {:.0} KB, {:.2} % of the layer, {} checkpoints",
        written / 1e3,
        written / size as f64 * 100.0,
        index.checkpoints.len()
    );
    let entries = index.listing.len();
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    tree.push_layer(digest, index.listing).unwrap();
    println!("tree: {} bytes an entry", tree.memory() / entries.max(1));
}

/// What is measured, and its name.
type Run<'a> = (&'static str, Box<dyn Fn() + 'a>);

fn compare(file: &Path, digest: &Digest, unpacked: u64) {
    let dive = Dive::find(file, unpacked);
    let mut runs: Vec<Run<'_>> = vec![
        ("scan, digest verified", Box::new(|| drop(scan(file, digest, false)))),
        ("scan, diff_id too", Box::new(|| drop(scan(file, digest, true)))),
        ("bare flate2 (zlib-rs) + sha2", Box::new(|| bare(file, digest))),
        ("gzip -dc | tar -tv", Box::new(|| tar(file))),
    ];
    if let Some(dive) = &dive {
        let options = || ScanOptions { verify: false, ..ScanOptions::new(digest.clone()) };
        runs.push(("scan, tree and waste", Box::new(|| judge(scan(file, digest, false)))));
        runs.push(("the same, unpacked for dive", Box::new(move || judge(scan_of(dive.layer(), options())))));
        runs.push(("dive, unpacked for it", Box::new(|| dive.run())));
    }
    let mut times: Vec<Vec<Duration>> = runs.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((_, run), times) in runs.iter().zip(&mut times) {
            let start = Instant::now();
            run();
            times.push(start.elapsed());
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let medians: Vec<f64> = times.iter_mut().map(median).collect();
    for ((name, _), time) in runs.iter().zip(&medians) {
        println!("{name:<30} {time:>6.2} s  {:>4.0} MB/s", unpacked as f64 / time / 1e6);
    }
    println!("scan / bare                    {:.2} x (wanted: at least 0.9)", medians[2] / medians[0]);
    println!("scan / gzip | tar              {:.2} x (wanted: at least 2.5)", medians[3] / medians[0]);
    match medians.get(4..) {
        Some([judged, unpacked, dive]) => {
            println!("scan, tree and waste / dive    {:.2} x, which has it unpacked already", dive / judged);
            println!("the same, both unpacked        {:.2} x", dive / unpacked);
        }
        _ => println!("{}", dive::MISSING),
    }
}

/// As much as dive does: the files, and what of them is wasted.
fn judge(index: LayerIndex) {
    let mut tree = ImageTree::new(&Limits::DEFAULT);
    tree.push_layer(index.facts.digest, index.listing).unwrap();
    assert_eq!(tree.waste(100).layers.len(), 1);
}

fn chunks(mut from: impl Read, mut each: impl FnMut(&[u8])) {
    let mut buffer = vec![0; CHUNK];
    loop {
        match from.read(&mut buffer).unwrap() {
            0 => return,
            count => each(&buffer[..count]),
        }
    }
}

fn digest(file: &Path) -> Digest {
    let mut hasher = sha2::Sha256::default();
    chunks(File::open(file).unwrap(), |chunk| sha2::Digest::update(&mut hasher, chunk));
    let hash = sha2::Digest::finalize(hasher);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}").parse().unwrap()
}

fn scan(file: &Path, digest: &Digest, hash_unpacked: bool) -> LayerIndex {
    scan_of(File::open(file).unwrap(), ScanOptions { hash_unpacked, ..ScanOptions::new(digest.clone()) })
}

fn scan_of(from: impl Read, options: ScanOptions) -> LayerIndex {
    let mut scan = Scan::new(options);
    chunks(from, |chunk| scan.push(chunk).unwrap());
    scan.finish().unwrap()
}

fn bare(file: &Path, digest: &Digest) {
    let mut verifier = Verifier::new(digest, None).unwrap();
    let mut inflate =
        flate2::read::MultiGzDecoder::new(Tee { file: File::open(file).unwrap(), verifier: &mut verifier });
    let mut buffer = vec![0; CHUNK];
    while inflate.read(&mut buffer).unwrap() > 0 {}
    drop(inflate);
    verifier.finish().unwrap();
}

/// Hashes what is read.
struct Tee<'a> {
    file: File,
    verifier: &'a mut Verifier,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.verifier.update(&buffer[..count]).unwrap();
        Ok(count)
    }
}

fn tar(file: &Path) {
    let script = "gzip -dc \"$0\" | tar -tv > /dev/null";
    assert!(Command::new("sh").args(["-c", script]).arg(file).status().unwrap().success());
}

/// Peak memory of a process that does nothing but scan, and builds the tree.
fn memory(file: &Path) {
    let out =
        Command::new(env::current_exe().unwrap()).arg("--once").arg(file).stderr(Stdio::inherit()).output().unwrap();
    print!("{}", String::from_utf8(out.stdout).unwrap());
}

fn once(file: &Path) {
    let index = scan(file, &digest(file), true);
    let peak = || {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .map_or_else(|| "unknown".into(), |v| v.trim().to_owned())
    };
    println!("peak memory: {} with a listing of {} KB in it", peak(), index.listing.memory() / 1000);
}

/// A layer of what this machine has.
fn made() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("layer.tar.gz");
    if !file.exists() {
        println!("making a layer of /usr (once)");
        let list = format!(
            "find usr -printf '%s %p\\n' | LC_ALL=C sort -k 2 | awk '{{ sum += $1; if (sum < {SIZE}) print $2 }}'"
        );
        let script =
            format!("cd / && {list} | tar -c --no-recursion -T - | gzip -6 > \"$0.part\" && mv \"$0.part\" \"$0\"");
        assert!(Command::new("sh").args(["-c", &script]).arg(&file).status().unwrap().success());
    }
    file
}
