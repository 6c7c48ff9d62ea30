//! Images in folders of the form `dir:`, which `buildah` and `skopeo` read and write: a manifest, and blobs named by their
//! hashes, byte by byte as a registry has them.

use super::{Image, Images, Pulled, Source};
use crate::{Digest, Limits, Manifest};
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// What the file `version` says.
const VERSION: &str = "Directory Transport Version: 1.1\n";

/// Writes an image into a folder.
pub(crate) fn write_folder(images: &dyn Images, image: &Pulled, folder: &Path) -> io::Result<()> {
    for blob in image.image.layers.iter().chain([&image.image.config]) {
        let mut file = File::create(folder.join(blob.digest.encoded()))?;
        io::copy(&mut image.open(images, blob)?, &mut file)?;
    }
    fs::write(folder.join("version"), VERSION)?;
    fs::write(folder.join("manifest.json"), image.manifest.bytes())
}

/// The image in a folder.
pub(crate) fn read_folder(folder: &Path) -> io::Result<Image> {
    let manifest = Manifest::parse(fs::read(folder.join("manifest.json"))?, None, &Limits::DEFAULT);
    let manifest = manifest.map_err(io::Error::other)?;
    let image = manifest.image().ok_or_else(|| io::Error::other("what was built is no image"))?;
    let file = |digest: &Digest| (digest.clone(), Source::File(folder.join(digest.encoded())));
    let blobs = image.layers.iter().chain([&image.config]).map(|blob| file(&blob.digest)).collect();
    Ok(Image { media_type: manifest.media_type().clone(), blobs, manifest: manifest.into_bytes() })
}
