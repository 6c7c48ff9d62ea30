//! `DockerBuildRequest`: what is to be built.

use super::{Refused, dockerfile::Arguments};
use crate::{Platform, emulator::nulls};
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::time::Duration;
use serde::Deserialize;
use serde_json::Value;

/// Bounds of a run's time, in seconds, and what it is if nobody says.
const TIMEOUT: core::ops::RangeInclusive<u64> = 300..=28_800;
const DEFAULT_TIMEOUT: u64 = 3_600;

/// A request to build.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    pub(super) docker_file_path: String,
    pub(super) platform: BuildPlatform,
    #[serde(default)]
    pub(super) image_names: Vec<String>,
    #[serde(default = "yes")]
    pub(super) is_push_enabled: bool,
    #[serde(default)]
    pub(super) no_cache: bool,
    #[serde(default)]
    pub(super) target: Option<String>,
    #[serde(default, rename = "arguments")]
    given: Vec<Argument>,
    #[serde(default)]
    timeout: Option<u64>,
    #[serde(default)]
    pub(super) source_location: String,
    #[serde(default)]
    pub(super) is_archive_enabled: bool,
    #[serde(default)]
    pub(super) agent_configuration: Option<Value>,
}

/// What the image is to run on.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct BuildPlatform {
    pub(super) os: String,
    #[serde(default = "amd64")]
    pub(super) architecture: String,
    #[serde(default)]
    pub(super) variant: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    is_secret: bool,
}

impl core::fmt::Debug for Argument {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Argument").field("name", &self.name).finish_non_exhaustive()
    }
}

const fn yes() -> bool {
    true
}

fn amd64() -> String {
    "amd64".into()
}

impl Request {
    /// Reads the body of `scheduleRun`. Nulls are as good as nothing, as Azure's libraries send them.
    pub(super) fn read(body: &Value) -> Result<Self, Refused> {
        let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
        if !kind.eq_ignore_ascii_case("DockerBuildRequest") {
            return Err(Refused::bad(
                "InvalidRunRequest",
                format!(
                    "Run requests of the type '{kind}' are not known to this emulator; it takes 'DockerBuildRequest'."
                ),
            ));
        }
        let mut body = body.clone();
        nulls::remove(&mut body);
        let mut request: Self = serde_json::from_value(body).map_err(|error| {
            Refused::bad("InvalidRequestContent", format!("The run request cannot be read: {error}."))
        })?;
        request.platform.normalize();
        request.check()?;
        Ok(request)
    }

    fn check(&self) -> Result<(), Refused> {
        let wrong = |message: String| Err(Refused::bad("InvalidRunRequest", message));
        if self.docker_file_path.is_empty() {
            return wrong("'dockerFilePath' is required.".into());
        }
        if self.platform.os != "linux" {
            return wrong(format!("Only Linux images can be built by this emulator, not '{}'.", self.platform.os));
        }
        if let Some(seconds) = self.timeout.filter(|seconds| !TIMEOUT.contains(seconds)) {
            return wrong(format!(
                "The timeout {seconds} is not between {} and {} seconds.",
                TIMEOUT.start(),
                TIMEOUT.end()
            ));
        }
        Ok(())
    }

    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.unwrap_or(DEFAULT_TIMEOUT))
    }

    /// `--build-arg`s, the secret ones among them.
    pub(super) fn arguments(&self) -> Arguments {
        self.given.iter().map(|argument| (argument.name.clone(), argument.value.clone())).collect()
    }

    /// What must never be seen.
    pub(super) fn secrets(&self) -> Vec<String> {
        let secret = self.given.iter().filter(|argument| argument.is_secret && !argument.value.is_empty());
        secret.map(|argument| argument.value.clone()).collect()
    }
}

impl BuildPlatform {
    /// Words in any case are the same; other names of processors as well.
    fn normalize(&mut self) {
        self.os = self.os.to_ascii_lowercase();
        self.architecture = match &*self.architecture.to_ascii_lowercase() {
            "x86" => "386".into(),
            other => other.to_string(),
        };
        self.variant = self.variant.take().map(|variant| variant.to_ascii_lowercase());
    }

    /// As `os/architecture/variant`.
    pub(super) fn text(&self) -> String {
        let variant = self.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
        format!("{}/{}{variant}", self.os, self.architecture)
    }

    /// For the choice from an index.
    pub(super) fn wanted(&self) -> Platform {
        Platform {
            os: self.os.clone(),
            architecture: self.architecture.clone(),
            variant: self.variant.clone(),
            os_version: None,
            os_features: Vec::new(),
        }
    }

    /// The arguments that every build has, once they are declared.
    pub(super) fn argument(&self, name: &str) -> Option<String> {
        match name {
            "TARGETPLATFORM" | "BUILDPLATFORM" => Some(self.text()),
            "TARGETOS" | "BUILDOS" => Some(self.os.clone()),
            "TARGETARCH" | "BUILDARCH" => Some(self.architecture.clone()),
            "TARGETVARIANT" | "BUILDVARIANT" => Some(self.variant.clone().unwrap_or_default()),
            _ => None,
        }
    }
}
