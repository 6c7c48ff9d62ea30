//! Quick builds: a place for the context, and the request to build it.

use super::{runs, runs::Run, versioned};
use crate::{
    Error,
    azure::{Call, RegistryId, read, storage::SignedUrl},
    http::Method,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde_json::{Value, json};

/// Where a build context may be put, and its name in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadTarget {
    /// Where; whoever has it may write there.
    pub url: SignedUrl,
    /// What [`Build::source`] is then.
    pub relative_path: String,
}

/// What a build runs on.
///
/// ```
/// use portolan::azure::arm::tasks::BuildPlatform;
/// assert_eq!(BuildPlatform::default().os, "Linux");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildPlatform {
    /// `Linux` or `Windows`.
    pub os: String,
    /// `amd64`, `arm64` and so on.
    pub architecture: String,
    /// `v8` and so on.
    pub variant: Option<String>,
}

impl Default for BuildPlatform {
    fn default() -> Self {
        Self { os: "Linux".to_string(), architecture: "amd64".to_string(), variant: None }
    }
}

/// A build argument. Secret ones do not appear in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: crate::Secret,
    /// True if it is a secret.
    pub is_secret: bool,
}

/// A build of a Dockerfile.
///
/// ```
/// use portolan::azure::arm::tasks::Build;
/// let build = Build::of("source/202601010000/context.tar.gz").image("acrtasks:v1");
/// assert_eq!(build.images, ["acrtasks:v1"]);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Build {
    /// The context: what an upload is called, or the address of a git repository or archive.
    pub source: String,
    /// The Dockerfile, within the context.
    pub dockerfile: String,
    /// `repository:tag` each; the registry is the one that builds. `{{.Run.ID}}` stands for the run's name.
    pub images: Vec<String>,
    /// False to build and push nothing.
    pub push: bool,
    /// True to use nothing of earlier builds.
    pub no_cache: bool,
    /// The stage of the Dockerfile to build.
    pub target: Option<String>,
    /// Build arguments.
    pub arguments: Vec<Argument>,
    /// What it is for.
    pub platform: BuildPlatform,
    /// Seconds it may take: 300 to 28,800.
    pub timeout: Option<u32>,
    /// Processors.
    pub cpu: Option<u32>,
}

impl Build {
    /// A build of `source` with its `Dockerfile`, for linux/amd64.
    #[must_use]
    pub fn of(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            dockerfile: "Dockerfile".to_string(),
            images: Vec::new(),
            push: true,
            no_cache: false,
            target: None,
            arguments: Vec::new(),
            platform: BuildPlatform::default(),
            timeout: None,
            cpu: None,
        }
    }

    /// Adds an image to push: `repository:tag`.
    #[must_use]
    pub fn image(mut self, name: impl Into<String>) -> Self {
        self.images.push(name.into());
        self
    }

    /// Another Dockerfile of the context.
    #[must_use]
    pub fn dockerfile(mut self, path: impl Into<String>) -> Self {
        self.dockerfile = path.into();
        self
    }

    fn body(&self) -> Value {
        let arguments: Vec<Value> = self.arguments.iter().map(argument).collect();
        let platform = super::object([
            ("os", Value::from(self.platform.os.as_str())),
            ("architecture", Value::from(self.platform.architecture.as_str())),
            ("variant", Value::from(self.platform.variant.as_deref())),
        ]);
        super::object([
            ("type", Value::from("DockerBuildRequest")),
            ("imageNames", Value::from(self.images.as_slice())),
            // Without a name there is nothing that could be pushed.
            ("isPushEnabled", Value::from(self.push && !self.images.is_empty())),
            ("noCache", Value::from(self.no_cache)),
            ("dockerFilePath", Value::from(self.dockerfile.as_str())),
            ("target", Value::from(self.target.as_deref())),
            ("arguments", if arguments.is_empty() { Value::Null } else { Value::from(arguments) }),
            ("platform", platform),
            ("sourceLocation", Value::from(self.source.as_str())),
            ("timeout", Value::from(self.timeout)),
            ("agentConfiguration", self.cpu.map_or(Value::Null, |cpu| json!({ "cpu": cpu }))),
        ])
    }
}

fn argument(argument: &Argument) -> Value {
    json!({ "name": argument.name, "value": argument.value.expose(), "isSecret": argument.is_secret })
}

fn read_target(raw: Value) -> Result<UploadTarget, Error> {
    let url = SignedUrl::parse(&read::needed(&raw, "uploadUrl")?)?;
    Ok(UploadTarget { url, relative_path: read::needed(&raw, "relativePath")? })
}

/// Asks for a place to put a build context.
///
/// ```
/// use portolan::azure::arm::tasks;
/// let op = tasks::upload_target(&"00000000-0000-0000-0000-000000000001/g/mycontainerregistry".parse()?);
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn upload_target(id: &RegistryId) -> Call<UploadTarget> {
    let path = format!("{}/listBuildSourceUploadUrl", id.path());
    Call::arm(Method::Post, versioned(&path, runs::API), read_target).reading()
}

/// Asks for a build. What it leads to is told by its [run](runs).
#[must_use]
pub fn schedule(id: &RegistryId, build: &Build) -> Call<Run> {
    let path = format!("{}/scheduleRun", id.path());
    Call::arm(Method::Post, versioned(&path, runs::API), Run::read).with(&build.body())
}
