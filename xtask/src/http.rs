//! The little HTTP that filling a registry on loopback takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use ureq::http::Response;
use ureq::{Agent, RequestBuilder};

fn agent() -> Agent {
    // Statuses are looked at by the callers; no proxy, for everything here is on loopback.
    Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into()
}

/// `sha256:...` of bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    named(&Sha256::digest(bytes))
}

/// `sha256:...` of a hash.
pub(crate) fn named(hash: &[u8]) -> String {
    use core::fmt::Write;
    hash.iter().fold(String::from("sha256:"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The status that an address answers with.
///
/// # Errors
/// When nobody answers.
pub(crate) fn status(url: &str) -> Result<u16> {
    Ok(agent().get(url).call()?.status().as_u16())
}

fn expect<T>(response: &Response<T>, status: u16, what: &str) -> Result<()> {
    if response.status().as_u16() != status {
        bail!("{what}: expected {status}, the registry answered {}", response.status());
    }
    Ok(())
}

/// A registry on loopback that takes pushes, over plain HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// `http://host:port`, without a slash at the end.
    pub url: String,
    /// As whom; an open registry wants nobody.
    pub login: Option<Login>,
}

/// Who pushes.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    /// Name, or application id.
    pub user: String,
    /// Its secret.
    pub password: String,
    /// A file that tells image tools the same.
    pub file: PathBuf,
}

impl Target {
    /// An open registry.
    pub(crate) fn open(url: &str) -> Self {
        Self { url: url.into(), login: None }
    }

    /// `host:port`.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// `skopeo copy` to it, as far as it goes for every image.
    pub(crate) fn skopeo(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.args(["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]);
        if let Some(login) = &self.login {
            command.arg("--dest-authfile").arg(&login.file);
        }
        command
    }
}

impl Login {
    /// Writes `file`, good for these hosts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, hosts: &[String]) -> Result<()> {
        let auth = STANDARD.encode(format!("{}:{}", self.user, self.password));
        let auths: Map<String, Value> = hosts.iter().map(|host| (host.clone(), json!({ "auth": auth }))).collect();
        fs::write(&self.file, serde_json::to_vec(&json!({ "auths": auths }))?)
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// Pushes and reads over plain HTTP what image tools do not take.
pub(crate) struct Pusher {
    agent: Agent,
    target: Target,
    base: String,
}

impl Pusher {
    /// For a registry.
    pub(crate) fn new(target: &Target) -> Self {
        Self { agent: agent(), target: target.clone(), base: format!("{}/v2", target.url) }
    }

    /// What goes into `Authorization` to push to a repository; nothing at an open registry. ACR's token endpoint is at the registry itself.
    fn authorization(&self, repository: &str) -> Result<String> {
        let Some(login) = &self.target.login else { return Ok(String::new()) };
        let scope = format!("repository:{repository}:pull,push");
        let basic = STANDARD.encode(format!("{}:{}", login.user, login.password));
        let url = format!("{}/oauth2/token", self.target.url);
        let request = self.agent.get(&url).query("service", self.target.host()).query("scope", &scope);
        let mut response = request.header("Authorization", format!("Basic {basic}")).call()?;
        expect(&response, 200, &url)?;
        let token: Value = serde_json::from_slice(&response.body_mut().read_to_vec()?)?;
        Ok(format!("Bearer {}", token["access_token"].as_str().context("an answer without a token")?))
    }

    /// An upload's address; registries may leave the host out.
    fn address(&self, location: &str) -> String {
        if location.starts_with('/') { format!("{}{location}", self.target.url) } else { location.into() }
    }

    /// A manifest's bytes and media type.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn manifest(&self, repository: &str, reference: &str) -> Result<(Vec<u8>, String)> {
        const ACCEPT: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
            application/vnd.docker.distribution.manifest.v2+json, \
            application/vnd.docker.distribution.manifest.list.v2+json";
        let url = format!("{}/{repository}/manifests/{reference}", self.base);
        let authorization = self.authorization(repository)?;
        let mut response = signed(self.agent.get(&url), &authorization).header("Accept", ACCEPT).call()?;
        expect(&response, 200, &url)?;
        let kind = response.headers().get("content-type").context("a manifest without a type")?.to_str()?.to_owned();
        Ok((response.body_mut().read_to_vec()?, kind))
    }

    /// Stores a manifest under a tag or its digest, and gives the digest.
    ///
    /// # Errors
    /// When the registry refuses.
    pub(crate) fn put_manifest(&self, repository: &str, reference: &str, kind: &str, bytes: &[u8]) -> Result<String> {
        let url = format!("{}/{repository}/manifests/{reference}", self.base);
        let authorization = self.authorization(repository)?;
        let mut response = signed(self.agent.put(&url), &authorization).header("Content-Type", kind).send(bytes)?;
        if response.status() != 201 {
            bail!("{url}: {} {}", response.status(), response.body_mut().read_to_string().unwrap_or_default());
        }
        Ok(digest(bytes))
    }

    /// Uploads a blob, and gives its digest.
    ///
    /// # Errors
    /// When the registry refuses.
    pub(crate) fn put_blob(&self, repository: &str, bytes: &[u8]) -> Result<String> {
        let digest = digest(bytes);
        let url = format!("{}/{repository}/blobs/uploads/", self.base);
        let authorization = self.authorization(repository)?;
        let response = signed(self.agent.post(&url), &authorization).send_empty()?;
        expect(&response, 202, &url)?;
        let location = response.headers().get("location").context("an upload without a location")?.to_str()?;
        let joint = if location.contains('?') { '&' } else { '?' };
        let target = self.address(&format!("{location}{joint}digest={digest}"));
        let request = signed(self.agent.put(&target), &authorization);
        let response = request.header("Content-Type", "application/octet-stream").send(bytes)?;
        expect(&response, 201, &target)?;
        Ok(digest)
    }
}

fn signed<B>(request: RequestBuilder<B>, authorization: &str) -> RequestBuilder<B> {
    if authorization.is_empty() { request } else { request.header("Authorization", authorization) }
}
