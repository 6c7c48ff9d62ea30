//! Layers of an image beside the commands that made them.

use crate::{Descriptor, Digest, HistoryEntry, ImageConfig, ImageManifest};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde::Serialize;

/// The join of a manifest's layers and a config's history.
///
/// Nothing is guessed: where the counts differ, what made a layer is unknown.
///
/// ```
/// use portolan::{Descriptor, Digest, HistoryEntry, ImageConfig, ImageLayers, ImageManifest, Manifest, Limits, MediaType};
/// # let digest = Digest::sha256(b"");
/// # let text = format!(r#"{{"config":{{"mediaType":"{c}","digest":"{digest}","size":0}},
/// #   "layers":[{{"mediaType":"{l}","digest":"{digest}","size":0}}]}}"#, c = MediaType::OCI_CONFIG, l = MediaType::OCI_LAYER);
/// # let manifest = Manifest::parse(text.into_bytes(), None, &Limits::DEFAULT)?;
/// let config = ImageConfig {
///     history: vec![HistoryEntry { created_by: Some("/bin/sh -c make".into()), ..Default::default() }],
///     ..Default::default()
/// };
/// let layers = ImageLayers::join(manifest.image().expect("an image"), &config);
/// assert_eq!(layers.rows()[0].command.as_deref(), Some("RUN make"));
/// assert_eq!(layers.rows()[0].diff_id, None);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageLayers {
    rows: Vec<LayerRow>,
    steps: Vec<BuildStep>,
    history_matches: bool,
    diff_ids_match: bool,
}

/// One layer of an image, and where it comes from. See [`ImageLayers::rows`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerRow {
    /// The layer.
    pub descriptor: Descriptor,
    /// Digest of the uncompressed layer, if the config has one for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff_id: Option<Digest>,
    /// The command that made it, as a Dockerfile would say it; see [`command`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The command as the builder wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// One step in the making of an image, whether it made a layer or not. See [`ImageLayers::steps`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildStep {
    /// The command, as a Dockerfile would say it; see [`command`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Position in [`ImageLayers::rows`] of the layer it made, if it made one and that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// The step as written.
    #[serde(flatten)]
    pub entry: HistoryEntry,
}

impl ImageLayers {
    /// Joins the two.
    #[must_use]
    pub fn join(manifest: &ImageManifest, config: &ImageConfig) -> Self {
        let count = manifest.layers.len();
        let made = config.history.iter().filter(|entry| !entry.empty_layer);
        let history_matches = made.clone().count() == count;
        let diff_ids_match = config.diff_ids.len() == count;
        let mut makers = made.filter(|_| history_matches);
        let mut diff_ids = config.diff_ids.iter().filter(|_| diff_ids_match);
        let rows = manifest.layers.iter().map(|layer| LayerRow::new(layer, diff_ids.next(), makers.next())).collect();
        Self { rows, steps: steps(&config.history, history_matches), history_matches, diff_ids_match }
    }

    /// The layers, the base first.
    #[must_use]
    pub fn rows(&self) -> &[LayerRow] {
        &self.rows
    }

    /// Every step of the history in order, those without a layer among them.
    #[must_use]
    pub fn steps(&self) -> &[BuildStep] {
        &self.steps
    }

    /// True if the history accounts for every layer; if not, no row has a command.
    #[must_use]
    pub fn history_matches(&self) -> bool {
        self.history_matches
    }

    /// True if the config has the digest of every uncompressed layer; if not, no row has one.
    #[must_use]
    pub fn diff_ids_match(&self) -> bool {
        self.diff_ids_match
    }
}

impl LayerRow {
    fn new(layer: &Descriptor, diff_id: Option<&Digest>, maker: Option<&HistoryEntry>) -> Self {
        let created_by = maker.and_then(|entry| entry.created_by.clone());
        Self {
            descriptor: layer.clone(),
            diff_id: diff_id.cloned(),
            command: created_by.as_deref().and_then(command),
            created_by,
            created: maker.and_then(|entry| entry.created.clone()),
            comment: maker.and_then(|entry| entry.comment.clone()),
        }
    }
}

fn steps(history: &[HistoryEntry], layers_known: bool) -> Vec<BuildStep> {
    let mut next = 0;
    let mut layer = |entry: &HistoryEntry| {
        if entry.empty_layer || !layers_known {
            return None;
        }
        next += 1;
        Some(next - 1)
    };
    history
        .iter()
        .map(|entry| BuildStep {
            command: entry.created_by.as_deref().and_then(command),
            layer: layer(entry),
            entry: entry.clone(),
        })
        .collect()
}

/// A history entry's `created_by` as a Dockerfile would say it; `None` if nothing is left.
///
/// What builders wrap around an instruction goes: the shell, `#(nop)`, build arguments (`|1 A=b`), `# buildkit`. A bare
/// shell command becomes `RUN`. Anything else stays as it is.
///
/// ```
/// use portolan::command;
/// assert_eq!(command("/bin/sh -c #(nop)  CMD [\"sh\"]").as_deref(), Some("CMD [\"sh\"]"));
/// assert_eq!(command("RUN |1 V=2 /bin/sh -c make $V # buildkit").as_deref(), Some("RUN make $V"));
/// assert_eq!(command("/bin/sh -c apt-get update").as_deref(), Some("RUN apt-get update"));
/// assert_eq!(command("COPY /a /b # buildkit").as_deref(), Some("COPY /a /b"));
/// ```
#[must_use]
pub fn command(created_by: &str) -> Option<String> {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    let bare = text.strip_prefix("RUN ").unwrap_or(text).trim_start();
    let text = match in_shell(without_arguments(bare)) {
        Some(inner) => match inner.strip_prefix("#(nop)") {
            Some(instruction) => instruction.trim().to_string(),
            None if inner.is_empty() => String::new(),
            None => format!("RUN {inner}"),
        },
        None => text.to_string(),
    };
    Some(text).filter(|text| !text.is_empty())
}

const SHELLS: [&str; 2] = ["/bin/sh -c", "cmd /S /C"];

/// `|2 A=x B=y z /bin/sh -c ...`: values are not quoted, so only the shell tells where they end.
fn without_arguments(text: &str) -> &str {
    let digits = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    if !text.strip_prefix('|').is_some_and(digits) {
        return text;
    }
    let begins =
        |rest: &str| SHELLS.iter().any(|shell| rest.strip_prefix(shell).is_some_and(|rest| rest.starts_with(' ')));
    let mut after_spaces = text.match_indices(' ').filter_map(|(at, _)| text.get(at + 1..));
    after_spaces.find(|rest| begins(rest)).unwrap_or(text)
}

fn in_shell(text: &str) -> Option<&str> {
    let rest = SHELLS.iter().find_map(|shell| text.strip_prefix(shell))?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
}
