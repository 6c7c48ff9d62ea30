//! What a scan is told before it begins.

use crate::{Digest, Limits, MediaType};

/// How to scan a layer.
///
/// ```
/// use portolan::{Digest, layers::ScanOptions};
/// let options = ScanOptions { verify: false, ..ScanOptions::new(Digest::sha256(b"")) };
/// assert!(options.checkpoints && !options.hash_unpacked);
/// ```
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Digest of the layer, as its descriptor has it.
    pub digest: Digest,
    /// Size of the layer in bytes, as its descriptor has it. Another one is an error where the layer is verified.
    pub size: Option<u64>,
    /// What the layer may not exceed.
    pub limits: Limits,
    /// Media type of the layer. It decides nothing; if the bytes are something else, that is noted.
    pub media_type: Option<MediaType>,
    /// Whether to hash what is pushed and compare it with `digest`. Not needed where the bytes come from a
    /// [`BlobRead`](crate::op::BlobRead), which does it already.
    pub verify: bool,
    /// Digest of the uncompressed layer, as the image's config has it. If it is given, the uncompressed bytes are hashed.
    pub diff_id: Option<Digest>,
    /// Whether to hash the uncompressed bytes though there is nothing to compare with.
    pub hash_unpacked: bool,
    /// Whether to note where decompression can begin, so that files can be read by range later.
    pub checkpoints: bool,
}

impl ScanOptions {
    /// For the layer with this digest: verified, with checkpoints, its uncompressed bytes not hashed.
    #[must_use]
    pub fn new(digest: Digest) -> Self {
        Self {
            digest,
            size: None,
            limits: Limits::DEFAULT,
            media_type: None,
            verify: true,
            diff_id: None,
            hash_unpacked: false,
            checkpoints: true,
        }
    }
}
