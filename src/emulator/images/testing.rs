//! Registries in memory, for tests of what uses them.

use super::Images;
use crate::{Digest, Limits, Manifest, MediaType, RepositoryName, Tag, reference::ReferenceTarget};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use std::{
    io::{self, Cursor, Read},
    sync::Mutex,
};

/// One registry, `made`, at `made.azurecr.io`.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) blobs: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) manifests: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Images for Made {
    fn registry_at(&self, host: &str) -> Option<String> {
        (host == "made.azurecr.io").then(|| "made".into())
    }

    fn manifest(&self, _: &str, repository: &RepositoryName, target: &ReferenceTarget) -> io::Result<Option<Manifest>> {
        let bytes = self.manifests.lock().unwrap().get(&format!("{repository}:{}", target.as_str())).cloned();
        Ok(bytes.map(|bytes| Manifest::parse(bytes, None, &Limits::DEFAULT).unwrap()))
    }

    fn blob(&self, _: &str, _: &RepositoryName, digest: &Digest) -> io::Result<Option<Box<dyn Read + Send>>> {
        let bytes = self.blobs.lock().unwrap().get(digest.as_str()).cloned();
        Ok(bytes.map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read + Send>))
    }

    fn put_blob(&self, _: &str, _: &RepositoryName, digest: &Digest, bytes: &mut dyn Read) -> io::Result<()> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all)?;
        assert_eq!(Digest::sha256(&all), *digest);
        self.blobs.lock().unwrap().insert(digest.to_string(), all);
        Ok(())
    }

    fn put_manifest(
        &self,
        _: &str,
        repository: &RepositoryName,
        tags: &[Tag],
        _: &MediaType,
        bytes: &[u8],
    ) -> io::Result<()> {
        let manifest = Manifest::parse(bytes.to_vec(), None, &Limits::DEFAULT).unwrap();
        for blob in manifest.image().iter().flat_map(|image| image.layers.iter().chain([&image.config])) {
            assert!(self.blobs.lock().unwrap().contains_key(blob.digest.as_str()), "{} is missing", blob.digest);
        }
        let mut manifests = self.manifests.lock().unwrap();
        manifests.insert(format!("{repository}:{}", manifest.digest()), bytes.to_vec());
        for tag in tags {
            manifests.insert(format!("{repository}:{tag}"), bytes.to_vec());
        }
        Ok(())
    }
}
