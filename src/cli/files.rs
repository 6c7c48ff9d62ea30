//! `files`.

use super::{
    Reading,
    exit::Failure,
    opened::{self, Layers, Opened},
    output,
    row::{self, Row},
};
use clap::Args;
use portolan::{
    Platform,
    layers::{FileRow, Filter, NodeId, Paths, Selection, View},
};
use serde::{Serialize, Serializer};
use std::{io::Write as _, process::ExitCode};

/// Which files.
#[derive(Args)]
pub(super) struct FilesArgs {
    /// `host[:port]/name[:tag][@digest]`.
    reference: String,
    /// Only this path and what is below it.
    path: Option<String>,
    /// Also lists paths that some layer has and the image no longer shows.
    #[arg(long)]
    deleted: bool,
    #[command(flatten)]
    layers: Layers,
}

/// Shape of `--json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    reference: String,
    digest: &'a str,
    partial: bool,
    #[serde(serialize_with = "each")]
    entries: Entries<'a>,
}

/// Made one after another while they are written: there may be a million.
struct Entries<'a> {
    view: View<'a>,
    nodes: Vec<NodeId>,
}

pub(super) async fn run(args: &FilesArgs, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let opened = opened::open(&args.reference, platform, reading, &args.layers).await?;
    let filter = Filter { deleted: args.deleted, ..Filter::default() };
    let selection = Selection::new(opened.files.tree(), filter);
    let view = selection.view(opened.files.tree());
    let top = match &args.path {
        None => Paths::ROOT,
        Some(path) => find(&opened, view, path)?,
    };
    write(&opened, Entries { view, nodes: below(view, top) }, reading)?;
    opened.complete()?;
    Ok(ExitCode::SUCCESS)
}

/// The path, through links; of paths that are gone, by its letters.
fn find(opened: &Opened, view: View<'_>, path: &str) -> Result<NodeId, Failure> {
    let tree = opened.files.tree();
    let found = tree.resolve(path.as_bytes(), path.ends_with('/')).or_else(|| tree.paths().find(path.as_bytes()));
    found.filter(|node| *node == Paths::ROOT || view.row(*node).is_some()).ok_or_else(|| opened::no_such_path(path))
}

fn write(opened: &Opened, entries: Entries<'_>, reading: &Reading) -> Result<(), Failure> {
    if reading.json {
        let digest = opened.image.manifest.digest().as_str();
        let partial = opened.files.partial().is_some();
        return Ok(output::json(&Listed { reference: opened.reference.to_string(), digest, partial, entries })?);
    }
    let mut out = output::stdout();
    for row in entries.rows() {
        writeln!(out, "{}", row::line(&row))?;
    }
    Ok(out.flush()?)
}

impl<'a> Entries<'a> {
    fn rows(&self) -> impl Iterator<Item = FileRow<'a>> {
        self.nodes.iter().filter_map(|node| self.view.row(*node))
    }
}

fn each<S: Serializer>(entries: &Entries<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(entries.rows().map(|row| Row::new(entries.view.tree(), &row)))
}

/// A node and all below it, by name, each directory before what is in it; never the root.
fn below(view: View<'_>, top: NodeId) -> Vec<NodeId> {
    let (mut nodes, mut open) = (Vec::new(), vec![top]);
    while let Some(node) = open.pop() {
        if node != Paths::ROOT {
            nodes.push(node);
        }
        let paths = view.tree().paths();
        let mut children: Vec<NodeId> = view.children(node).collect();
        children.sort_unstable_by(|a, b| paths.name(*b).cmp(paths.name(*a)));
        open.append(&mut children);
    }
    nodes
}
