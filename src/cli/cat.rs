//! `cat`.

use super::{
    Reading,
    exit::Failure,
    opened::{self, Layers, Opened},
    output,
};
use clap::Args;
use portolan::{
    Platform,
    layers::{EntryKind, EntryRef, Filter, NodeId, Selection},
};
use std::{
    io::{self, BufWriter, Write as _},
    process::ExitCode,
};

/// Which file.
#[derive(Args)]
pub(super) struct CatArgs {
    /// `host[:port]/name[:tag][@digest]`.
    reference: String,
    /// The file; symbolic links are followed inside of the image.
    path: String,
    /// The file as this layer has it, counted from 1, the base; no link is followed then.
    #[arg(long, value_name = "N")]
    layer: Option<usize>,
    #[command(flatten)]
    layers: Layers,
}

pub(super) async fn run(args: &CatArgs, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let opened = opened::open(&args.reference, platform, reading, &args.layers).await?;
    let (layer, entry) = find(&opened, args)?;
    let mut file = opened.files.open(layer, entry, None).await?;
    // Locked for each write only: a lock cannot wait for the network.
    let mut out = Writing { out: BufWriter::with_capacity(64 << 10, io::stdout()), result: Ok(()) };
    while file.next(&mut |bytes| out.write(bytes)).await? {
        if out.result.is_err() {
            break;
        }
    }
    out.result?;
    out.out.flush()?;
    file.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// The first error ends it, at the next opportunity.
struct Writing<W> {
    out: W,
    result: io::Result<()>,
}

impl<W: io::Write> Writing<W> {
    fn write(&mut self, bytes: &[u8]) {
        if self.result.is_ok() {
            self.result = self.out.write_all(bytes);
        }
    }
}

/// The layer that has the content, and the entry there.
fn find<'a>(opened: &'a Opened, args: &CatArgs) -> Result<(usize, EntryRef<'a>), Failure> {
    let tree = opened.files.tree();
    let (node, filter) = match args.layer {
        None => (tree.resolve(args.path.as_bytes(), true), Filter::default()),
        Some(number) => {
            let layer = number.checked_sub(1).filter(|layer| *layer < tree.layers().len());
            let layer = layer.ok_or_else(|| Failure::Usage(format!("the image has {} layers", tree.layers().len())))?;
            (tree.paths().find(args.path.as_bytes()), Filter::of_layer(layer))
        }
    };
    let found = node.and_then(|node| content(opened, node, filter));
    let (layer, entry) = found.ok_or_else(|| opened::no_such_path(&args.path))?;
    match entry.kind() {
        EntryKind::File => Ok((layer, entry)),
        kind => Err(Failure::Usage(format!("{} is a {}", output::cell(&args.path), kind.as_str()))),
    }
}

fn content(opened: &Opened, node: NodeId, filter: Filter) -> Option<(usize, EntryRef<'_>)> {
    let tree = opened.files.tree();
    let selection = Selection::new(tree, filter);
    let row = selection.view(tree).row(node)?;
    let (layer, id) = (row.content_layer(), row.means().id());
    tree.row(id).map(|entry| (layer, entry))
}
