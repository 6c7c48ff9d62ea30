//! Images made on the spot, and a registry that has one of them and counts.

use super::{
    large::Large,
    layer::Layer,
    upstream::{Reply, Upstream, answer},
};
use portolan::Digest;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

pub(crate) struct TestImage {
    layers: Vec<Layer>,
    env: Vec<String>,
}

impl TestImage {
    pub(crate) fn new<const N: usize>(layers: [Layer; N]) -> Self {
        Self { layers: layers.into(), env: Vec::new() }
    }

    pub(crate) fn with_env(mut self, variable: &str) -> Self {
        self.env.push(variable.into());
        self
    }

    fn config(&self) -> String {
        config(self.layers.iter().map(|layer| &layer.diff_id), &self.env)
    }

    fn manifest(&self) -> String {
        let descriptor = |layer: &Layer| {
            let mut descriptor = layer_descriptor(&Digest::sha256(&layer.bytes), layer.bytes.len() as u64);
            if let Some(toc) = &layer.toc {
                descriptor["annotations"] = json!({ "containerd.io/snapshot/stargz/toc.digest": toc.as_str() });
            }
            descriptor
        };
        manifest(&self.config(), self.layers.iter().map(descriptor).collect())
    }

    /// Puts it into a registry of its own.
    pub(crate) async fn serve(self) -> Served {
        let (sent, broken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let size = self.layers.iter().map(|layer| layer.bytes.len()).sum();
        let (counted, flag) = (sent.clone(), broken.clone());
        let digests: Vec<_> = self.layers.iter().map(|layer| Digest::sha256(&layer.bytes).to_string()).collect();
        let (config, manifest) = (self.config(), self.manifest());
        let upstream = Upstream::start(move |head| {
            let path = head.split(' ').nth(1).unwrap();
            if path.contains("/manifests/") {
                return answer("200 OK", &[("Content-Type", MANIFEST)], &manifest);
            }
            let layer = digests.iter().position(|digest| path.ends_with(digest.as_str()));
            let Some(layer) = layer.and_then(|layer| self.layers.get(layer)) else {
                return answer("200 OK", &[], &config);
            };
            let reply = stretch(head, &layer.bytes, flag.load(Ordering::SeqCst));
            counted.fetch_add(reply.1, Ordering::SeqCst);
            Reply::Bytes(reply.0)
        });
        Served { upstream: upstream.await, sent, broken, size }
    }
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn config<'a>(diff_ids: impl Iterator<Item = &'a Digest>, env: &[String]) -> String {
    let diff_ids: Vec<_> = diff_ids.map(ToString::to_string).collect();
    let history: Vec<_> = diff_ids.iter().map(|_| json!({ "created_by": "RUN make" })).collect();
    json!({ "architecture": "amd64", "os": "linux", "config": { "Env": env },
        "rootfs": { "type": "layers", "diff_ids": diff_ids }, "history": history })
    .to_string()
}

fn layer_descriptor(digest: &Digest, size: u64) -> Value {
    json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": size, "digest": digest.as_str() })
}

fn manifest(config: &str, layers: Vec<Value>) -> String {
    let config = json!({ "mediaType": "application/vnd.oci.image.config.v1+json", "size": config.len(),
        "digest": Digest::sha256(config.as_bytes()).as_str() });
    json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers }).to_string()
}

/// A registry that has an image of this one layer; what it sends of it is counted by the upstream.
pub(crate) async fn serve_large(layer: &Large) -> Upstream {
    let (file, size, digest) = (layer.file.clone(), layer.size, layer.digest.clone());
    let config = config([&layer.diff_id].into_iter(), &[]);
    let manifest = manifest(&config, vec![layer_descriptor(&digest, size)]);
    Upstream::start(move |head| {
        let path = head.split(' ').nth(1).unwrap();
        if path.contains("/manifests/") {
            return answer("200 OK", &[("Content-Type", MANIFEST)], &manifest);
        }
        if !path.ends_with(digest.as_str()) {
            return answer("200 OK", &[], &config);
        }
        let (head, first, length) = part(head, size);
        Reply::File { head, file: file.clone(), first, length }
    })
    .await
}

/// Which part of a blob a request wants: the head of the answer, the first byte and their number.
fn part(request: &str, size: u64) -> (Vec<u8>, u64, u64) {
    let range =
        request.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
    let (status, first, last) = match range {
        None => ("200 OK", 0, size - 1),
        Some(range) => {
            let (first, last) = range.split_once('-').unwrap();
            let last = last.parse().unwrap_or(u64::MAX).min(size - 1);
            ("206 Partial Content", first.parse().unwrap(), last)
        }
    };
    let length = last - first + 1;
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nContent-Range: bytes {first}-{last}/{size}\r\n\
         Connection: close\r\n\r\n"
    );
    (head.into_bytes(), first, length)
}

/// The answer to a request for a blob, and how many of its bytes are in it.
fn stretch(request: &str, bytes: &[u8], broken: bool) -> (Vec<u8>, usize) {
    let (mut answer, first, length) = part(request, bytes.len() as u64);
    let first = usize::try_from(first).unwrap();
    let mut body = bytes[first..].to_vec();
    body.truncate(usize::try_from(length).unwrap());
    if broken {
        body.iter_mut().skip(20).for_each(|byte| *byte ^= 1);
    }
    answer.extend_from_slice(&body);
    (answer, body.len())
}

pub(crate) struct Served {
    upstream: Upstream,
    sent: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
    size: usize,
}

impl Served {
    pub(crate) fn reference(&self) -> String {
        format!("{}/a/b:1", self.upstream.url())
    }

    /// Bytes of layers sent so far.
    pub(crate) fn layer_bytes(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    pub(crate) fn size_of_layers(&self) -> usize {
        self.size
    }

    /// From now on, layers are not what they were.
    pub(crate) fn break_layers(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }
}
