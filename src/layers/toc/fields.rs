//! The fields of an entry, as Go programs write them.

use super::time;
use crate::{
    Digest, Error, base64,
    document::{Fields, Path},
    layers::{EntryKind, Flags, Sha256, Xattr},
};
use alloc::{string::String, vec::Vec};

/// The kind of an entry that is called so.
pub(super) fn kind(name: &str) -> Option<EntryKind> {
    Some(match name {
        "reg" => EntryKind::File,
        "dir" => EntryKind::Directory,
        "symlink" => EntryKind::Symlink,
        "hardlink" => EntryKind::Hardlink,
        "char" => EntryKind::CharDevice,
        "block" => EntryKind::BlockDevice,
        "fifo" => EntryKind::Fifo,
        _ => return None,
    })
}

/// A whole number, if there is one.
pub(super) fn whole(fields: &mut Fields<'_>, key: &'static str) -> Result<Option<i64>, Error> {
    let path = fields.path();
    let Some(value) = fields.take(key) else { return Ok(None) };
    value.as_i64().map(Some).ok_or_else(|| Path::Key(path, key).invalid("not a whole number"))
}

/// A position or length; 0 if there is none.
pub(super) fn place(fields: &mut Fields<'_>, key: &'static str) -> Result<u64, Error> {
    let path = fields.path();
    u64::try_from(whole(fields, key)?.unwrap_or_default()).map_err(|_| Path::Key(path, key).invalid("negative"))
}

/// An owner or device number.
pub(super) fn id(fields: &mut Fields<'_>, key: &'static str, flags: &mut Flags) -> Result<u32, Error> {
    let value = whole(fields, key)?.unwrap_or_default();
    Ok(u32::try_from(value).unwrap_or_else(|_| {
        flags.insert(Flags::ID_CLAMPED);
        u32::MAX
    }))
}

/// Seconds since 1970; 0 if there is no date.
pub(super) fn modified(fields: &mut Fields<'_>) -> Result<i64, Error> {
    let path = fields.path();
    match fields.string("modtime")?.as_deref() {
        None | Some("") => Ok(0),
        Some(text) => time::seconds(text).ok_or_else(|| Path::Key(path, "modtime").invalid("not a date")),
    }
}

/// A sha256; nothing if there is none, or one of another algorithm.
pub(super) fn sha256(fields: &mut Fields<'_>, key: &'static str) -> Result<Option<Sha256>, Error> {
    match fields.string(key)?.filter(|text| !text.is_empty()) {
        Some(text) => Ok(text.parse::<Digest>()?.to_sha256()),
        None => Ok(None),
    }
}

/// Extended attributes, in the order of their names.
pub(super) fn xattrs(fields: &mut Fields<'_>) -> Result<Vec<Xattr>, Error> {
    let path = fields.path();
    let wrong = || Path::Key(path, "xattrs").invalid("a value is not base64");
    let all = fields.string_map("xattrs")?.into_iter();
    let xattr = |(name, value): (String, String)| {
        let value = base64::decode(&value, base64::STANDARD).ok_or_else(wrong)?;
        Ok(Xattr { name: name.into_bytes(), value })
    };
    all.map(xattr).collect()
}
