//! The same rules by brute force: a map of paths, to which every entry is applied by looking at all of it.

use super::super::{EntryKind, Listing};
use crate::layers::Entry;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

pub(super) type Path = Vec<String>;

/// One entry of a made-up layer.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) path: Path,
    pub(super) kind: EntryKind,
    pub(super) mode: u16,
    pub(super) size: u64,
    pub(super) link: String,
}

/// What an entry says that counts, with the place of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) kind: EntryKind,
    pub(super) mode: u16,
    pub(super) size: u64,
    pub(super) link: String,
    pub(super) body: (usize, usize),
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) kind: EntryKind,
    pub(super) means: Option<Meaning>,
    /// Permissions and target as the entry says.
    pub(super) own: (u16, String),
    pub(super) layer: usize,
    pub(super) implied: bool,
}

pub(super) type Files = BTreeMap<Path, Thing>;

pub(super) fn listing(lines: &[Line]) -> Listing {
    let mut listing = Listing::new();
    for (at, line) in lines.iter().enumerate() {
        let row = listing.push(&Entry {
            path: line.path.join("/").as_bytes(),
            kind: line.kind,
            mode: line.mode,
            size: line.size,
            stored: line.size,
            offset: at as u64,
            link: line.link.as_bytes(),
            ..Entry::default()
        });
        listing.set_print(row.unwrap(), line.size + 1);
    }
    listing
}

fn implied(layer: usize) -> Thing {
    let means =
        Meaning { kind: EntryKind::Directory, mode: 0o755, size: 0, link: String::new(), body: (layer, usize::MAX) };
    Thing { kind: EntryKind::Directory, means: Some(means), own: (0o755, String::new()), layer, implied: true }
}

pub(super) fn empty() -> Files {
    [(Path::new(), implied(0))].into()
}

fn is_directory(files: &Files, path: &[String]) -> bool {
    files.get(path).is_some_and(|thing| thing.kind == EntryKind::Directory)
}

fn split(text: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    text.split('/').filter(|part| !part.is_empty() && *part != ".").map(ToString::to_string)
}

fn resolve(files: &Files, path: &[String], follow: bool) -> Option<Path> {
    let mut rest: Vec<String> = path.iter().rev().cloned().collect();
    let (mut at, mut hops) = (Path::new(), 0);
    while let Some(part) = rest.pop() {
        match part.as_str() {
            ".." => drop(at.pop()),
            "/" => at.clear(),
            _ => {
                at.push(part);
                let means = files.get(&at).and_then(|thing| thing.means.as_ref());
                let link = means.filter(|means| means.kind == EntryKind::Symlink && follow);
                if let Some(link) = link.map(|means| means.link.clone()) {
                    hops += 1;
                    at.pop();
                    rest.extend(split(&link).rev());
                    rest.extend(link.starts_with('/').then(|| String::from("/")));
                }
            }
        }
        if hops > 255 {
            return None;
        }
    }
    Some(at)
}

fn lead(files: &Files, path: &[String]) -> Path {
    resolve(files, path, true).or_else(|| resolve(files, path, false)).unwrap()
}

fn remove(files: &mut Files, path: &[String]) {
    files.retain(|other, _| !other.starts_with(path));
}

pub(super) fn apply(files: &mut Files, layer: usize, lines: &[Line]) {
    let mut upper = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((name, parent)) = line.path.split_last() else {
            if line.kind == EntryKind::Directory {
                put(files, Path::new(), line, layer, at);
            }
            continue;
        };
        let parent = lead(files, parent);
        if let Some(hidden) = name.strip_prefix(".wh.") {
            hide(files, &parent, hidden, &upper);
            continue;
        }
        for depth in 1..=parent.len() {
            let above = &parent[..depth];
            if !is_directory(files, above) {
                remove(files, above);
                files.insert(above.to_vec(), implied(layer));
            }
        }
        let path = [parent, [name.clone()].to_vec()].concat();
        put(files, path.clone(), line, layer, at);
        upper.extend((0..=path.len()).map(|depth| path[..depth].to_vec()));
    }
}

fn hide(files: &mut Files, parent: &[String], hidden: &str, upper: &BTreeSet<Path>) {
    let opaque = hidden == ".wh..opq";
    if !opaque && (hidden.is_empty() || hidden.starts_with(".wh.")) {
        return;
    }
    let target = if opaque { parent.to_vec() } else { [parent, &[hidden.to_string()]].concat() };
    let meant = |path: &Path| path.starts_with(&target) && !(opaque && *path == target);
    files.retain(|path, _| !meant(path) || upper.contains(path));
}

fn put(files: &mut Files, path: Path, line: &Line, layer: usize, at: usize) {
    if line.kind != EntryKind::Directory || !is_directory(files, &path) {
        remove(files, &path);
    }
    let own = Meaning { kind: line.kind, mode: line.mode, size: line.size, link: line.link.clone(), body: (layer, at) };
    let means = if line.kind == EntryKind::Hardlink { target(files, &line.link) } else { Some(own) };
    files.insert(path, Thing { kind: line.kind, means, own: (line.mode, line.link.clone()), layer, implied: false });
}

fn target(files: &Files, link: &str) -> Option<Meaning> {
    let mut parts = Path::new();
    for part in split(link) {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let (name, parent) = parts.split_last()?;
    let path = [lead(files, parent), [name.clone()].to_vec()].concat();
    files.get(&path).filter(|thing| thing.kind != EntryKind::Directory)?.means.clone()
}

/// What a layer did to each path it touched, by what was there before and after.
pub(super) fn changes(before: &Files, after: &Files, layer: usize) -> BTreeMap<String, &'static str> {
    let mut changes = BTreeMap::new();
    for (path, thing) in after.iter().filter(|(_, thing)| thing.layer == layer) {
        if path.is_empty() && thing.implied {
            continue;
        }
        let old = before.get(path).filter(|_| layer > 0);
        let change = old.map_or("added", |old| if same_things(old, thing) { "unchanged" } else { "changed" });
        changes.insert(path.join("/"), change);
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        changes.insert(path.join("/"), "deleted");
    }
    changes
}

/// True if two things are the same but for their time.
pub(super) fn same_things(a: &Thing, b: &Thing) -> bool {
    match (&a.means, &b.means) {
        (Some(a), Some(b)) => same(a, b),
        // Links to nothing: all that is known is where they lead and what the link's own header says.
        (None, None) => a.own == b.own,
        _ => false,
    }
}

fn same(a: &Meaning, b: &Meaning) -> bool {
    let mode = a.kind == EntryKind::Symlink || a.mode == b.mode;
    a.kind == b.kind && a.size == b.size && mode && (a.kind == EntryKind::File || a.link == b.link)
}

/// Bytes of all contents below a directory, and how many paths are no directories.
pub(super) fn total(files: &Files, directory: &[String]) -> (u64, u32) {
    let below =
        || files.iter().filter(|(path, thing)| path.starts_with(directory) && thing.kind != EntryKind::Directory);
    let contents = below().filter_map(|(_, thing)| thing.means.as_ref()).map(|means| (means.body, means.size));
    (contents.collect::<BTreeMap<_, _>>().values().sum(), below().count() as u32)
}

pub(super) fn text(path: &Path, thing: &Thing) -> String {
    let means = thing.means.as_ref().map(|m| format!("{} {:o} {} {}", m.kind.as_str(), m.mode, m.size, m.link));
    let means = means.unwrap_or_default();
    format!("{} {} [{means}] {} {}", path.join("/"), thing.kind.as_str(), thing.layer, thing.implied)
}
