//! `inspect`.

use super::{
    Reading,
    exit::Failure,
    fetch::{self, Found},
    output::{self, Table, cell, size},
};
use portolan::{Descriptor, ImageConfig, ManifestKind, MediaType, Platform, client::Image};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    process::ExitCode,
};

/// What a reference names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inspected<'a> {
    reference: String,
    digest: &'a str,
    media_type: &'a str,
    /// Bytes of the manifest itself.
    size: u64,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<&'a str>,
    annotations: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a Descriptor>,
    /// The index through which a platform was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<&'a str>,
    #[serde(flatten)]
    content: Content<'a>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Content<'a> {
    Image {
        config: Config<'a>,
        layers: &'a [Descriptor],
        /// Sum of the layers' compressed sizes, where it is a number.
        layers_size: Option<u64>,
    },
    Index {
        platforms: Vec<String>,
        manifests: &'a [Descriptor],
    },
    Opaque {},
}

/// The config's descriptor, and of an image what the config says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    digest: &'a str,
    media_type: &'a str,
    size: u64,
    #[serde(flatten)]
    summary: Option<Box<Summary<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    architecture: Option<&'a str>,
    os: Option<&'a str>,
    variant: Option<&'a str>,
    os_version: Option<&'a str>,
    created: Option<&'a str>,
    author: Option<&'a str>,
    user: Option<&'a str>,
    entrypoint: &'a [String],
    cmd: &'a [String],
    env: &'a [String],
    working_dir: Option<&'a str>,
    exposed_ports: &'a [String],
    volumes: &'a [String],
    stop_signal: Option<&'a str>,
    labels: &'a BTreeMap<String, String>,
}

impl<'a> Summary<'a> {
    fn new(config: &'a ImageConfig) -> Self {
        Self {
            architecture: config.architecture.as_deref(),
            os: config.os.as_deref(),
            variant: config.variant.as_deref(),
            os_version: config.os_version.as_deref(),
            created: config.created.as_deref(),
            author: config.author.as_deref(),
            user: config.user.as_deref(),
            entrypoint: &config.entrypoint,
            cmd: &config.cmd,
            env: &config.env,
            working_dir: config.working_dir.as_deref(),
            exposed_ports: &config.exposed_ports,
            volumes: &config.volumes,
            stop_signal: config.stop_signal.as_deref(),
            labels: &config.labels,
        }
    }
}

/// Without a platform an index is shown as what it is; with one, the image it leads to.
pub(super) async fn run(text: &str, platform: Option<&Platform>, reading: &Reading) -> Result<ExitCode, Failure> {
    let Found { reference, image, .. } = match platform {
        Some(platform) => fetch::image(text, Some(platform), reading).await?,
        None => fetch::whole(text, reading).await?,
    };
    let inspected = inspected(reference.to_string(), &image);
    if reading.json {
        output::json(&inspected)?;
    } else {
        let mut out = output::stdout();
        describe(&inspected, &mut out)?;
        out.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn inspected(reference: String, image: &Image) -> Inspected<'_> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    let manifest = &image.manifest;
    let (annotations, artifact_type, subject, content) = match manifest.kind() {
        ManifestKind::Image(m) => (&m.annotations, m.artifact_type.as_ref(), m.subject.as_ref(), image_content(image)),
        ManifestKind::Index(m) => {
            let platforms = m.platforms().map(ToString::to_string).collect();
            let content = Content::Index { platforms, manifests: &m.manifests };
            (&m.annotations, m.artifact_type.as_ref(), m.subject.as_ref(), content)
        }
        _ => (&NONE, None, None, Content::Opaque {}),
    };
    Inspected {
        reference,
        digest: manifest.digest().as_str(),
        media_type: manifest.media_type().as_str(),
        size: manifest.size(),
        kind: manifest.kind().as_str(),
        artifact_type: artifact_type.map(MediaType::as_str),
        annotations,
        subject,
        index: image.index.as_ref().map(|index| index.digest().as_str()),
        content,
    }
}

fn image_content(image: &Image) -> Content<'_> {
    let Some(manifest) = image.manifest.image() else { return Content::Opaque {} };
    let config = Config {
        digest: manifest.config.digest.as_str(),
        media_type: manifest.config.media_type.as_str(),
        size: manifest.config.size,
        summary: image.config.as_ref().map(|config| Box::new(Summary::new(config))),
    };
    Content::Image { config, layers: &manifest.layers, layers_size: manifest.layers_size() }
}

fn describe(inspected: &Inspected<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut table = Table::new(&["Reference", &cell(&inspected.reference)]);
    let mut say = |name: &str, value: &str| {
        if !value.is_empty() {
            table.row([cell(name), cell(value)]);
        }
    };
    say("Digest", inspected.digest);
    say("Media type", inspected.media_type);
    say("Artifact type", inspected.artifact_type.unwrap_or_default());
    say("Chosen from", inspected.index.unwrap_or_default());
    say("Refers to", inspected.subject.map(|s| s.digest.as_str()).unwrap_or_default());
    match &inspected.content {
        Content::Image { config, layers, layers_size } => {
            let total = layers_size.map_or_else(|| "more than a number can say".to_owned(), size);
            let noun = if layers.len() == 1 { "layer" } else { "layers" };
            say("Size", &format!("{total} in {} {noun}", layers.len()));
            if let Some(summary) = &config.summary {
                describe_config(summary, &mut say);
            }
        }
        Content::Index { platforms, manifests } => {
            say("Manifests", &manifests.len().to_string());
            say("Platforms", &platforms.join(", "));
        }
        Content::Opaque {} => say("Size", &size(inspected.size)),
    }
    for (key, value) in inspected.annotations {
        say(key, value);
    }
    table.write(out)
}

fn describe_config(summary: &Summary<'_>, say: &mut impl FnMut(&str, &str)) {
    let platform: Vec<&str> = [summary.os, summary.architecture, summary.variant].into_iter().flatten().collect();
    say("Platform", &platform.join("/"));
    say("Created", summary.created.unwrap_or_default());
    say("User", summary.user.unwrap_or_default());
    say("Entrypoint", &summary.entrypoint.join(" "));
    say("Command", &summary.cmd.join(" "));
    say("Directory", summary.working_dir.unwrap_or_default());
    say("Ports", &summary.exposed_ports.join(", "));
    for variable in summary.env {
        say("Environment", variable);
    }
    for (key, value) in summary.labels {
        say("Label", &format!("{key}={value}"));
    }
}
