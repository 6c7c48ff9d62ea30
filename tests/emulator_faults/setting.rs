//! An emulator where things go wrong, with our own client in front of it.

use crate::{
    http::{Answer, send},
    lab::{Lab, field},
};
use portolan::{
    Digest, Error, ReferenceTarget, RegistryConfig, RepositoryName,
    auth::Credential,
    client::{Registry, ReqwestTransport},
    emulator::Options,
};
use serde_json::{Value, json};
use std::{fs, time::Duration};
use tokio::{sync::OnceCell, time::sleep};

pub(crate) const REPOSITORY: &str = "team/app";

pub(crate) struct Setting {
    pub(crate) lab: Lab,
    bearer: OnceCell<String>,
}

/// A layer that takes several reads.
pub(crate) fn layer() -> String {
    (0..200_000).map(|number| format!("{number:x},")).collect()
}

impl Setting {
    /// Two regions, and a lag of next to nothing.
    pub(crate) async fn start() -> Self {
        Self::with(Options { lag: Duration::from_millis(10), ..Options::default() }).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self { lab: Lab::with(options).await, bearer: OnceCell::new() }
    }

    /// What goes wrong from now on.
    pub(crate) async fn set(&self, document: Value) {
        let answer = self.control("PUT", "/emulator/faults", &document.to_string()).await;
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> Answer {
        send(Lab::host(&self.lab.info().arm), method, path, &[], body).await
    }

    pub(crate) fn region(&self, name: &str) -> &str {
        &self.lab.info().regions[name]
    }

    /// Our client at an address, as somebody who may pull.
    pub(crate) fn client(&self, host: &str) -> Registry<ReqwestTransport> {
        let authority = fs::read(&self.lab.info().ca_certificate).unwrap();
        let transport = ReqwestTransport::builder().ca_pem(authority).build().unwrap();
        let mut config = RegistryConfig::new(format!("https://{host}").parse().unwrap());
        let service = self.lab.service("acrpull");
        let secret = service.client_secret.as_deref().unwrap();
        config.credential = Some(Credential::new(service.client_id.as_str(), secret).unwrap());
        Registry::new(transport, config)
    }

    async fn bearer(&self) -> String {
        let owner = self.lab.service("owner");
        let user = Some((owner.client_id.as_str(), owner.client_secret.as_deref().unwrap()));
        let answer = self.lab.token(user, &format!("repository:{REPOSITORY}:pull,push,delete")).await;
        format!("Bearer {}", field(&answer, "access_token"))
    }

    /// A call to an address of the registry, as the owner.
    pub(crate) async fn call(&self, host: &str, method: &str, path: &str, body: &str) -> Answer {
        let bearer = self.bearer.get_or_init(|| self.bearer()).await;
        let headers =
            [("Content-Type", "application/vnd.oci.image.manifest.v1+json"), ("Authorization", bearer.as_str())];
        send(host, method, path, &headers, body).await
    }

    /// Pushes a blob in one request.
    pub(crate) async fn push_blob(&self, host: &str, bytes: &str) -> Digest {
        let digest = Digest::sha256(bytes.as_bytes());
        let path = format!("/v2/{REPOSITORY}/blobs/uploads/?digest={digest}");
        let answer = self.call(host, "POST", &path, bytes).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        digest
    }

    /// Pushes an image with one layer to an address.
    pub(crate) async fn push(&self, host: &str, tag: &str, layer: &str) -> Digest {
        let (config, blob) = (self.push_blob(host, "{}").await, self.push_blob(host, layer).await);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config.as_str(), "size": 2 },
            "layers": [{
                "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": blob.as_str(), "size": layer.len(),
            }],
        });
        let body = manifest.to_string();
        let answer = self.call(host, "PUT", &format!("/v2/{REPOSITORY}/manifests/{tag}"), &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Digest::sha256(body.as_bytes())
    }

    /// The status of a manifest's tag at an address.
    pub(crate) async fn status(&self, host: &str, tag: &str) -> u16 {
        self.call(host, "GET", &format!("/v2/{REPOSITORY}/manifests/{tag}"), "").await.status
    }

    /// Waits until every region has everything.
    pub(crate) async fn settle(&self) {
        loop {
            let told = self.control("GET", "/emulator/replication", "").await.json();
            let regions = told["registries"][0]["regions"].as_array().unwrap();
            if regions.iter().all(|region| region["caughtUp"] == true) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Reads a whole blob.
pub(crate) async fn pull(client: &Registry<ReqwestTransport>, bytes: &str) -> Result<(), Error> {
    let digest = Digest::sha256(bytes.as_bytes());
    let mut stream = client.blob(&repository(), &digest, Some(bytes.len() as u64)).await?;
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        read.extend_from_slice(&chunk?);
    }
    assert!(stream.finish().is_some() && read == bytes.as_bytes());
    Ok(())
}

/// The digest that a tag has.
pub(crate) async fn manifest(client: &Registry<ReqwestTransport>, tag: &str) -> Result<Digest, Error> {
    let fetched = client.manifest(&repository(), &ReferenceTarget::Tag(tag.parse().unwrap())).await?;
    Ok(fetched.manifest.digest().clone())
}

fn repository() -> RepositoryName {
    REPOSITORY.parse().unwrap()
}
