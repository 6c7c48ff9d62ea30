//! The listing: groups of rows, each group column by column.
//!
//! Columns deflate to a third of what rows would, and groups keep the memory for them small.

mod extras;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{plain, write};

/// Rows of one group.
const GROUP: usize = 4096;

/// What a row has beyond its columns: bits of one byte.
const LINK: u8 = 1;
const DEVICE: u8 = 1 << 1;
const XATTRS: u8 = 1 << 2;
/// The body is shorter than the file.
const STORED: u8 = 1 << 3;
/// A fingerprint, in the plain stream.
const PRINT: u8 = 1 << 4;
/// A sha256, in the plain stream.
const DIGEST: u8 = 1 << 5;
/// Digests of parts, in the plain stream.
const PARTS: u8 = 1 << 6;
const REGIONS: u8 = 1 << 7;

/// Where a body most likely begins, if the one before ended at `end`: after padding and one header.
fn expected(end: u64) -> u64 {
    const BLOCK: u64 = 512;
    end.checked_next_multiple_of(BLOCK).and_then(|padded| padded.checked_add(BLOCK)).unwrap_or(end)
}
