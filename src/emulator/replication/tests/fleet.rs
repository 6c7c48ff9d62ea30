//! Regions with stores, and what clients do to them.

use crate::{
    Digest, ReferenceTarget, RepositoryName, Tag,
    emulator::{
        faults::Faults,
        replication::{Replication, Settings},
        store::{Place, Store, StoreError, change::What},
    },
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use bytes::Bytes;
use core::time::Duration;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use std::{io, path::PathBuf};
use tokio::time::sleep;

pub(super) const REGIONS: [&str; 3] = ["eastus", "westeurope", "japaneast"];
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub(super) struct Fleet {
    pub(super) stores: BTreeMap<String, Store>,
    pub(super) replication: Replication,
    pub(super) faults: Faults,
    settings: Settings,
    folder: Option<PathBuf>,
}

impl Fleet {
    /// Regions in memory.
    pub(super) fn new(settings: Settings) -> Self {
        Self::with_book(settings, None)
    }

    /// Regions in memory whose links write down how far they have come.
    pub(super) fn with_book(settings: Settings, folder: Option<PathBuf>) -> Self {
        let faults = Faults::default();
        let replication = Replication::new("demo", folder.clone(), settings, faults.clone());
        let mut fleet = Self { stores: BTreeMap::new(), replication, faults, settings, folder };
        REGIONS.iter().for_each(|name| fleet.add(Store::open(&Place::Memory, name).unwrap()));
        fleet
    }

    pub(super) fn add(&mut self, store: Store) {
        self.stores.insert(store.region().into(), store.clone());
        self.replication.add(store);
    }

    /// Ends the links, whatever they are at, and begins with new ones.
    pub(super) fn restart(&mut self) {
        self.replication = Replication::new("demo", self.folder.clone(), self.settings, self.faults.clone());
        self.stores.values().for_each(|store| self.replication.add(store.clone()));
    }

    pub(super) fn store(&self, region: &str) -> &Store {
        &self.stores[region]
    }

    pub(super) fn set(&self, document: &Value) {
        self.faults.replace(document.to_string().as_bytes()).unwrap();
    }

    /// Waits until nothing is on its way.
    pub(super) async fn settle(&self) {
        while self.stores.keys().any(|name| !self.replication.status(name).unwrap().caught_up()) {
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// All regions hold the same, and all of it is whole.
    pub(super) async fn assert_agreed(&self) {
        let dumps: BTreeSet<Vec<String>> = self.stores.values().map(dump).collect();
        assert_eq!(dumps.len(), 1, "{dumps:#?}");
        for store in self.stores.values() {
            assert_whole(store).await;
        }
    }
}

/// The last word on each thing.
pub(super) fn dump(store: &Store) -> Vec<String> {
    let changes = store.changes_since(0, usize::MAX);
    let mut words: Vec<_> = changes.iter().map(|c| format!("{} {:?} {:?}", c.repository, c.what, c.stamp)).collect();
    words.sort();
    words
}

/// Every blob and manifest that is named is there and has its digest.
pub(super) async fn assert_whole(store: &Store) {
    for change in store.changes_since(0, usize::MAX) {
        if let What::ManifestPut(digest, facts) = &change.what {
            let bytes = store.manifest_bytes(digest).await.unwrap();
            assert!(Digest::sha256(&bytes) == *digest, "{} {digest}", store.region());
            for (blob, size) in &facts.blobs {
                assert_eq!(store.blob(&change.repository, blob).unwrap(), *size);
                assert!(Digest::sha256(&read(store, blob, *size).await) == *blob, "{} {blob}", store.region());
            }
        }
    }
}

async fn read(store: &Store, digest: &Digest, size: u64) -> Vec<u8> {
    let mut stream = store.open_content(digest, 0..size).unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    bytes
}

pub(super) fn repository(name: &str) -> RepositoryName {
    name.parse().unwrap()
}

pub(super) fn tag(name: &str) -> Tag {
    name.parse().unwrap()
}

pub(super) async fn push_blob(store: &Store, name: &RepositoryName, bytes: &[u8]) -> Result<Digest, StoreError> {
    let digest = Digest::sha256(bytes);
    let id = store.start_upload(name, "sha256")?;
    let body = stream::iter([Ok::<_, io::Error>(Bytes::copy_from_slice(bytes))]);
    store.write_upload(name, &id, None, body).await?;
    store.finish_upload(name, &id, &digest).await?;
    Ok(digest)
}

/// Pushes an image with one layer under a tag; `layer` is its bytes.
pub(super) async fn push(store: &Store, name: &str, tagged: &str, layer: &[u8]) -> Result<Digest, StoreError> {
    let name = repository(name);
    let config = push_blob(store, &name, br#"{"architecture":"amd64","os":"linux"}"#).await?;
    let blob = push_blob(store, &name, layer).await?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config.as_str(), "size": 37},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": blob.as_str(), "size": layer.len()}],
    });
    let bytes = Bytes::from(manifest.to_string());
    Ok(store.put_manifest(&name, None, &[tag(tagged)], Some(MANIFEST), bytes).await?.digest)
}

/// The manifest that a tag names.
pub(super) fn tagged(store: &Store, name: &str, tagged: &str) -> Option<Digest> {
    store.manifest(&repository(name), &ReferenceTarget::Tag(tag(tagged))).ok().map(|found| found.digest)
}
