//! A tree on disk, such as `umoci unpack` leaves.

use super::Seen;
use portolan::layers::EntryKind;
use rustix::fs::{lgetxattr, llistxattr, major, minor};
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt, fs::FileTypeExt, fs::MetadataExt},
    path::Path,
};

/// Everything below a folder, which itself has the empty path.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    pub(crate) paths: BTreeMap<Vec<u8>, Seen>,
    /// Names of files that have several, each list sorted.
    pub(crate) groups: Vec<Vec<Vec<u8>>>,
}

/// Walks over a folder without following links.
///
/// # Errors
/// When something cannot be looked at.
pub(crate) fn walk(root: &Path) -> io::Result<Walked> {
    let mut walked = Walked::default();
    let mut inodes: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
    let mut rest = vec![Vec::new()];
    while let Some(path) = rest.pop() {
        let place = root.join(OsStr::from_bytes(&path));
        let meta = fs::symlink_metadata(&place)?;
        if meta.is_dir() {
            for entry in fs::read_dir(&place)? {
                rest.push(below(&path, entry?.file_name().as_bytes()));
            }
        } else if meta.nlink() > 1 {
            inodes.entry(meta.ino()).or_default().push(path.clone());
        }
        walked.paths.insert(path, seen(&place, &meta)?);
    }
    walked.groups = inodes.into_values().filter(|names| names.len() > 1).collect();
    walked.groups.iter_mut().for_each(|names| names.sort());
    walked.groups.sort();
    Ok(walked)
}

fn below(directory: &[u8], name: &[u8]) -> Vec<u8> {
    if directory.is_empty() { name.to_vec() } else { [directory, b"/", name].concat() }
}

fn seen(place: &Path, meta: &fs::Metadata) -> io::Result<Seen> {
    let kind = meta.file_type();
    let (kind, device) = match () {
        () if kind.is_dir() => (EntryKind::Directory, 0),
        () if kind.is_symlink() => (EntryKind::Symlink, 0),
        () if kind.is_char_device() => (EntryKind::CharDevice, meta.rdev()),
        () if kind.is_block_device() => (EntryKind::BlockDevice, meta.rdev()),
        () if kind.is_fifo() => (EntryKind::Fifo, 0),
        () => (EntryKind::File, 0),
    };
    let link =
        if kind == EntryKind::Symlink { fs::read_link(place)?.as_os_str().as_bytes().into() } else { Vec::new() };
    Ok(Seen {
        kind,
        mode: (meta.mode() & 0o7777) as u16,
        uid: meta.uid(),
        gid: meta.gid(),
        size: if kind == EntryKind::File { meta.len() } else { 0 },
        mtime: meta.mtime(),
        link,
        device: (major(device), minor(device)),
        xattrs: xattrs(place)?,
    })
}

fn xattrs(place: &Path) -> io::Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let mut names = vec![0; 64 << 10];
    let length = llistxattr(place, &mut names)?;
    let names = names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let value = |name: &[u8]| -> io::Result<Vec<u8>> {
        let mut value = vec![0; 64 << 10];
        let length = lgetxattr(place, OsStr::from_bytes(name), &mut value)?;
        value.truncate(length);
        Ok(value)
    };
    names.map(|name| Ok((name.to_vec(), value(name)?))).collect()
}
