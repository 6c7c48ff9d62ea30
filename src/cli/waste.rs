//! `waste`.

use super::{
    Reading,
    exit::Failure,
    opened::{self, Layers, Opened},
    output::{self, Table, size},
};
use clap::Args;
use portolan::{
    Platform,
    layers::{BuriedSecret, NodeId, Waste, WastePath},
    text::shown_bytes,
};
use serde::Serialize;
use std::{io::Write as _, process::ExitCode};

/// Of which image, and how much of it.
#[derive(Args)]
pub(super) struct WasteArgs {
    /// `host[:port]/name[:tag][@digest]`.
    reference: String,
    /// How many paths are named, the worst first.
    #[arg(long, default_value_t = 100, value_name = "N")]
    paths: usize,
    #[command(flatten)]
    layers: Layers,
}

/// Shape of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wasted {
    total: u64,
    kept: u64,
    reclaimable: u64,
    score: f64,
    count: usize,
    paths: Vec<PathWaste>,
    secrets: Vec<Secret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PathWaste {
    path: String,
    bytes: u64,
    copies: usize,
    writers: Vec<usize>,
    remover: usize,
    present: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Secret {
    path: String,
    what: &'static str,
    layer: usize,
    removed_by: usize,
    size: u64,
}

pub(super) async fn run(args: &WasteArgs, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let opened = opened::open(&args.reference, platform, reading, &args.layers).await?;
    let waste = opened.files.tree().waste(args.paths);
    if reading.json {
        output::json(&Wasted::new(&opened, &waste))?;
    } else {
        describe(&opened, &waste)?;
    }
    opened.complete()?;
    Ok(ExitCode::SUCCESS)
}

impl Wasted {
    fn new(opened: &Opened, waste: &Waste) -> Self {
        let path = |node: NodeId| String::from_utf8_lossy(&opened.files.tree().paths().path(node)).into_owned();
        Self {
            total: waste.total,
            kept: waste.kept,
            reclaimable: waste.reclaimable(),
            score: waste.score(),
            count: waste.count,
            paths: waste.paths.iter().map(|wasted| PathWaste::new(wasted, path(wasted.id))).collect(),
            secrets: waste.secrets.iter().map(|secret| Secret::new(secret, path(secret.id))).collect(),
        }
    }
}

impl PathWaste {
    fn new(wasted: &WastePath, path: String) -> Self {
        let WastePath { bytes, copies, remover, present, .. } = *wasted;
        Self { path, bytes, copies, writers: wasted.writers.clone(), remover, present }
    }
}

impl Secret {
    fn new(secret: &BuriedSecret, path: String) -> Self {
        let BuriedSecret { what, layer, removed_by, size, .. } = *secret;
        Self { path, what, layer, removed_by, size }
    }
}

fn describe(opened: &Opened, waste: &Waste) -> Result<(), Failure> {
    let path = |node: NodeId| shown_bytes(&opened.files.tree().paths().path(node), 4_096);
    let mut out = output::stdout();
    let (reclaimable, percent) = (size(waste.reclaimable()), (1.0 - waste.score()) * 100.0);
    writeln!(out, "{reclaimable} of {} could be reclaimed ({percent:.1} %)", size(waste.total))?;
    if !waste.paths.is_empty() {
        let mut table = Table::new(&["BYTES", "WRITTEN BY", "HIDDEN BY", "PATH"]);
        for wasted in &waste.paths {
            let writers: Vec<String> = wasted.writers.iter().map(|layer| (layer + 1).to_string()).collect();
            let hidden = format!("{} {}", if wasted.present { "replaced," } else { "removed," }, wasted.remover + 1);
            table.row([size(wasted.bytes), writers.join(", "), hidden, path(wasted.id)]);
        }
        writeln!(out)?;
        table.write(&mut out)?;
    }
    for secret in &waste.secrets {
        let (layer, remover) = (secret.layer + 1, secret.removed_by + 1);
        writeln!(
            out,
            "\n{} ({}) is still in layer {layer}, though layer {remover} hides it",
            path(secret.id),
            secret.what
        )?;
    }
    Ok(out.flush()?)
}
