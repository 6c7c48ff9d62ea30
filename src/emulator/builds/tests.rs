//! Builds as clients see them: a context goes in by its link, a log and an image come out.

mod by_buildah;
mod by_itself;
mod runs;

pub(crate) use by_buildah::shell_image;

use super::{BuildOptions, Builder, Builds, Target};
use crate::{
    Digest, Manifest, RepositoryName,
    azure::context::{Entry, Packer},
    emulator::{
        clock::Instant,
        images::{Images as _, testing::Made},
        scratch::Scratch,
        storage::{BlobName, Permission, Storage},
    },
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use core::time::Duration;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::io::Read as _;
use tower::ServiceExt as _;

const TARGET: Target<'static> = Target {
    name: "made",
    login_server: "made.azurecr.io",
    id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/made",
};

/// An emulator's builds, and a registry in memory.
pub(crate) struct Held {
    pub(crate) builds: Arc<Builds>,
    storage: Arc<Storage>,
    pub(crate) images: Arc<Made>,
    pub(crate) folder: Scratch,
}

pub(crate) fn held(builder: Builder) -> Held {
    let folder = Scratch::new().unwrap();
    let storage = Arc::new(Storage::open(&folder.path().join("storage")).unwrap());
    let images = Arc::new(Made::default());
    let options = BuildOptions { builder, outside: false };
    let builds =
        Builds::open(&folder.path().join("runs"), Arc::clone(&storage), String::new(), images.clone(), options)
            .unwrap();
    Held { builds, storage, images, folder }
}

/// A context of files; links are written `-> target`.
fn context(files: &[(&str, &str)]) -> Vec<u8> {
    let mut packer = Packer::new();
    for (path, text) in files {
        match text.strip_prefix("-> ") {
            Some(target) => packer.begin(&Entry::link(*path, target)).unwrap(),
            None => {
                packer.begin(&Entry::file(*path, text.len() as u64).modified(1_700_000_000)).unwrap();
                packer.write(text.as_bytes()).unwrap();
            }
        }
    }
    packer.finish().unwrap();
    packer.take()
}

impl Held {
    async fn upload(&self, context: Vec<u8>) -> String {
        let place = self.builds.upload_url(&TARGET).unwrap();
        let put = Request::put(place["uploadUrl"].as_str().unwrap()).header("x-ms-blob-type", "BlockBlob");
        let answer = Arc::clone(&self.storage).router().oneshot(put.body(Body::from(context)).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 201);
        place["relativePath"].as_str().unwrap().into()
    }

    /// Schedules a build; the id of the run.
    async fn schedule(&self, files: &[(&str, &str)], more: Value) -> String {
        let mut request = json!({
            "type": "DockerBuildRequest", "dockerFilePath": "Dockerfile", "imageNames": ["app:v1"], "isPushEnabled": true,
            "platform": { "os": "linux", "architecture": "amd64" }, "sourceLocation": self.upload(context(files)).await,
        });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let run = self.builds.schedule(&TARGET, &request).unwrap();
        assert_eq!(
            (&run["properties"]["status"], &run["properties"]["runType"]),
            (&json!("Queued"), &json!("QuickRun"))
        );
        run["name"].as_str().unwrap().into()
    }

    /// Waits for the end of a run.
    async fn ended(&self, id: &str) -> Ended {
        loop {
            if let Some(ended) = self.peek(id).await {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn peek(&self, id: &str) -> Option<Ended> {
        let link = self.builds.log_link(&TARGET, id).unwrap()["logLink"].as_str().unwrap().to_string();
        let get = Request::get(link).body(Body::empty()).unwrap();
        let (head, body) = Arc::clone(&self.storage).router().oneshot(get).await.unwrap().into_parts();
        let complete = head.headers.get("x-ms-meta-complete")?.to_str().unwrap().to_string();
        let log = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let run = self.builds.get(&TARGET, id).unwrap()["properties"].clone();
        Some(Ended { run, log, complete })
    }

    async fn build(&self, files: &[(&str, &str)], more: Value) -> Ended {
        let id = self.schedule(files, more).await;
        self.ended(&id).await
    }

    fn image(&self, name: &str) -> BuiltImage {
        let (repository, tag) = name.split_once(':').unwrap();
        let repository: RepositoryName = repository.parse().unwrap();
        let manifest = self.images.manifest("made", &repository, &tag.parse().unwrap()).unwrap().unwrap();
        let blobs = self.images.blobs.lock().unwrap();
        let image = manifest.image().unwrap();
        let config: Value = serde_json::from_slice(&blobs[image.config.digest.as_str()]).unwrap();
        let mut layers = Vec::new();
        for (at, layer) in image.layers.iter().enumerate() {
            let bytes = &blobs[layer.digest.as_str()];
            assert_eq!(bytes.len() as u64, layer.size);
            let mut tar = Vec::new();
            GzDecoder::new(&**bytes).read_to_end(&mut tar).unwrap();
            assert_eq!(config["rootfs"]["diff_ids"][at], Digest::sha256(&tar).as_str());
            layers.push(tar);
        }
        BuiltImage { manifest, config, layers }
    }
}

struct Ended {
    run: Value,
    log: String,
    complete: String,
}

impl Ended {
    fn lines(&self) -> Vec<&str> {
        self.log.split("\r\n").collect()
    }

    #[track_caller]
    fn succeeded(&self) {
        assert_eq!((&self.run["status"], &*self.complete), (&json!("Succeeded"), "successful"), "{}", self.log);
    }

    /// The error, of a run that failed.
    #[track_caller]
    fn failed(&self) -> &str {
        assert_eq!((&self.run["status"], &*self.complete), (&json!("Failed"), "failed"), "{}", self.log);
        self.run["runErrorMessage"].as_str().unwrap()
    }
}

struct BuiltImage {
    manifest: Manifest,
    config: Value,
    layers: Vec<Vec<u8>>,
}

impl BuiltImage {
    /// All files, directories and links of a layer, as one line each.
    fn layer(&self, at: usize) -> BTreeMap<String, String> {
        let mut archive = tar::Archive::new(&*self.layers[at]);
        let mut members = BTreeMap::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_str().unwrap().to_string();
            let header = entry.header().clone();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let link = entry.link_name().unwrap().map(|link| format!("-> {}", link.display())).unwrap_or_default();
            let (mode, user, group) = (header.mode().unwrap() & 0o7777, header.uid().unwrap(), header.gid().unwrap());
            members.insert(path, format!("{mode:o} {user}:{group} {text}{link}"));
        }
        members
    }
}
