//! What is known of a blob beside its bytes.

use crate::emulator::clock::Instant;
use alloc::{collections::BTreeMap, string::String};

/// Kinds of blobs, as `x-ms-blob-type` has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum BlobType {
    #[default]
    BlockBlob,
    AppendBlob,
}

impl BlobType {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::BlockBlob => "BlockBlob",
            Self::AppendBlob => "AppendBlob",
        }
    }
}

/// Kept beside a blob.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct About {
    pub(super) kind: BlobType,
    pub(super) created: Instant,
    pub(super) content_type: String,
    #[serde(default)]
    pub(super) metadata: BTreeMap<String, String>,
}

impl About {
    pub(super) fn block(content_type: Option<&str>) -> Self {
        let content_type = content_type.unwrap_or("application/octet-stream").into();
        Self { kind: BlobType::BlockBlob, created: Instant::now(), content_type, metadata: BTreeMap::new() }
    }

    pub(super) fn append() -> Self {
        let content_type = "text/plain; charset=utf-8".into();
        Self { kind: BlobType::AppendBlob, created: Instant::now(), content_type, metadata: BTreeMap::new() }
    }
}
