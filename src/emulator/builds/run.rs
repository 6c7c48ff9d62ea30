//! A run: one build, as ARM shows it.

use super::request::Request;
use crate::emulator::{clock::Instant, failure::Failure};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Queued,
    Started,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Error,
    Timeout,
}

impl Status {
    /// True if nothing more will happen.
    pub(crate) const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Started | Self::Running)
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Started => "Started",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Canceled => "Canceled",
            Self::Error => "Error",
            Self::Timeout => "Timeout",
        }
    }

    /// What clients look for in the log's metadata.
    pub(super) const fn in_log(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Timeout => "timedout",
            Self::Error => "internalerror",
            _ => "successful",
        }
    }
}

impl From<&Failure> for Status {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Failed(_) => Self::Failed,
            Failure::Canceled => Self::Canceled,
            Failure::TimedOut => Self::Timeout,
            Failure::Broken(_) => Self::Error,
        }
    }
}

/// An image that a run pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OutputImage {
    pub(crate) registry: String,
    pub(crate) repository: String,
    pub(crate) tag: String,
    pub(crate) digest: String,
}

/// A run. It holds no argument of the build, so that no secret is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) created: Instant,
    pub(crate) started: Option<Instant>,
    pub(crate) finished: Option<Instant>,
    pub(crate) updated: Instant,
    pub(crate) images: Vec<OutputImage>,
    pub(crate) os: String,
    pub(crate) architecture: String,
    pub(crate) variant: Option<String>,
    pub(crate) agent: Value,
    pub(crate) error: Option<String>,
    pub(crate) archived: bool,
}

impl Run {
    pub(super) fn new(id: String, request: &Request, now: Instant) -> Self {
        Self {
            id,
            status: Status::Queued,
            created: now,
            started: None,
            finished: None,
            updated: now,
            images: Vec::new(),
            os: request.platform.os.clone(),
            architecture: request.platform.architecture.clone(),
            variant: request.platform.variant.clone(),
            agent: request.agent_configuration.clone().unwrap_or_else(|| json!({ "cpu": 2 })),
            error: None,
            archived: request.is_archive_enabled,
        }
    }

    /// Steps forward, unless it has ended.
    pub(super) fn step(&mut self, status: Status, now: Instant) {
        if self.status.is_final() {
            return;
        }
        self.status = status;
        self.updated = now;
        if status == Status::Started {
            self.started = Some(now);
        }
        if status.is_final() {
            self.finished = Some(now);
        }
    }

    /// Whole seconds from its start to its end.
    pub(super) fn seconds(&self, now: Instant) -> u64 {
        now.seconds().saturating_sub(self.started.unwrap_or(self.created).seconds())
    }

    /// As ARM shows it; `registry` is the registry's id.
    pub(crate) fn shown(&self, registry: &str) -> Value {
        let time = |at: Option<Instant>| at.map(Instant::rfc3339);
        let mut platform = json!({ "os": capital(&self.os), "architecture": self.architecture });
        if let (Some(variant), Some(platform)) = (&self.variant, platform.as_object_mut()) {
            platform.insert("variant".into(), variant.as_str().into());
        }
        let mut properties = json!({
            "runId": self.id,
            "status": self.status.as_str(),
            "lastUpdatedTime": self.updated.rfc3339(),
            "runType": "QuickRun",
            "createTime": self.created.rfc3339(),
            "startTime": time(self.started),
            "finishTime": time(self.finished),
            "outputImages": if self.images.is_empty() { Value::Null } else { json!(self.images) },
            "platform": platform,
            "agentConfiguration": self.agent,
            "runErrorMessage": self.error,
            "provisioningState": "Succeeded",
            "isArchiveEnabled": self.archived,
        });
        if let Some(properties) = properties.as_object_mut() {
            properties.retain(|_, value| !value.is_null());
        }
        json!({
            "type": "Microsoft.ContainerRegistry/registries/runs",
            "properties": properties,
            "id": format!("{registry}/runs/{}", self.id),
            "name": self.id,
        })
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
