//! What lies in a folder, in order.

use super::{PackError, unreadable};
use crate::azure::context::{Entry, EntryKind, Ignore, Verdict};
use alloc::vec::Vec;
use std::{
    ffi::OsString,
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// Something that belongs into the archive.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) entry: Entry,
}

impl Found {
    /// The file at `path`, called so in the archive. A link here means the file that it leads to.
    pub(super) fn at(path: PathBuf, name: Vec<u8>) -> Result<Self, PackError> {
        let about = fs::metadata(&path).map_err(|error| unreadable(&path, error))?;
        Self::new(path, name, &about)
    }

    fn new(path: PathBuf, name: Vec<u8>, about: &Metadata) -> Result<Self, PackError> {
        let kind = about.file_type();
        let entry = if kind.is_dir() {
            Entry::directory(name)
        } else if kind.is_file() {
            Entry::file(name, about.len())
        } else if kind.is_symlink() {
            let target = fs::read_link(&path).map_err(|error| unreadable(&path, error))?;
            Entry::link(name, bytes(target.into_os_string()))
        } else {
            let reason = io::Error::other("it is neither a file, a directory nor a link");
            return Err(unreadable(&path, reason));
        };
        let entry = with_mode(entry.modified(seconds(about)), about);
        Ok(Self { path, entry })
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.entry.kind, EntryKind::File { .. })
    }
}

/// Goes through a folder, directories before their members, members sorted by name.
pub(super) struct Walk<'a> {
    ignore: &'a Ignore,
    /// What is still to be looked at, the next one last.
    waiting: Vec<Waiting>,
    /// A folder whose members are to be looked at next.
    enter: Option<(PathBuf, Vec<u8>, Verdict)>,
}

struct Waiting {
    path: PathBuf,
    name: Vec<u8>,
    parent: Verdict,
}

impl<'a> Walk<'a> {
    pub(super) fn new(folder: &Path, ignore: &'a Ignore) -> Self {
        Self { ignore, waiting: Vec::new(), enter: Some((folder.into(), Vec::new(), ignore.root())) }
    }

    /// The next one that belongs into the archive.
    fn step(&mut self) -> Result<Option<Found>, PackError> {
        loop {
            if let Some((path, name, verdict)) = self.enter.take() {
                self.read(&path, &name, verdict)?;
            }
            let Some(Waiting { path, name, parent }) = self.waiting.pop() else { return Ok(None) };
            let about = fs::symlink_metadata(&path).map_err(|error| unreadable(&path, error))?;
            let verdict = self.ignore.decide(parent, &name, about.is_dir());
            if about.is_dir() && verdict.descend {
                self.enter = Some((path.clone(), name.clone(), verdict));
            }
            if verdict.packed {
                return Found::new(path, name, &about).map(Some);
            }
        }
    }

    fn read(&mut self, folder: &Path, name: &[u8], parent: Verdict) -> Result<(), PackError> {
        let first = self.waiting.len();
        for member in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
            let member = member.map_err(|error| unreadable(folder, error))?;
            let own = bytes(member.file_name());
            let name = if name.is_empty() { own } else { [name, b"/", &own].concat() };
            self.waiting.push(Waiting { path: member.path(), name, parent });
        }
        if let Some(new) = self.waiting.get_mut(first..) {
            new.sort_by(|a, b| b.name.cmp(&a.name));
        }
        Ok(())
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Found, PackError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

fn seconds(about: &Metadata) -> u64 {
    let since = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_secs())
}

#[cfg(unix)]
fn with_mode(entry: Entry, about: &Metadata) -> Entry {
    use std::os::unix::fs::PermissionsExt as _;
    entry.mode(about.permissions().mode() & 0o7777)
}

/// Where files have no such permissions, everything may be run, as `docker build` has it there.
#[cfg(not(unix))]
fn with_mode(entry: Entry, _: &Metadata) -> Entry {
    entry.mode(0o755)
}

#[cfg(unix)]
fn bytes(name: OsString) -> Vec<u8> {
    use std::os::unix::ffi::OsStringExt as _;
    name.into_vec()
}

#[cfg(not(unix))]
fn bytes(name: OsString) -> Vec<u8> {
    name.to_string_lossy().replace('\\', "/").into_bytes()
}
