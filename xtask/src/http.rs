//! The little HTTP that filling an open registry on loopback takes.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::Response;

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

/// Pushes and reads over plain HTTP what image tools do not take.
pub(crate) struct Pusher {
    agent: Agent,
    base: String,
}

impl Pusher {
    /// For the registry at `url`.
    pub(crate) fn new(url: &str) -> Self {
        Self { agent: agent(), base: format!("{url}/v2") }
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
        let mut response = self.agent.get(&url).header("Accept", ACCEPT).call()?;
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
        let mut response = self.agent.put(&url).header("Content-Type", kind).send(bytes)?;
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
        let response = self.agent.post(&url).send_empty()?;
        expect(&response, 202, &url)?;
        let location = response.headers().get("location").context("an upload without a location")?.to_str()?;
        let joint = if location.contains('?') { '&' } else { '?' };
        let target = format!("{location}{joint}digest={digest}");
        let response = self.agent.put(&target).header("Content-Type", "application/octet-stream").send(bytes)?;
        expect(&response, 201, &target)?;
        Ok(digest)
    }
}
