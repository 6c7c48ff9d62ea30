//! `layers`.

use super::{
    Reading,
    exit::Failure,
    fetch,
    output::{self, Table, cell, size},
};
use portolan::{Descriptor, LayerRow, Platform, client::Image};
use serde::Serialize;
use std::{io::Write as _, process::ExitCode};

/// One layer, bottom first. What the config does not tell is `null`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Layer<'a> {
    digest: &'a str,
    size: u64,
    media_type: &'a str,
    command: Option<&'a str>,
    diff_id: Option<&'a str>,
    created: Option<&'a str>,
}

impl<'a> Layer<'a> {
    fn bare(layer: &'a Descriptor) -> Self {
        Self {
            digest: layer.digest.as_str(),
            size: layer.size,
            media_type: layer.media_type.as_str(),
            command: None,
            diff_id: None,
            created: None,
        }
    }

    fn joined(row: &'a LayerRow) -> Self {
        Self {
            command: row.command.as_deref(),
            diff_id: row.diff_id.as_ref().map(|digest| digest.as_str()),
            created: row.created.as_deref(),
            ..Self::bare(&row.descriptor)
        }
    }
}

pub(super) async fn run(text: &str, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let image = fetch::image(text, platform, reading).await?.image;
    let layers = layers(&image);
    if reading.json {
        output::json(&layers)?;
    } else {
        table(&layers)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The layers with their history, or without where there is none: artifacts have layers and no config to tell of them.
fn layers(image: &Image) -> Vec<Layer<'_>> {
    match (&image.layers, image.manifest.image()) {
        (Some(joined), _) => joined.rows().iter().map(Layer::joined).collect(),
        (None, Some(manifest)) => manifest.layers.iter().map(Layer::bare).collect(),
        (None, None) => Vec::new(),
    }
}

fn table(layers: &[Layer<'_>]) -> Result<(), Failure> {
    let mut table = Table::new(&["SIZE", "DIGEST", "COMMAND"]);
    for layer in layers {
        table.row([size(layer.size), cell(layer.digest), cell(layer.command.unwrap_or("(unknown)"))]);
    }
    let mut out = output::stdout();
    table.write(&mut out)?;
    Ok(out.flush()?)
}
