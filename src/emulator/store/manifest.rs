//! What a manifest says that a registry must know.

use super::{
    change::{Child, ManifestFacts},
    error::StoreError,
};
use crate::{
    Descriptor, Digest, ImageConfig, ImageIndex, ImageManifest, Kind, Limits, Manifest, ManifestKind, MediaType,
    document::Path,
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
    vec::Vec,
};
use serde_json::{Map, Value};

/// A manifest that was read.
pub(super) struct ReadManifest {
    /// Its digest, by the algorithm that was asked for.
    pub(super) digest: Digest,
    /// What it says; instants, and what only the config knows, are missing.
    pub(super) facts: ManifestFacts,
    /// Those of its blobs that need not be there: layers that registries don't hold.
    pub(super) optional: Vec<Digest>,
    /// The config, if it is an image's.
    pub(super) config: Option<Digest>,
}

impl ReadManifest {
    /// Reads a manifest that was pushed as `media_type` and should have the digest `expected`.
    pub(super) fn of(bytes: &[u8], media_type: Option<&str>, expected: Option<&Digest>) -> Result<Self, StoreError> {
        let manifest = parse(bytes, media_type)?;
        let manifest = match expected {
            Some(expected) => manifest.with_expected(expected).map_err(|_| StoreError::DigestInvalid)?,
            None => manifest,
        };
        let mut read =
            Self { digest: manifest.digest().clone(), facts: blank(&manifest), optional: Vec::new(), config: None };
        match manifest.kind() {
            ManifestKind::Image(image) => read.image(image),
            ManifestKind::Index(index) => read.index(index),
            ManifestKind::Opaque(document) => read.opaque(document),
        }
        Ok(read)
    }

    fn image(&mut self, image: &ImageManifest) {
        let facts = &mut self.facts;
        facts.image_size = image.layers_size().unwrap_or(u64::MAX).saturating_add(image.config.size);
        facts.config_media_type = Some(image.config.media_type.to_string());
        facts.artifact_type = Some(image.effective_artifact_type().to_string());
        facts.annotations = image.annotations.clone();
        facts.subject = image.subject.as_ref().map(|subject| subject.digest.clone());
        facts.blobs.push((image.config.digest.clone(), image.config.size));
        facts.blobs.extend(image.layers.iter().map(|layer| (layer.digest.clone(), layer.size)));
        let foreign = image.layers.iter().filter(|layer| layer.media_type.is_nondistributable());
        self.optional = foreign.map(|layer| layer.digest.clone()).collect();
        self.config = image.is_container_image().then(|| image.config.digest.clone());
    }

    fn index(&mut self, index: &ImageIndex) {
        let facts = &mut self.facts;
        facts.artifact_type = index.artifact_type.as_ref().map(MediaType::to_string);
        facts.annotations = index.annotations.clone();
        facts.subject = index.subject.as_ref().map(|subject| subject.digest.clone());
        facts.manifests = index.manifests.iter().map(child).collect();
    }

    /// OCI's artifact manifest of the release candidates, and whatever else looks like it.
    fn opaque(&mut self, document: &Map<String, Value>) {
        let facts = &mut self.facts;
        facts.artifact_type = document.get("artifactType").and_then(Value::as_str).map(Into::into);
        facts.annotations = document.get("annotations").and_then(Value::as_object).map_or_else(BTreeMap::new, texts);
        facts.subject = document.get("subject").and_then(descriptor).map(|subject| subject.digest);
        let blobs = document.get("blobs").and_then(Value::as_array).into_iter().flatten();
        for blob in blobs.filter_map(descriptor) {
            facts.image_size = facts.image_size.saturating_add(blob.size);
            facts.blobs.push((blob.digest, blob.size));
        }
    }

    /// Takes from the image's config what it runs on. A config that can't be read says nothing.
    pub(super) fn take_config(&mut self, bytes: &[u8]) {
        if let Ok(config) = ImageConfig::parse(bytes, &Limits::DEFAULT) {
            self.facts.architecture = config.architecture;
            self.facts.os = config.os;
        }
    }
}

fn parse(bytes: &[u8], media_type: Option<&str>) -> Result<Manifest, StoreError> {
    Manifest::parse(bytes.to_vec(), media_type, &Limits::DEFAULT).map_err(|error| match error.kind() {
        Kind::LimitExceeded => StoreError::ManifestTooLarge,
        _ => StoreError::ManifestInvalid(error.to_string()),
    })
}

fn blank(manifest: &Manifest) -> ManifestFacts {
    ManifestFacts {
        media_type: manifest.media_type().to_string(),
        size: manifest.size(),
        image_size: manifest.size(),
        ..ManifestFacts::default()
    }
}

fn child(entry: &Descriptor) -> Child {
    let known = |text: &String| Some(text.clone()).filter(|text| text != "unknown");
    Child {
        digest: entry.digest.clone(),
        architecture: entry.platform.as_ref().and_then(|platform| known(&platform.architecture)),
        os: entry.platform.as_ref().and_then(|platform| known(&platform.os)),
    }
}

fn descriptor(value: &Value) -> Option<Descriptor> {
    Descriptor::from_json(value.clone(), &Path::Root).ok()
}

fn texts(map: &Map<String, Value>) -> BTreeMap<String, String> {
    map.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.into()))).collect()
}
