//! Small images, and what was acknowledged of them.

use super::http::{self, Answer};
use portolan::Digest;
use serde_json::{Value, json};
use std::io::Result;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What an emulator said that it has.
#[derive(Clone, Debug)]
pub enum Acknowledged {
    Blob { repository: String, digest: Digest },
    Manifest { repository: String, tag: String, digest: Digest },
}

/// A pusher to one address.
pub struct Client {
    pub host: String,
    pub token: String,
}

impl Client {
    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let headers = [("Authorization", self.token.as_str()), ("Content-Type", kind)];
        http::ask(&self.host, method, path, &headers, body)
    }

    /// Pushes an image; adds what is acknowledged as it is. The emulator may be killed meanwhile.
    pub fn image(&self, repository: &str, tag: &str, layer: &[u8], told: &mut Vec<Acknowledged>) -> Result<()> {
        let config = self.blob(repository, b"{}", told)?;
        let digest = self.blob(repository, layer, told)?;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
            "layers": [{
                "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest, "size": layer.len(),
            }],
        });
        let body = manifest.to_string();
        let answer = self.ask("PUT", &format!("/v2/{repository}/manifests/{tag}"), MANIFEST, body.as_bytes())?;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let digest = Digest::sha256(body.as_bytes());
        told.push(Acknowledged::Manifest { repository: repository.into(), tag: tag.into(), digest });
        Ok(())
    }

    fn blob(&self, repository: &str, bytes: &[u8], told: &mut Vec<Acknowledged>) -> Result<Digest> {
        let digest = Digest::sha256(bytes);
        let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
        let answer = self.ask("POST", &path, "application/octet-stream", bytes)?;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        told.push(Acknowledged::Blob { repository: repository.into(), digest: digest.clone() });
        Ok(digest)
    }

    /// True if it is there, and whole to the byte.
    pub fn has(&self, what: &Acknowledged) -> bool {
        match what {
            Acknowledged::Blob { repository, digest } => self.has_blob(repository, digest.as_str()),
            Acknowledged::Manifest { repository, digest, .. } => self.has_manifest(repository, digest),
        }
    }

    fn has_blob(&self, repository: &str, digest: &str) -> bool {
        let asked = self.ask("GET", &format!("/v2/{repository}/blobs/{digest}"), "", b"").unwrap();
        if asked.status != 307 {
            return false;
        }
        let location = asked.header("location").unwrap().strip_prefix("http://").unwrap();
        let (host, path) = location.split_at(location.find('/').unwrap());
        let blob = http::ask(host, "GET", path, &[], b"").unwrap();
        blob.status == 200 && Digest::sha256(&blob.body).as_str() == digest
    }

    fn has_manifest(&self, repository: &str, digest: &Digest) -> bool {
        let path = format!("/v2/{repository}/manifests/{digest}");
        let manifest = self.ask("GET", &path, "", b"").unwrap();
        if manifest.status != 200 {
            return false;
        }
        assert_eq!(Digest::sha256(&manifest.body), *digest, "a manifest of other bytes");
        let document: Value = serde_json::from_slice(&manifest.body).unwrap();
        let blobs = [&document["config"]].into_iter().chain(document["layers"].as_array().unwrap());
        // A manifest that is there is whole, acknowledged or not.
        for blob in blobs {
            let blob = blob["digest"].as_str().unwrap();
            assert!(self.has_blob(repository, blob), "{repository}: {digest} lacks {blob}");
        }
        true
    }

    /// What a tag names.
    pub fn tag(&self, repository: &str, tag: &str) -> Option<String> {
        let answer = self.ask("GET", &format!("/v2/{repository}/manifests/{tag}"), "", b"").unwrap();
        (answer.status == 200).then(|| answer.header("docker-content-digest").unwrap().to_owned())
    }
}
