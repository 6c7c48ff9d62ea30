//! Differences, collected so that one run shows all of them.

use super::yardstick::{Seen, shown};
use portolan::layers::EntryKind;
use std::fmt::Debug;

/// What was compared, and what was found to differ.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) compared: usize,
    found: Vec<String>,
}

impl Report {
    pub(crate) fn note(&mut self, difference: String) {
        self.found.push(difference);
    }

    /// Notes `name` of `path` if ours is another than theirs.
    pub(crate) fn same<T: PartialEq + Debug>(&mut self, place: &str, path: &[u8], name: &str, ours: T, theirs: T) {
        if ours != theirs {
            self.note(format!("{place}: {}: {name} is {ours:?}, and should be {theirs:?}", shown(path)));
        }
    }

    /// Compares everything that both sides tell.
    pub(crate) fn seen(&mut self, place: &str, path: &[u8], ours: &Seen, theirs: &Seen) {
        self.compared += 1;
        self.same(place, path, "type", ours.kind, theirs.kind);
        self.same(place, path, "size", ours.size, theirs.size);
        // Nobody keeps the permissions of a symbolic link.
        if theirs.kind != EntryKind::Symlink {
            self.same(place, path, "mode", ours.mode, theirs.mode);
        }
        self.same(place, path, "owner", (ours.uid, ours.gid), (theirs.uid, theirs.gid));
        self.same(place, path, "link", shown(&ours.link), shown(&theirs.link));
        self.same(place, path, "device", ours.device, theirs.device);
        // Whatever is unpacked into a directory touches it.
        if theirs.kind != EntryKind::Directory {
            self.same(place, path, "time", ours.mtime, theirs.mtime);
        }
    }

    /// Fails with all that was found.
    pub(crate) fn finish(self, least: usize) {
        eprintln!("compared {}", self.compared);
        let first: Vec<&str> = self.found.iter().take(60).map(String::as_str).collect();
        assert!(self.found.is_empty(), "{} differences:\n{}", self.found.len(), first.join("\n"));
        assert!(self.compared >= least, "only {} compared", self.compared);
    }
}
