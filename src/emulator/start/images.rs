//! The registries' contents for builds and containers, which are read and written at the region that the global endpoint
//! routes to: what is built arrives in the other regions as anything that is pushed.

use super::Sites;
use crate::{
    Digest, Limits, Manifest, MediaType, RepositoryName, Tag,
    emulator::{
        images::Images,
        site::{Endpoint, Region},
        store::{ContentStream, StoreError},
    },
    reference::ReferenceTarget,
};
use alloc::{
    boxed::Box,
    string::{String, ToString as _},
    sync::Arc,
    vec,
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use std::io::{self, Read};
use tokio::runtime::Handle;

/// Bytes handed to the store at a time.
const PIECE: usize = 256 << 10;

impl Sites {
    fn serving(&self, registry: &str) -> io::Result<Arc<Region>> {
        let region = self.site(registry).and_then(|site| site.serving(&Endpoint::Global));
        region.ok_or_else(|| io::Error::other("no region of the registry can be reached"))
    }
}

impl Images for Sites {
    fn registry_at(&self, host: &str) -> Option<String> {
        let known = |site: &crate::emulator::site::Site| {
            let named = host.strip_suffix(".azurecr.io").is_some_and(|name| name.eq_ignore_ascii_case(site.name()));
            named || site.login_server() == host || site.regions().iter().any(|region| region.login_server == host)
        };
        self.all().into_iter().find(|site| known(site)).map(|site| site.name().to_string())
    }

    fn manifest(
        &self,
        registry: &str,
        repository: &RepositoryName,
        target: &ReferenceTarget,
    ) -> io::Result<Option<Manifest>> {
        let store = self.serving(registry)?.store.clone();
        let Some(found) = there(store.manifest(repository, target))? else { return Ok(None) };
        let bytes = Handle::current().block_on(store.manifest_bytes(&found.digest)).map_err(io::Error::other)?;
        let manifest = Manifest::parse(bytes.to_vec(), None, &Limits::DEFAULT);
        let manifest = manifest.and_then(|manifest| manifest.with_expected(&found.digest));
        manifest.map(Some).map_err(io::Error::other)
    }

    fn blob(
        &self,
        registry: &str,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> io::Result<Option<Box<dyn Read + Send>>> {
        let store = self.serving(registry)?.store.clone();
        let Some(size) = there(store.blob(repository, digest))? else { return Ok(None) };
        let Some(bytes) = there(store.open_content(digest, 0..size))? else { return Ok(None) };
        Ok(Some(Box::new(Blob { bytes, piece: Bytes::new() })))
    }

    fn put_blob(
        &self,
        registry: &str,
        repository: &RepositoryName,
        digest: &Digest,
        bytes: &mut dyn Read,
    ) -> io::Result<()> {
        let (store, handle) = (self.serving(registry)?.store.clone(), Handle::current());
        let upload = store.start_upload(repository, digest.algorithm()).map_err(io::Error::other)?;
        let mut piece = vec![0; PIECE];
        loop {
            // The bytes may wait for a store themselves, so that nothing is waited for here.
            let read = bytes.read(&mut piece)?;
            if read == 0 {
                break;
            }
            let part = Bytes::copy_from_slice(piece.get(..read).unwrap_or_default());
            let part = stream::iter([Ok::<_, io::Error>(part)]);
            handle.block_on(store.write_upload(repository, &upload, None, part)).map_err(io::Error::other)?;
        }
        handle.block_on(store.finish_upload(repository, &upload, digest)).map_err(io::Error::other)
    }

    fn put_manifest(
        &self,
        registry: &str,
        repository: &RepositoryName,
        tags: &[Tag],
        media_type: &MediaType,
        bytes: &[u8],
    ) -> io::Result<()> {
        let store = self.serving(registry)?.store.clone();
        let bytes = Bytes::copy_from_slice(bytes);
        let put = store.put_manifest(repository, None, tags, Some(media_type.as_str()), bytes);
        Handle::current().block_on(put).map(|_| ()).map_err(io::Error::other)
    }
}

/// What is not there is no error here.
fn there<T>(found: Result<T, StoreError>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::NameUnknown | StoreError::BlobUnknown | StoreError::ManifestUnknown) => Ok(None),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// A blob, piece by piece, on a thread that may wait.
struct Blob {
    bytes: ContentStream,
    piece: Bytes,
}

impl Read for Blob {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match Handle::current().block_on(self.bytes.next()) {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let size = room.len().min(self.piece.len());
        let piece = self.piece.split_to(size);
        if let Some(room) = room.get_mut(..size) {
            room.copy_from_slice(&piece);
        }
        Ok(size)
    }
}
