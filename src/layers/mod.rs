//! The files of layers and images: listing, overlay, waste, differences, and reading one file by a range.
//!
//! Everything here is pushed: compressed bytes go in as they come from a [`BlobRead`](crate::op::BlobRead) or a file, entries
//! come out, and no file body is ever kept. What one pass learns is a [`LayerIndex`], which can be written down
//! and later reads any file of the layer with one range request.
//!
//! ```text
//!   compressed chunks ──> Scan ──> LayerIndex ──┬──> ImageTree ──> merged view, changes, waste, search, diff
//!   table of contents ──> toc  ──────┘          └──> FileRead  ──> bytes of one file
//! ```
//!
//! OCI image-spec v1.1, "Image Layer Filesystem Changeset"; RFC 1952, RFC 1951, RFC 8878; POSIX.1-2017 pax.

mod blocks;
mod compare;
mod compress;
mod contents;
mod efficiency;
mod entry;
mod files;
mod hash_table;
mod index;
mod listing;
mod moving;
mod names;
mod paths;
mod read;
mod scan;
mod search;
mod secrets;
mod sort;
mod tar;
mod toc;
mod tree;
mod treemap;

#[cfg(all(feature = "wasm-layers-extra", target_arch = "wasm32"))]
pub(crate) use compress::{Sink, Unpack};

pub use compare::{
    Comparison, Difference, DifferenceFilter, DifferenceKind, DifferenceRow, SharedLayer, SharedLayers, Sum, tags_with,
};
#[cfg(fuzzing)]
#[doc(hidden)]
pub use compress::inflate_alike;
pub use contents::{ContentPart, Region, Sha256};
pub use efficiency::{BuriedSecret, Waste, WastePath};
pub use entry::{Entry, EntryKind, Flags, Whiteout, Xattr};
pub use files::ImageFiles;
#[cfg(any(feature = "wasm-layers", feature = "wasm-layers-extra"))]
pub(crate) use index::Encoded;
pub use index::{Checkpoint, CheckpointKind, IndexError, LayerFacts, LayerIndex, Source};
pub use listing::{EntryRef, Listing, RowId};
pub use paths::{NodeId, Paths};
pub use read::{FileRead, Proof, ReadOutcome};
pub use scan::{Scan, ScanOptions};
pub use search::{Query, Search};
pub use toc::{TocNext, TocPlan};
pub use tree::{
    Aspects, Change, FileRow, Filter, ImageTree, Order, Page, PathEvent, Rows, Selection, SortBy, Total, TreeLayer,
    UnknownOrder, View,
};
pub use treemap::{Rest, TreemapBox, TreemapSize};
