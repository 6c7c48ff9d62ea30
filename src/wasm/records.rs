//! Nouns as records, named as the package's types name them.

use crate::{
    Descriptor, HistoryEntry, ImageConfig, ImageLayers, ImageManifest, LayerRow, Manifest, ManifestKind, MediaType,
    Platform,
    client::Image,
    js::record::Record,
    op::{ManifestInfo, Truncated},
};
use alloc::string::ToString;

pub(super) fn platform(platform: &Platform) -> Record {
    let record = Record::new()
        .text("os", &platform.os)
        .text("architecture", &platform.architecture)
        .text_if("variant", platform.variant.as_deref())
        .text_if("osVersion", platform.os_version.as_deref());
    if platform.os_features.is_empty() { record } else { record.texts("osFeatures", &platform.os_features) }
}

pub(super) fn descriptor(descriptor: &Descriptor) -> Record {
    pointer(Record::new(), descriptor)
        .record_if("platform", descriptor.platform.as_ref().map(platform).as_ref())
        .text_if("artifactType", descriptor.artifact_type.as_ref().map(MediaType::as_str))
}

/// What a layer and any other descriptor have in common.
fn pointer(record: Record, descriptor: &Descriptor) -> Record {
    record
        .text("mediaType", descriptor.media_type.as_str())
        .text("digest", descriptor.digest.as_str())
        .size("size", descriptor.size)
        .map("annotations", &descriptor.annotations)
        .texts("urls", &descriptor.urls)
}

pub(super) fn head(info: &ManifestInfo) -> Record {
    Record::new()
        .text("digest", info.digest.as_str())
        .text("mediaType", info.media_type.as_str())
        .size("size", info.size)
}

pub(super) fn manifest(manifest: &Manifest, moved: bool) -> Record {
    let record = Record::new()
        .text("kind", manifest.kind().as_str())
        .text("digest", manifest.digest().as_str())
        .text("mediaType", manifest.media_type().as_str())
        .size("size", manifest.size())
        .flag("moved", moved);
    match manifest.kind() {
        ManifestKind::Image(image) => record
            .record("config", &descriptor(&image.config))
            .records("layers", image.layers.iter().map(descriptor))
            .record_if("subject", image.subject.as_ref().map(descriptor).as_ref())
            .text_if("artifactType", image.artifact_type.as_ref().map(MediaType::as_str))
            .map("annotations", &image.annotations),
        ManifestKind::Index(index) => record
            .records("manifests", index.manifests.iter().map(descriptor))
            .record_if("subject", index.subject.as_ref().map(descriptor).as_ref())
            .text_if("artifactType", index.artifact_type.as_ref().map(MediaType::as_str))
            .map("annotations", &index.annotations),
        ManifestKind::Opaque(_) => record.record("annotations", &Record::new()),
    }
}

pub(super) fn config(config: &ImageConfig, digest: &str) -> Record {
    let record = Record::new()
        .text("digest", digest)
        .text_if("architecture", config.architecture.as_deref())
        .text_if("os", config.os.as_deref())
        .text_if("variant", config.variant.as_deref())
        .text_if("osVersion", config.os_version.as_deref())
        .text_if("created", config.created.as_deref())
        .text_if("author", config.author.as_deref())
        .text_if("user", config.user.as_deref())
        .text_if("workingDir", config.working_dir.as_deref())
        .text_if("stopSignal", config.stop_signal.as_deref())
        .texts("env", &config.env)
        .texts("exposedPorts", &config.exposed_ports)
        .texts("volumes", &config.volumes)
        .map("labels", &config.labels)
        .texts("diffIds", &config.diff_ids)
        .records("history", config.history.iter().map(history));
    let words = |record: Record, key, words: &[alloc::string::String]| {
        if words.is_empty() { record } else { record.texts(key, words) }
    };
    words(words(record, "entrypoint", &config.entrypoint), "cmd", &config.cmd)
}

fn history(entry: &HistoryEntry) -> Record {
    Record::new()
        .text_if("created", entry.created.as_deref())
        .text_if("createdBy", entry.created_by.as_deref())
        .text_if("author", entry.author.as_deref())
        .text_if("comment", entry.comment.as_deref())
        .flag("emptyLayer", entry.empty_layer)
}

pub(super) fn layer(row: &LayerRow) -> Record {
    pointer(Record::new(), &row.descriptor)
        .text_if("diffId", row.diff_id.as_ref().map(crate::Digest::as_str))
        .text_if("command", row.command.as_deref())
        .text_if("created", row.created.as_deref())
        .text_if("comment", row.comment.as_deref())
}

/// An image of which `manifest` is the parsed manifest.
pub(super) fn image(image: &Image, parsed: &ImageManifest) -> Record {
    let record = Record::new()
        .record("manifest", &manifest(&image.manifest, image.moved))
        .record_if("index", image.index.as_ref().map(|index| manifest(index, image.moved)).as_ref())
        .record_if("platform", image.platform.as_ref().map(platform).as_ref())
        .record_if("config", image.config.as_ref().map(|c| config(c, parsed.config.digest.as_str())).as_ref())
        .flag("historyMatches", image.layers.as_ref().is_some_and(ImageLayers::history_matches))
        .size("size", parsed.layers_size().unwrap_or(u64::MAX));
    match &image.layers {
        Some(layers) => record.records("layers", layers.rows().iter().map(layer)),
        None => record.records("layers", parsed.layers.iter().map(|layer| pointer(Record::new(), layer))),
    }
}

pub(super) fn truncated(truncated: &Truncated) -> Record {
    Record::new()
        .text("kind", truncated.error.kind().as_str())
        .text("message", &truncated.error.to_string())
        .number("page", u64::from(truncated.page))
}
