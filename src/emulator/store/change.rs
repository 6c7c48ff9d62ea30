//! What happens in a store, as it is written down and told to others.

use crate::{
    Digest, RepositoryName, Tag,
    emulator::{clock::Instant, options::RegionName},
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// When and where something was decided first. The later one wins; of equals, the region that is later in the alphabet.
///
/// A store's instants only go up, and are always later than any that it has seen from elsewhere: who overwrites what
/// they could see wins, whatever the clocks say.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// When.
    pub(crate) instant: Instant,
    /// Where.
    pub(crate) region: RegionName,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// Its number in the store that it was read from.
    pub(crate) sequence: u64,
    /// When and where it was decided: kept on the way through other regions.
    pub(crate) stamp: Stamp,
    /// The repository that it is about.
    pub(crate) repository: RepositoryName,
    /// What it was.
    pub(crate) what: What,
}

/// What happened in a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "one at a time, and most are manifests")]
pub(crate) enum What {
    /// All that it had is gone, and it too.
    Deleted,
    /// A blob may be used in it, and has this size.
    BlobLinked(Digest, u64),
    /// A blob was deleted from it.
    BlobDeleted(Digest),
    /// Nothing used a blob any more: told to nobody, each region tidies up by itself.
    BlobReclaimed(Digest),
    /// A manifest was pushed.
    ManifestPut(Digest, ManifestFacts),
    /// A manifest was deleted.
    ManifestDeleted(Digest),
    /// A tag was set.
    TagSet(Tag, TagFacts),
    /// A tag was removed.
    TagRemoved(Tag),
    /// What may be done was changed.
    Attributes(Subject, Attributes),
}

/// What attributes belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Subject {
    /// The repository.
    Repository,
    /// One of its tags.
    Tag(Tag),
    /// One of its manifests.
    Manifest(Digest),
}

/// What may be done (`changeableAttributes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attributes {
    /// Deleting.
    pub(crate) delete_enabled: bool,
    /// Overwriting, and deleting too.
    pub(crate) write_enabled: bool,
    /// Pulling.
    pub(crate) read_enabled: bool,
    /// Being seen in lists.
    pub(crate) list_enabled: bool,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { delete_enabled: true, write_enabled: true, read_enabled: true, list_enabled: true }
    }
}

impl Attributes {
    /// True if it may be deleted.
    pub(crate) const fn deletable(&self) -> bool {
        self.delete_enabled && self.write_enabled
    }
}

/// Those attributes that are to change: the body of a PATCH.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttributesPatch {
    delete_enabled: Option<bool>,
    write_enabled: Option<bool>,
    read_enabled: Option<bool>,
    list_enabled: Option<bool>,
}

impl AttributesPatch {
    /// `attributes` with these changes.
    pub(crate) fn apply(&self, attributes: Attributes) -> Attributes {
        Attributes {
            delete_enabled: self.delete_enabled.unwrap_or(attributes.delete_enabled),
            write_enabled: self.write_enabled.unwrap_or(attributes.write_enabled),
            read_enabled: self.read_enabled.unwrap_or(attributes.read_enabled),
            list_enabled: self.list_enabled.unwrap_or(attributes.list_enabled),
        }
    }
}

/// What is known of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TagFacts {
    /// The manifest that it names.
    pub(crate) digest: Digest,
    /// When it was set first.
    pub(crate) created: Instant,
    /// When it was set last.
    pub(crate) updated: Instant,
}

/// What is known of a manifest beside its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManifestFacts {
    /// Its type, as pushed.
    pub(crate) media_type: String,
    /// Size of the document, bytes.
    pub(crate) size: u64,
    /// Size of what it names: config and layers, or the document itself for an index.
    pub(crate) image_size: u64,
    /// When it was pushed first.
    pub(crate) created: Instant,
    /// When it was pushed last.
    pub(crate) updated: Instant,
    /// Processor architecture, from the config.
    pub(crate) architecture: Option<String>,
    /// Operating system, from the config.
    pub(crate) os: Option<String>,
    /// Type of the config.
    pub(crate) config_media_type: Option<String>,
    /// What kind of artifact it is, as the referrers API counts it.
    pub(crate) artifact_type: Option<String>,
    /// Annotations, as the referrers API repeats them.
    pub(crate) annotations: BTreeMap<String, String>,
    /// The manifest that it refers to, which need not be there.
    pub(crate) subject: Option<Digest>,
    /// Blobs that it needs, with their sizes.
    pub(crate) blobs: Vec<(Digest, u64)>,
    /// Manifests that it needs.
    pub(crate) manifests: Vec<Child>,
}

/// A manifest in an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Child {
    /// Its digest.
    pub(crate) digest: Digest,
    /// Processor architecture that the index names.
    pub(crate) architecture: Option<String>,
    /// Operating system that the index names.
    pub(crate) os: Option<String>,
}
