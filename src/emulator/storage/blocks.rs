//! Names and lists of blocks.

use super::error::{self, StorageError};
use alloc::{string::String, vec::Vec};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Most blocks that a blob can have.
const MOST: usize = 50_000;

/// The file of a block: its id is base64 of at most 64 bytes, and a file's name its hash.
pub(super) fn file_name(id: &str) -> Result<String, StorageError> {
    let bytes = STANDARD.decode(id).map_err(|_| error::BAD_BLOCK)?;
    if bytes.is_empty() || bytes.len() > 64 {
        return Err(error::BAD_BLOCK);
    }
    Ok(crate::Digest::sha256(&bytes).encoded().into())
}

/// The files of the blocks that `<BlockList>` names, in its order. Where a block is looked for (`Latest`, `Uncommitted`) is not
/// asked: blocks are there until they become a blob.
pub(super) fn listed(xml: &[u8]) -> Result<Vec<String>, StorageError> {
    let text = core::str::from_utf8(xml).map_err(|_| error::BAD_LIST)?;
    let (_, mut rest) = text.split_once("<BlockList>").ok_or(error::BAD_LIST)?;
    let mut blocks = Vec::new();
    while let Some(entry) = rest.trim_start().strip_prefix('<').filter(|entry| !entry.starts_with('/')) {
        let (tag, after) = entry.split_once('>').ok_or(error::BAD_LIST)?;
        let (id, after) = after.split_once("</").ok_or(error::BAD_LIST)?;
        let after = after.strip_prefix(tag).and_then(|after| after.strip_prefix('>')).ok_or(error::BAD_LIST)?;
        if !matches!(tag, "Latest" | "Uncommitted") || blocks.len() == MOST {
            return Err(error::BAD_LIST);
        }
        blocks.push(file_name(id).map_err(|_| error::BAD_LIST)?);
        rest = after;
    }
    if rest.trim() == "</BlockList>" { Ok(blocks) } else { Err(error::BAD_LIST) }
}
