//! `diff`.

use super::{
    Reading,
    exit::Failure,
    opened::{self, Layers, Opened},
    output::{self, cell, size},
    row::Row,
};
use clap::Args;
use portolan::{
    ConfigDifference, Platform,
    layers::{Comparison, Difference, DifferenceKind, Filter, Selection, SharedLayers, View},
    text::shown_bytes,
};
use serde::{Serialize, Serializer};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Which images.
#[derive(Args)]
pub(super) struct DiffArgs {
    /// What it was: `host[:port]/name[:tag][@digest]`.
    left: String,
    /// What it is now.
    right: String,
    #[command(flatten)]
    layers: Layers,
}

/// Shape of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Compared<'a> {
    left: Side<'a>,
    right: Side<'a>,
    layers: LayersOfBoth<'a>,
    config: Vec<ConfigDifference>,
    added: usize,
    removed: usize,
    changed: usize,
    added_bytes: i64,
    removed_bytes: i64,
    changed_bytes: i64,
    /// Files of the same size whose contents nobody could compare.
    unknown: usize,
    #[serde(serialize_with = "each")]
    differences: Differences<'a>,
}

#[derive(Serialize)]
struct Side<'a> {
    reference: String,
    digest: &'a str,
    size: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LayersOfBoth<'a> {
    shared: Vec<SharedLayer<'a>>,
    only_left: &'a [usize],
    only_right: &'a [usize],
}

#[derive(Serialize)]
struct SharedLayer<'a> {
    digest: &'a str,
    size: u64,
    left: usize,
    right: usize,
}

/// One path that differs.
#[derive(Serialize)]
struct Differing<'a> {
    path: String,
    kind: &'static str,
    aspects: Vec<&'static str>,
    delta: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<Row<'a>>,
}

/// Made one after another while they are written.
#[derive(Clone, Copy)]
struct Differences<'a> {
    comparison: &'a Comparison,
    left: View<'a>,
    right: View<'a>,
}

pub(super) async fn run(args: &DiffArgs, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let left = opened::open(&args.left, platform, reading, &args.layers).await?;
    let right = opened::open(&args.right, platform, reading, &args.layers).await?;
    let selections = [&left, &right].map(|side| Selection::new(side.files.tree(), Filter::default()));
    let views = (selections[0].view(left.files.tree()), selections[1].view(right.files.tree()));
    let comparison = Comparison::new(views.0, views.1);
    let differences = Differences { comparison: &comparison, left: views.0, right: views.1 };
    let shared = SharedLayers::of(left.files.tree().layers(), right.files.tree().layers());
    let compared = Compared::new(&left, &right, &shared, differences);
    if reading.json {
        output::json(&compared)?;
    } else {
        let mut out = output::stdout();
        describe(&compared, &mut out)?;
        out.flush()?;
    }
    left.complete()?;
    right.complete()?;
    Ok(ExitCode::SUCCESS)
}

impl<'a> Compared<'a> {
    fn new(left: &'a Opened, right: &'a Opened, shared: &'a SharedLayers, differences: Differences<'a>) -> Self {
        let comparison = differences.comparison;
        let config = left.image.config.as_ref().zip(right.image.config.as_ref());
        Self {
            left: side(left, comparison.left_size),
            right: side(right, comparison.right_size),
            layers: layers(left, shared),
            config: config.map(|(left, right)| ConfigDifference::between(left, right)).unwrap_or_default(),
            added: comparison.added.count,
            removed: comparison.removed.count,
            changed: comparison.changed.count,
            added_bytes: comparison.added.delta,
            removed_bytes: comparison.removed.delta,
            changed_bytes: comparison.changed.delta,
            unknown: comparison.unknown,
            differences,
        }
    }
}

fn side(opened: &Opened, size: u64) -> Side<'_> {
    Side { reference: opened.reference.to_string(), digest: opened.image.manifest.digest().as_str(), size }
}

fn layers<'a>(left: &'a Opened, shared: &'a SharedLayers) -> LayersOfBoth<'a> {
    let shared_layer = |pair: &portolan::layers::SharedLayer| {
        let layer = &left.files.layers().get(pair.left)?.descriptor;
        Some(SharedLayer { digest: layer.digest.as_str(), size: layer.size, left: pair.left, right: pair.right })
    };
    LayersOfBoth {
        shared: shared.shared.iter().filter_map(shared_layer).collect(),
        only_left: &shared.only_left,
        only_right: &shared.only_right,
    }
}

impl<'a> Differences<'a> {
    fn differing(self, difference: &Difference) -> Differing<'a> {
        let row = |view: View<'a>, node: Option<u32>| {
            node.and_then(|node| view.row(node)).map(|row| Row::new(view.tree(), &row))
        };
        Differing {
            path: String::from_utf8_lossy(&difference.path(self.left, self.right)).into_owned(),
            kind: difference.kind.as_str(),
            aspects: difference.aspects.words().collect(),
            delta: difference.delta,
            left: row(self.left, difference.left),
            right: row(self.right, difference.right),
        }
    }
}

fn each<S: Serializer>(differences: &Differences<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let all = differences.comparison.differences.iter();
    serializer.collect_seq(all.map(|difference| differences.differing(difference)))
}

fn describe(compared: &Compared<'_>, out: &mut impl Write) -> io::Result<()> {
    let Compared { left, right, layers, .. } = compared;
    writeln!(out, "--- {} ({})", cell(&left.reference), size(left.size))?;
    writeln!(out, "+++ {} ({})", cell(&right.reference), size(right.size))?;
    let (shared, removed, added) = (layers.shared.len(), layers.only_left.len(), layers.only_right.len());
    writeln!(out, "layers: {shared} shared, {removed} only left, {added} only right")?;
    for difference in &compared.config {
        writeln!(out, "config: {}", cell(&difference.to_string()))?;
    }
    let differences = compared.differences;
    for difference in &differences.comparison.differences {
        let path = shown_bytes(&difference.path(differences.left, differences.right), 8_192);
        let aspects: Vec<&str> = difference.aspects.words().collect();
        let sign = match difference.kind {
            DifferenceKind::Added => '+',
            DifferenceKind::Removed => '-',
            DifferenceKind::Changed => '~',
        };
        let why = if aspects.is_empty() { String::new() } else { format!("  ({})", aspects.join(", ")) };
        writeln!(out, "{sign} {:>10}  {path}{why}", signed(difference.delta))?;
    }
    let total = [compared.added_bytes, compared.removed_bytes, compared.changed_bytes]
        .iter()
        .fold(0_i64, |sum, delta| sum.saturating_add(*delta));
    if compared.unknown > 0 {
        writeln!(out, "{} files of the same size could not be compared", compared.unknown)?;
    }
    let (added, removed, changed) = (compared.added, compared.removed, compared.changed);
    writeln!(out, "{added} added, {removed} removed, {changed} changed: {}", signed(total))
}

fn signed(delta: i64) -> String {
    let sign = if delta < 0 { "-" } else { "+" };
    format!("{sign}{}", size(delta.unsigned_abs()))
}
