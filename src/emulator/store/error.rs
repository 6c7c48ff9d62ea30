//! Why a store says no.

use crate::Digest;
use alloc::string::String;
use std::io;

/// Why a store says no.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// No such repository.
    #[error("repository name not known to registry")]
    NameUnknown,
    /// No such blob in the repository.
    #[error("blob unknown to registry")]
    BlobUnknown,
    /// A manifest needs the blob.
    #[error("blob is referenced by a manifest")]
    BlobNeeded,
    /// No such manifest, or no such tag.
    #[error("manifest unknown")]
    ManifestUnknown,
    /// The manifest names content that the repository does not have.
    #[error("manifest references unknown content {0}")]
    ManifestBlobUnknown(Digest),
    /// The manifest says two things at once, or nothing.
    #[error("{0}")]
    ManifestInvalid(String),
    /// More than a manifest may have.
    #[error("manifest is larger than 4 MiB")]
    ManifestTooLarge,
    /// The bytes have another digest, or one that cannot be computed.
    #[error("provided digest did not match uploaded content")]
    DigestInvalid,
    /// No such upload in the repository.
    #[error("blob upload unknown to registry")]
    UploadUnknown,
    /// The chunk does not begin where the last one ended; how many bytes are there.
    #[error("chunk out of order")]
    OutOfOrder(u64),
    /// The body broke off; how many bytes are there.
    #[error("upload broke off")]
    BrokenOff(u64),
    /// A lock forbids it.
    #[error("The operation is disallowed on this registry, repository or image.")]
    Locked,
    /// The disk did not do what it should; nothing more is written.
    #[error("storage failed: {0}")]
    Io(#[from] io::Error),
}
