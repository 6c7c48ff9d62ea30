//! Images that builds begin with.

use super::{image::Base, work::Work};
use crate::{
    MediaType, Reference,
    emulator::{
        failure::Failure,
        images::{self, Pulled},
    },
};
use alloc::{format, vec::Vec};

/// An image out of the registry that the build runs in; it is noted for the list at the end of the log.
pub(super) fn pull(work: &Work<'_>, name: &str, bases: &mut Vec<Base>) -> Result<Pulled, Failure> {
    let reference = parse(name)?;
    let Some(registry) = own(work, &reference) else { return Err(elsewhere(&reference, work)) };
    let platform = work.request.platform.wanted();
    let pulled = images::pull(work.images, &registry, &reference, &platform)
        .map_err(|error| Failure::Failed(format!("pull of {name} failed: {error}")))?;
    let base = Base { reference, digest: pulled.digest.clone() };
    if !bases.contains(&base) {
        work.log.line(&format!(
            "{}: Pulling from {}",
            pulled.reference.target().as_str(),
            pulled.reference.repository()
        ))?;
        work.log.line(&format!("Digest: {}", pulled.digest))?;
        bases.push(base);
    }
    Ok(pulled)
}

pub(super) fn parse(name: &str) -> Result<Reference, Failure> {
    name.parse().map_err(|error| Failure::Failed(format!("invalid reference format '{name}': {error}")))
}

/// The registry, if it is the one that the build runs in.
pub(super) fn own(work: &Work<'_>, reference: &Reference) -> Option<alloc::string::String> {
    work.images.registry_at(reference.host().as_str()).filter(|registry| registry == work.registry)
}

/// Why an image of another host is not there.
pub(super) fn elsewhere(reference: &Reference, work: &Work<'_>) -> Failure {
    let host = reference.host();
    Failure::Failed(if work.images.registry_at(host.as_str()).is_some() {
        format!(
            "{}: a build has access to its own registry only; import the image into '{}' first",
            reference, work.registry
        )
    } else {
        format!(
            "{reference}: this emulator pulls from its own registries only and does not contact '{host}'; push the image to \
             '{}' first and name it there, or build with FROM scratch",
            work.registry
        )
    })
}

/// The type of a base image's layer in an image of Docker's form.
pub(super) fn docker_layer(media_type: &MediaType) -> Result<MediaType, Failure> {
    match media_type.compression() {
        Some(crate::Compression::Gzip) => Ok(MediaType::DOCKER_LAYER_GZIP),
        Some(crate::Compression::Uncompressed) => Ok(MediaType::DOCKER_LAYER),
        _ => {
            Err(Failure::Failed(format!("layers of the type {media_type} need buildah on the machine of the emulator")))
        }
    }
}
