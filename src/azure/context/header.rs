//! Headers of GNU tar: names of any bytes and any length, and sizes beyond 8 GiB, which Go, Python and busybox read alike.

use super::{Entry, EntryKind, error::shown_path};
use crate::azure::context::ContextError;
use alloc::vec::Vec;

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;
/// Bytes of a name in a header.
const NAME: usize = 100;
/// The name of members that hold the next member's name.
const LONG: &[u8] = b"././@LongLink";

/// Writes what comes before a member's contents.
pub(super) fn write(entry: &Entry, out: &mut Vec<u8>) -> Result<(), ContextError> {
    check(&entry.path)?;
    let mut name = entry.path.clone();
    let (flag, size, target): (u8, u64, &[u8]) = match &entry.kind {
        EntryKind::File { size } => (b'0', *size, b""),
        EntryKind::Link { target } => (b'2', 0, target),
        EntryKind::Directory => (b'5', 0, b""),
    };
    if flag == b'5' {
        name.push(b'/');
    }
    if target.contains(&0) {
        return Err(refused(&entry.path, "its target has a NUL"));
    }
    write_long(b'K', target, out);
    write_long(b'L', &name, out);
    let fields = Fields { name: &name, target, flag, size, entry: Some(entry) };
    out.extend_from_slice(&fields.block());
    Ok(())
}

/// Fills the last block of a member with NULs.
pub(super) fn pad(size: u64, out: &mut Vec<u8>) {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    if over > 0 {
        out.resize(out.len() + BLOCK - over, 0);
    }
}

fn check(path: &[u8]) -> Result<(), ContextError> {
    if path.is_empty() {
        return Err(refused(path, "it has no name"));
    }
    if path.contains(&0) {
        return Err(refused(path, "its name has a NUL"));
    }
    let whole = path.split(|byte| *byte == b'/').all(|name| !matches!(name, b"" | b"." | b".."));
    if whole { Ok(()) } else { Err(refused(path, "its path has an empty name, '.' or '..'")) }
}

fn refused(path: &[u8], reason: &'static str) -> ContextError {
    ContextError::Path { path: shown_path(path), reason }
}

/// Writes a name that has no place in a header as a member of its own.
fn write_long(flag: u8, name: &[u8], out: &mut Vec<u8>) {
    if name.len() <= NAME {
        return;
    }
    let size = name.len() as u64 + 1;
    out.extend_from_slice(&Fields { name: LONG, target: b"", flag, size, entry: None }.block());
    out.extend_from_slice(name);
    out.push(0);
    pad(size, out);
}

struct Fields<'a> {
    name: &'a [u8],
    target: &'a [u8],
    flag: u8,
    size: u64,
    entry: Option<&'a Entry>,
}

impl Fields<'_> {
    fn block(&self) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        put(&mut block, 0, self.name.get(..NAME).unwrap_or(self.name));
        put_number(&mut block, 100..108, self.entry.map_or(0, |entry| u64::from(entry.mode & 0o7777)));
        put_number(&mut block, 108..116, self.entry.map_or(0, |entry| u64::from(entry.user)));
        put_number(&mut block, 116..124, self.entry.map_or(0, |entry| u64::from(entry.group)));
        put_number(&mut block, 124..136, self.size);
        put_number(&mut block, 136..148, self.entry.map_or(0, |entry| entry.modified));
        put(&mut block, 148, b"        ");
        put(&mut block, 156, &[self.flag]);
        put(&mut block, 157, self.target.get(..NAME).unwrap_or(self.target));
        put(&mut block, 257, b"ustar  \0");
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        put_number(&mut block, 148..155, sum);
        block
    }
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (place, byte) in block.iter_mut().skip(at).zip(bytes) {
        *place = *byte;
    }
}

/// Octal digits and a NUL; in base 256, with the first bit set, where that is too short.
fn put_number(block: &mut [u8; BLOCK], field: core::ops::Range<usize>, value: u64) {
    let digits = field.len() - 1;
    let Some(field) = block.get_mut(field) else { return };
    if value >> (3 * digits).min(63) != 0 {
        for (place, byte) in field.iter_mut().rev().zip(value.to_le_bytes().into_iter().chain(core::iter::repeat(0))) {
            *place = byte;
        }
        if let Some(first) = field.first_mut() {
            *first |= 0x80;
        }
        return;
    }
    for (at, place) in field.iter_mut().take(digits).rev().enumerate() {
        *place = b'0' + (value >> (3 * at) & 7) as u8;
    }
}
