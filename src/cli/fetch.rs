//! What a reference names, fetched.

use super::{Reading, connect::Connected, exit::Failure, output::Progress, target};
use portolan::{
    Manifest, Platform, Reference,
    cache::Identity,
    client::{Image, Registry, ReqwestTransport},
};

/// An image, or another manifest in the shape of one, and where it is from.
pub(super) struct Found {
    pub(super) reference: Reference,
    pub(super) registry: Registry<ReqwestTransport>,
    pub(super) identity: Identity,
    pub(super) image: Image,
}

/// Reads the image of a reference, chosen from an index where it is one.
pub(super) async fn image(text: &str, platform: Option<&Platform>, reading: &Reading) -> Result<Found, Failure> {
    fetch(text, reading, |_| true, platform).await
}

/// Reads what a reference names, and of an image its config.
pub(super) async fn whole(text: &str, reading: &Reading) -> Result<Found, Failure> {
    fetch(text, reading, |manifest| manifest.image().is_some(), None).await
}

/// Reads a manifest, and goes on to an image where that is `wanted`.
async fn fetch(
    text: &str,
    reading: &Reading,
    wanted: impl FnOnce(&Manifest) -> bool,
    platform: Option<&Platform>,
) -> Result<Found, Failure> {
    let (place, reference) = target::reference(text, reading.connection.plain_http)?;
    let repository = reference.repository();
    let Connected { registry, identity } = reading.connection.open(&place, Some(repository.as_str())).await?;
    let _progress = Progress::new(format!("reading {reference}"));
    let fetched = registry.manifest(repository, &reference.target()).await?;
    let image = if wanted(&fetched.manifest) {
        registry.image_from(repository, fetched, platform).await?
    } else {
        Image {
            manifest: fetched.manifest,
            index: None,
            platform: None,
            config: None,
            config_bytes: Vec::new(),
            layers: None,
            moved: fetched.moved,
        }
    };
    Ok(Found { reference, registry, identity, image })
}
