//! Stores: what they keep, and what they agree on.

mod agree;
mod disk;
mod space;

use super::{
    Store, StoreError,
    change::{Change, What},
    write::PutManifest,
};
use crate::{Digest, RepositoryName, Tag};
use alloc::{format, string::String, vec::Vec};
use bytes::Bytes;
use futures_util::stream::iter;
use serde_json::json;

fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

/// Pushes a blob in chunks of some bytes.
async fn blob(store: &Store, repository: &str, bytes: &[u8]) -> Result<Digest, StoreError> {
    let (repository, digest) = (name(repository), Digest::sha256(bytes));
    let id = store.start_upload(&repository, "sha256")?;
    let chunks: Vec<_> = bytes.chunks(700).map(|chunk| Ok::<_, ()>(Bytes::copy_from_slice(chunk))).collect();
    store.write_upload(&repository, &id, Some(0), iter(chunks)).await?;
    store.finish_upload(&repository, &id, &digest).await?;
    Ok(digest)
}

/// Pushes an image with one layer that says `note`.
async fn image(store: &Store, repository: &str, tags: &[&str], note: &str) -> Result<PutManifest, StoreError> {
    let (config, layer) = (blob(store, repository, b"{}").await?, blob(store, repository, note.as_bytes()).await?);
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": 2 },
        "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": note.len() }],
    });
    let tags: Vec<_> = tags.iter().copied().map(tag).collect();
    store.put_manifest(&name(repository), None, &tags, None, format!("{manifest}").into()).await
}

/// Everything that a store says, but for numbers.
fn words(store: &Store) -> Vec<String> {
    let told = |change: &Change| !matches!(change.what, What::BlobReclaimed(_));
    let changes = store.changes_since(0, usize::MAX).into_iter().filter(told);
    let mut words: Vec<_> = changes.map(|change| format!("{:?}", Change { sequence: 0, ..change })).collect();
    words.sort();
    words
}

/// Every manifest that is there has all its content, and every tag its manifest.
async fn assert_whole(store: &Store) {
    for change in store.changes_since(0, usize::MAX) {
        let What::ManifestPut(digest, facts) = &change.what else { continue };
        let bytes = store.manifest_bytes(digest).await.unwrap();
        assert_eq!(Digest::sha256(&bytes), *digest);
        for (blob, size) in &facts.blobs {
            assert_eq!(store.blob(&change.repository, blob).unwrap(), *size);
            let read = store.open_content(blob, 0..*size).unwrap().collect().await;
            assert_eq!(Digest::sha256(&read), *blob);
        }
    }
}

impl super::ContentStream {
    async fn collect(mut self) -> Vec<u8> {
        use futures_util::StreamExt as _;
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await {
            all.extend_from_slice(&bytes.unwrap());
        }
        all
    }
}
