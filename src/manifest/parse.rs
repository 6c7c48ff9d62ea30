//! Which kind of manifest a document is: in one way, or not at all.
//!
//! Documents with two readings let one client see an image where another sees an index (CVE-2021-41190). So the
//! Content-Type, the document's own `mediaType` and its shape must agree as far as each says anything.

use super::{
    Descriptor, ImageIndex, ImageManifest, ManifestKind,
    descriptor::{media_type, media_type_if_any},
};
use crate::{
    Error, LimitExceeded, Limits, MediaType, ProtocolError,
    document::{Fields, Path},
    json,
    text::shown,
};
use serde_json::Value;

pub(super) fn parse(
    bytes: &[u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<(MediaType, ManifestKind), Error> {
    let sent = content_type.map(specific_type).transpose()?.flatten();
    if bytes.len() > limits.manifest {
        return Err(LimitExceeded { which: "bytes of one manifest", limit: limits.manifest as u64 }.into());
    }
    let mut fields = Fields::of(json::parse(bytes, limits)?, &Path::Root)?;
    let own = media_type(&mut fields, "mediaType")?.filter(|own| !own.is_generic());
    let declared = match (own, sent) {
        (Some(own), Some(sent)) if own != sent => {
            return Err(ProtocolError::AmbiguousManifest("mediaType and Content-Type differ").into());
        }
        (own, sent) => own.or(sent),
    };
    let media_type = match declared {
        Some(declared) => declared,
        None => type_by_shape(&fields)?,
    };
    let kind = read(&media_type, fields, limits)?;
    Ok((media_type, kind))
}

/// The Content-Type, if it says anything.
fn specific_type(header: &str) -> Result<Option<MediaType>, Error> {
    if header.trim_matches([' ', '\t']).is_empty() {
        return Ok(None);
    }
    match header.parse::<MediaType>() {
        Ok(sent) if !sent.is_foreign_to_registries() => Ok(Some(sent).filter(|sent| !sent.is_generic())),
        _ => Err(ProtocolError::ContentType(shown(header, 256)).into()),
    }
}

fn type_by_shape(fields: &Fields<'_>) -> Result<MediaType, Error> {
    if fields.has("manifests") {
        return Ok(MediaType::OCI_INDEX);
    }
    if fields.has("layers") || fields.has("config") {
        return Ok(MediaType::OCI_MANIFEST);
    }
    if is_schema1(fields) {
        return Ok(MediaType::DOCKER_SCHEMA1);
    }
    Err(fields.path().invalid("neither an image manifest nor an index"))
}

fn is_schema1(fields: &Fields<'_>) -> bool {
    fields.peek("schemaVersion").and_then(Value::as_u64) == Some(1)
}

fn read(media_type: &MediaType, fields: Fields<'_>, limits: &Limits) -> Result<ManifestKind, Error> {
    let known = media_type.is_index() || media_type.is_image_manifest();
    if media_type.is_schema1() || (known && is_schema1(&fields)) {
        return Err(ProtocolError::Unsupported("Docker image manifest, schema 1").into());
    }
    if !known {
        return Ok(ManifestKind::Opaque(fields.rest()));
    }
    check_version(&fields)?;
    check_shape(media_type, &fields)?;
    check_count(&fields, limits)?;
    if media_type.is_index() {
        index(fields).map(|index| ManifestKind::Index(index.into()))
    } else {
        image(fields).map(|image| ManifestKind::Image(image.into()))
    }
}

/// Some artifact builders leave the version out; any other than 2 would be another format.
fn check_version(fields: &Fields<'_>) -> Result<(), Error> {
    match fields.peek("schemaVersion") {
        None | Some(Value::Null) => Ok(()),
        Some(version) if version.as_u64() == Some(2) => Ok(()),
        Some(_) => Err(Path::Key(fields.path(), "schemaVersion").invalid("is not 2")),
    }
}

fn check_shape(media_type: &MediaType, fields: &Fields<'_>) -> Result<(), Error> {
    let image = fields.has("layers") || fields.has("config") || fields.has("fsLayers");
    let index = fields.has("manifests");
    let reason = match (image, index) {
        (true, true) => "both an index and an image manifest",
        (true, false) if media_type.is_index() => "an index by type, an image manifest by shape",
        (false, true) if !media_type.is_index() => "an image manifest by type, an index by shape",
        _ if fields.has("fsLayers") => "schema 1 and schema 2 in one",
        _ => return Ok(()),
    };
    Err(ProtocolError::AmbiguousManifest(reason).into())
}

/// Counted before any is read: each costs far more in memory than its text.
fn check_count(fields: &Fields<'_>, limits: &Limits) -> Result<(), Error> {
    let length = |key| fields.peek(key).and_then(Value::as_array).map_or(0, |list| list.len());
    let single = |key| usize::from(fields.has(key));
    if length("layers") + length("manifests") + single("config") + single("subject") > limits.descriptors {
        return Err(LimitExceeded { which: "descriptors in one manifest", limit: limits.descriptors as u64 }.into());
    }
    Ok(())
}

fn image(mut fields: Fields<'_>) -> Result<ImageManifest, Error> {
    fields.take("schemaVersion");
    let path = Path::Key(fields.path(), "config");
    let config = fields.take("config").ok_or_else(|| path.invalid("missing"))?;
    Ok(ImageManifest {
        config: Descriptor::from_json(config, &path)?,
        layers: fields.items("layers", Descriptor::from_json)?,
        subject: subject(&mut fields)?,
        artifact_type: media_type_if_any(&mut fields)?,
        annotations: fields.string_map("annotations")?,
        extra: fields.rest(),
    })
}

fn index(mut fields: Fields<'_>) -> Result<ImageIndex, Error> {
    fields.take("schemaVersion");
    Ok(ImageIndex {
        manifests: fields.items("manifests", Descriptor::from_json)?,
        subject: subject(&mut fields)?,
        artifact_type: media_type_if_any(&mut fields)?,
        annotations: fields.string_map("annotations")?,
        extra: fields.rest(),
    })
}

fn subject(fields: &mut Fields<'_>) -> Result<Option<Descriptor>, Error> {
    let path = Path::Key(fields.path(), "subject");
    fields.take("subject").map(|subject| Descriptor::from_json(subject, &path)).transpose()
}
