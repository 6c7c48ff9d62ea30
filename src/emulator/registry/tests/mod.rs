//! The registry's API, request by request.

mod acr;
mod blobs;
mod door;
mod lists;
mod manifests;
mod uploads;

use super::router;
use crate::{
    Digest,
    emulator::{
        access::{Action, Caller, Denial, Gate, Need},
        site::{Endpoint, Region, Site},
        store::{Place, Store},
    },
};
use alloc::{
    format,
    string::{String, ToString as _},
    sync::Arc,
    vec::Vec,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use bytes::Bytes;
use serde_json::{Value, json};
use tower::ServiceExt as _;

const LOGIN: &str = "127.0.0.1:5000";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Lets `Bearer all` do anything, `Bearer <repository>` pull from it, and refuses the rest.
struct Words;

impl Gate for Words {
    fn authorize(&self, registry: &str, authorization: Option<&str>, needs: &[Need<'_>]) -> Result<Caller, Denial> {
        assert_eq!(registry, "test");
        let word = authorization.ok_or(Denial::Nothing)?.strip_prefix("Bearer ").ok_or(Denial::Invalid)?;
        let may = |need: &Need<'_>| match need {
            Need::Known => true,
            Need::Catalog => word == "all",
            Need::Repository(name, actions) => word == "all" || (word == *name && *actions == [Action::Pull]),
        };
        match word {
            "bad" => Err(Denial::Invalid),
            "far" => Err(Denial::Network),
            _ if needs.iter().all(may) => Ok(Caller { name: word.into() }),
            _ => Err(Denial::Scope),
        }
    }
}

/// An answer, read.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().into()
    }
}

/// A registry in memory, and a request to it.
struct Registry {
    site: Arc<Site>,
    global: Router,
    data: Router,
}

impl Registry {
    fn new() -> Self {
        let site = Arc::new(Site::new("test".into(), LOGIN.into(), Arc::new(Words)).unwrap());
        for region in ["eastus", "japaneast"] {
            let store = Store::open(&Place::Memory, region).unwrap();
            let login = format!("127.0.0.1:{}", 5000 + region.len());
            site.add(Arc::new(Region::new(store, login, format!("data.{region}:443"))));
        }
        let global = router(Arc::clone(&site), Endpoint::Global);
        let data = router(Arc::clone(&site), Endpoint::Data("eastus".into()));
        Self { site, global, data }
    }

    async fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(method, path, &[], "").await
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut all = Vec::from([("authorization", "Bearer all")]);
        all.extend(headers);
        send(&self.global, method, path, &all, body).await
    }

    async fn store(&self, region: &str) -> Store {
        self.site.region(region).unwrap().store.clone()
    }

    /// Pushes a blob.
    async fn blob(&self, name: &str, bytes: &'static [u8]) -> Digest {
        let digest = Digest::sha256(bytes);
        let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
        let answer = self.send("POST", &path, &[], bytes).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        digest
    }

    /// Pushes an image manifest with an empty config, annotated so that each is another.
    async fn image(&self, name: &str, reference: &str, note: &str) -> Digest {
        let config = self.blob(name, b"{}").await;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
            "layers": [],
            "annotations": { "note": note },
        });
        self.manifest(name, reference, &manifest).await
    }

    /// Pushes a manifest; without a reference under its digest.
    async fn manifest(&self, name: &str, reference: &str, manifest: &Value) -> Digest {
        let body = manifest.to_string();
        let digest = Digest::sha256(body.as_bytes());
        let reference = if reference.is_empty() { digest.as_str() } else { reference };
        let media_type = manifest["mediaType"].as_str().unwrap();
        let path = format!("/v2/{name}/manifests/{reference}");
        let answer = self.send("PUT", &path, &[("content-type", media_type)], body.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        assert_eq!(answer.header("docker-content-digest"), digest.as_str());
        digest
    }
}

async fn send(router: &Router, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        if !value.is_empty() {
            request = request.header(*name, *value);
        }
    }
    let response = router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
}
