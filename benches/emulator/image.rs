//! An image whose layers nothing can compress.

use flate2::{Compression, write::GzEncoder};
use portolan::Digest;
use serde_json::json;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    ops::Range,
    path::{Path, PathBuf},
};

const PIECE: usize = 1 << 20;

/// Writes an OCI layout with one image that has these layers, each of about so many bytes.
pub(super) fn write(layout: &Path, layers: Range<usize>, bytes: usize) {
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let layers: Vec<_> = layers.map(|number| layer(&blobs, number as u64 + 1, bytes)).collect();
    let ids: Vec<_> = (0..layers.len()).map(|number| Digest::sha256(&number.to_le_bytes())).collect();
    let config = json!({ "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": ids } });
    let (config, size) = blob(&blobs, config.to_string().as_bytes());
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": size },
        "layers": layers.iter().map(|(digest, size)| json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest, "size": size,
        })).collect::<Vec<_>>(),
    });
    let (manifest, size) = blob(&blobs, manifest.to_string().as_bytes());
    let index = json!({ "schemaVersion": 2, "manifests": [{
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": manifest, "size": size,
        "annotations": { "org.opencontainers.image.ref.name": "latest" },
    }] });
    fs::write(layout.join("index.json"), index.to_string()).unwrap();
}

fn blob(blobs: &Path, bytes: &[u8]) -> (Digest, usize) {
    let digest = Digest::sha256(bytes);
    fs::write(blobs.join(digest.encoded()), bytes).unwrap();
    (digest, bytes.len())
}

/// Noise in a gzip frame: skopeo would compress what is not compressed.
fn layer(blobs: &Path, seed: u64, bytes: usize) -> (Digest, usize) {
    let path: PathBuf = blobs.join("new");
    let mut gzip = GzEncoder::new(BufWriter::new(File::create(&path).unwrap()), Compression::none());
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut piece = vec![0; PIECE];
    for _ in 0..bytes.div_ceil(PIECE) {
        for word in piece.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes());
        }
        gzip.write_all(&piece).unwrap();
    }
    gzip.finish().unwrap().flush().unwrap();
    let all = fs::read(&path).unwrap();
    let digest = Digest::sha256(&all);
    fs::rename(path, blobs.join(digest.encoded())).unwrap();
    (digest, all.len())
}
