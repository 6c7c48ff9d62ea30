//! Runs: what became of a build, and its log.

use super::{Resource, listed, versioned};
use crate::{
    Error,
    azure::{Call, List, RegistryId, ResourceName, read, storage::SignedUrl},
    http::Method,
};
use alloc::{format, string::String, vec::Vec};
use core::ops::Deref;
use serde_json::Value;

/// Of tasks and runs.
pub(super) const API: &str = "2019-06-01-preview";

/// A run. Derefs to what all resources have.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What all resources have. Its provisioning state says nothing of the run.
    pub resource: Resource,
    /// Its name: `cf1` and so on.
    pub run_id: String,
    /// `Queued`, `Started`, `Running`, or how it ended: an open set.
    pub status: String,
    /// `QuickBuild`, `QuickRun`, `AutoBuild`, `AutoRun`.
    pub run_type: String,
    /// When it was asked for.
    pub create_time: Option<String>,
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub finish_time: Option<String>,
    /// What it pushed.
    pub images: Vec<OutputImage>,
    /// Why it failed; untrusted text.
    pub error_message: Option<String>,
}

/// An image that a run has pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputImage {
    /// Login server.
    pub registry: String,
    /// Repository.
    pub repository: String,
    /// Tag.
    pub tag: String,
    /// Digest of the manifest.
    pub digest: String,
}

/// Where the log of a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLink {
    /// A blob that grows while the run lasts; whoever has the address may read it.
    pub link: SignedUrl,
    /// The whole log in one, where the registry keeps it itself.
    pub artifact: Option<SignedUrl>,
}

impl Run {
    pub(super) fn read(raw: Value) -> Result<Self, Error> {
        let text = |path| read::string(&raw, path);
        Ok(Self {
            run_id: text("properties.runId").map_or_else(|| read::needed(&raw, "name"), Ok)?,
            status: text("properties.status").unwrap_or_default(),
            run_type: text("properties.runType").unwrap_or_default(),
            create_time: text("properties.createTime"),
            start_time: text("properties.startTime"),
            finish_time: text("properties.finishTime"),
            images: read::list(&raw, "properties.outputImages").iter().map(image).collect(),
            error_message: text("properties.runErrorMessage"),
            resource: Resource::read(raw)?,
        })
    }

    /// True if nothing more will come of it.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        ["Succeeded", "Failed", "Canceled", "Error", "Timeout"].iter().any(|end| end.eq_ignore_ascii_case(&self.status))
    }

    /// True if it ended well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.eq_ignore_ascii_case("Succeeded")
    }
}

impl Deref for Run {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

fn image(entry: &Value) -> OutputImage {
    let text = |path| read::string(entry, path).unwrap_or_default();
    OutputImage { registry: text("registry"), repository: text("repository"), tag: text("tag"), digest: text("digest") }
}

fn path(id: &RegistryId, run: &ResourceName, action: &str) -> String {
    versioned(&format!("{}/runs/{run}{action}", id.path()), API)
}

/// Shows a run.
///
/// ```
/// use portolan::azure::arm::runs;
/// let op = runs::show(&"00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?, &"cf1".parse()?);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn show(id: &RegistryId, run: &ResourceName) -> Call<Run> {
    Call::arm(Method::Get, path(id, run, ""), Run::read)
}

/// Waits until a run is over.
#[must_use]
pub fn wait(id: &RegistryId, run: &ResourceName) -> Call<Run> {
    let over = |raw: &Value| Run::read(raw.clone()).is_ok_and(|run| run.is_finished());
    show(id, run).until(over)
}

/// Lists runs, the newest first. `top` is how many a page has.
#[must_use]
pub fn list(id: &RegistryId, top: Option<u32>) -> List<Run> {
    let mut path = versioned(&format!("{}/runs", id.path()), API);
    if let Some(top) = top {
        path.push_str(&format!("&$top={top}"));
    }
    listed(path, Run::read)
}

/// Ends a run before its time.
#[must_use]
pub fn cancel(id: &RegistryId, run: &ResourceName) -> Call<()> {
    // Once more does no harm: it is over already.
    Call::arm(Method::Post, path(id, run, "/cancel"), |_| Ok(())).until_over().reading()
}

/// Asks where the log is: [`LogRead`](crate::azure::storage::LogRead) follows it.
#[must_use]
pub fn log_link(id: &RegistryId, run: &ResourceName) -> Call<LogLink> {
    let read = |raw: Value| {
        Ok(LogLink {
            link: SignedUrl::parse(&read::needed(&raw, "logLink")?)?,
            artifact: read::text(&raw, "logArtifactLink").map(SignedUrl::parse).transpose()?,
        })
    };
    Call::arm(Method::Post, path(id, run, "/listLogSasUrl"), read).reading()
}
