//! Image configs: how to run an image, and how it was made.
//!
//! OCI image-spec v1.1, "Image Configuration", and Docker's form of it. Builders leave out, or write `null` for, nearly
//! everything; only a field of the wrong type is an error.

use crate::{
    Digest, Error, LimitExceeded, Limits,
    document::{Fields, Path, text},
    json,
};
use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};
use serde::Serialize;
use serde_json::{Map, Value};

/// An image config, flattened: what the document keeps under `config` and `rootfs` stands beside the rest.
///
/// ```
/// use portolan::{ImageConfig, Limits};
/// let bytes = br#"{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"],"Env":null},
///     "history":[{"created_by":"CMD [\"sh\"]","empty_layer":true}]}"#;
/// let config = ImageConfig::parse(bytes, &Limits::DEFAULT)?;
/// assert_eq!(config.cmd, ["sh"]);
/// assert!(config.env.is_empty() && config.history[0].empty_layer);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageConfig {
    /// Processor architecture, by Go's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Operating system, by Go's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Variant of the architecture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Version of the operating system (`os.version`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Features the operating system must have (`os.features`).
    pub os_features: Vec<String>,
    /// When it was made, as written: RFC 3339 if the builder followed the specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// User (and group) to run as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Program and arguments that always run.
    pub entrypoint: Vec<String>,
    /// Default arguments, or the program if there is no entry point.
    pub cmd: Vec<String>,
    /// Environment, each as `NAME=value`.
    pub env: Vec<String>,
    /// Directory to start in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// Ports such as `80/tcp`.
    pub exposed_ports: Vec<String>,
    /// Paths that want a volume.
    pub volumes: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Signal that ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<String>,
    /// Docker's shell for commands in shell form.
    pub shell: Vec<String>,
    /// Docker's instructions for images built on this one.
    pub on_build: Vec<String>,
    /// Digests of the uncompressed layers, the base first.
    pub diff_ids: Vec<Digest>,
    /// How it was made, the first step first.
    pub history: Vec<HistoryEntry>,
    /// Fields under `config` that are not named here (`Healthcheck`, ...).
    pub config_extra: Map<String, Value>,
    /// Fields of the document that are not named here.
    pub extra: Map<String, Value>,
}

/// One step in the making of an image.
///
/// ```
/// let step = portolan::HistoryEntry { created_by: Some("RUN make".into()), ..Default::default() };
/// assert!(!step.empty_layer);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The command, as the builder wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// True if the step made no layer.
    pub empty_layer: bool,
}

impl ImageConfig {
    /// Reads an image config.
    ///
    /// # Errors
    /// Of the kinds [`Manifest::parse`](crate::Manifest::parse) has, but for the types.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        if bytes.len() > limits.manifest {
            return Err(LimitExceeded { which: "bytes of one image config", limit: limits.manifest as u64 }.into());
        }
        let mut fields = Fields::of(json::parse(bytes, limits)?, &Path::Root)?;
        let mut config = Self::default();
        config.read_top(&mut fields)?;
        if let Some(value) = fields.take("config") {
            config.read_run(Fields::of(value, &Path::Key(&Path::Root, "config"))?)?;
        }
        config.extra = fields.rest();
        Ok(config)
    }

    /// Field by field into what is there: on an error there is one thing to drop, and little code for it.
    fn read_top(&mut self, fields: &mut Fields<'_>) -> Result<(), Error> {
        self.architecture = fields.string("architecture")?;
        self.os = fields.string("os")?;
        self.variant = fields.string("variant")?;
        self.os_version = fields.string("os.version")?;
        self.os_features = fields.strings("os.features")?;
        self.created = fields.string("created")?;
        self.author = fields.string("author")?;
        self.diff_ids = diff_ids(fields)?;
        self.history = fields.items("history", HistoryEntry::from_json)?;
        Ok(())
    }

    /// Reads what is under `config`, in Docker's capitals.
    fn read_run(&mut self, mut run: Fields<'_>) -> Result<(), Error> {
        self.user = filled(run.string("User")?);
        self.entrypoint = words(&mut run, "Entrypoint")?;
        self.cmd = words(&mut run, "Cmd")?;
        self.env = run.strings("Env")?;
        self.working_dir = filled(run.string("WorkingDir")?);
        self.exposed_ports = set(&mut run, "ExposedPorts")?;
        self.volumes = set(&mut run, "Volumes")?;
        self.labels = run.string_map("Labels")?;
        self.stop_signal = filled(run.string("StopSignal")?);
        self.shell = words(&mut run, "Shell")?;
        self.on_build = run.strings("OnBuild")?;
        self.config_extra = run.rest();
        Ok(())
    }
}

impl HistoryEntry {
    fn from_json(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        let mut fields = Fields::of(value, path)?;
        let mut entry = Self::default();
        entry.read(&mut fields)?;
        Ok(entry)
    }

    fn read(&mut self, fields: &mut Fields<'_>) -> Result<(), Error> {
        self.created = fields.string("created")?;
        self.created_by = fields.string("created_by")?;
        self.author = fields.string("author")?;
        self.comment = fields.string("comment")?;
        self.empty_layer = fields.flag("empty_layer")?;
        Ok(())
    }
}

fn diff_ids(fields: &mut Fields<'_>) -> Result<Vec<Digest>, Error> {
    let path = Path::Key(fields.path(), "rootfs");
    let Some(rootfs) = fields.take("rootfs") else {
        return Ok(Vec::new());
    };
    Fields::of(rootfs, &path)?.items("diff_ids", |value, path| Ok(text(value, path)?.parse()?))
}

/// Go writes an empty string for none.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// A list of words; old builders wrote a single one as a string.
fn words(fields: &mut Fields<'_>, key: &'static str) -> Result<Vec<String>, Error> {
    if fields.peek(key).is_some_and(Value::is_string) {
        return Ok(fields.string(key)?.map_or_else(Vec::new, |word| vec![word]));
    }
    fields.strings(key)
}

/// A Go set: an object whose values are empty. Some builders write a list.
fn set(fields: &mut Fields<'_>, key: &'static str) -> Result<Vec<String>, Error> {
    let path = Path::Key(fields.path(), key);
    if fields.peek(key).is_some_and(Value::is_array) {
        return fields.strings(key);
    }
    let Some(value) = fields.take(key) else {
        return Ok(Vec::new());
    };
    Ok(Fields::of(value, &path)?.rest().into_iter().map(|(name, _)| name).collect())
}
