//! Archives into trees: contexts, layers of base images, and what `ADD` unpacks.

use super::tree::{Node, NodeKind, Tree, base_name, clean, parent};
use crate::emulator::{
    failure::{Failure, Stop},
    scratch::Scratch,
};
use alloc::{boxed::Box, collections::BTreeSet, format, vec::Vec};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
};
use tar::{Archive, Entry, EntryType};

/// Most members of an archive.
pub(in crate::emulator::builds) const MEMBERS: usize = 1_000_000;
/// Most bytes of the files in an archive: 16 GiB.
pub(in crate::emulator::builds) const BYTES: u64 = 16 << 30;

/// How an archive is to be read.
pub(super) struct Reading<'a> {
    /// It is a layer: names that begin with `.wh.` take away.
    pub(super) whiteouts: bool,
    /// Where contents go; nowhere if nobody will ask for them.
    pub(super) spool: Option<&'a Scratch>,
    pub(super) stop: &'a Stop,
}

/// Reads a tar archive, compressed by gzip or not, into `tree`. The whole input is read.
pub(super) fn read(input: impl Read, tree: &mut Tree, reading: &Reading<'_>) -> Result<(), Failure> {
    let mut input = decompressed(input)?;
    let mut archive = Archive::new(&mut input);
    let mut own = BTreeSet::new();
    let mut left = BYTES;
    for (at, entry) in archive.entries()?.enumerate() {
        reading.stop.check()?;
        let mut entry = entry.map_err(unreadable)?;
        left = left.checked_sub(entry.size()).filter(|_| at < MEMBERS).ok_or_else(too_large)?;
        take(&mut entry, tree, &mut own, reading)?;
    }
    // What comes after the archive's end counts for the digest.
    io::copy(&mut input, &mut io::sink())?;
    Ok(())
}

fn unreadable(error: io::Error) -> Failure {
    Failure::Failed(format!("the archive cannot be read: {error}"))
}

pub(in crate::emulator::builds) fn too_large() -> Failure {
    Failure::Failed(format!("the archive has more than {MEMBERS} members, or more than 16 GiB"))
}

/// The first bytes tell how it is compressed.
pub(in crate::emulator::builds) fn decompressed<'a>(input: impl Read + 'a) -> Result<Box<dyn Read + 'a>, Failure> {
    let mut input = BufReader::with_capacity(64 << 10, input);
    let head = input.fill_buf()?;
    if head.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(MultiGzDecoder::new(input)));
    }
    for (magic, name) in [(&b"\x28\xb5\x2f\xfd"[..], "zstd"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz")] {
        if head.starts_with(magic) {
            return Err(Failure::Failed(format!(
                "archives compressed by {name} need buildah on the machine of the emulator"
            )));
        }
    }
    Ok(Box::new(input))
}

/// True if a file is an archive that `ADD` unpacks.
pub(super) fn is_archive(file: File) -> Result<bool, Failure> {
    let mut block = Vec::new();
    decompressed(file)?.take(512).read_to_end(&mut block).or_else(|error| match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Ok(0),
        _ => Err(error),
    })?;
    Ok(block.get(257..262) == Some(b"ustar"))
}

fn take<R: Read>(
    entry: &mut Entry<'_, R>,
    tree: &mut Tree,
    own: &mut BTreeSet<Vec<u8>>,
    reading: &Reading<'_>,
) -> Result<(), Failure> {
    let path = clean(&entry.path_bytes());
    if path.is_empty() {
        return Ok(());
    }
    if reading.whiteouts
        && let Some(name) = base_name(&path).strip_prefix(b".wh.")
    {
        whiteout(tree, parent(&path), name, own);
        return Ok(());
    }
    let Some(folder) = tree.resolve(parent(&path), true) else {
        return Err(Failure::Failed("the archive has links that lead in a circle".into()));
    };
    let path = super::tree::join(&folder, base_name(&path));
    let Some(node) = node(entry, tree, reading)? else { return Ok(()) };
    make_parents(tree, &path);
    own.insert(path.clone());
    tree.put(path, node);
    Ok(())
}

/// Directories that no archive named are there all the same.
fn make_parents(tree: &mut Tree, path: &[u8]) {
    let mut folder = parent(path);
    while !tree.is_directory(folder) {
        tree.put(folder.to_vec(), Node::directory());
        folder = parent(folder);
    }
}

/// Takes away what lower layers have, and never what this one brought.
fn whiteout(tree: &mut Tree, folder: &[u8], name: &[u8], own: &BTreeSet<Vec<u8>>) {
    let Some(folder) = tree.resolve(folder, true) else { return };
    if name != b".wh..opq" {
        let path = super::tree::join(&folder, name);
        if !own.contains(&path) {
            tree.remove(&path);
        }
        return;
    }
    let lower: Vec<Vec<u8>> =
        tree.below(&folder).map(|(path, _)| path.to_vec()).filter(|path| !own.contains(path)).collect();
    for path in lower {
        tree.remove(&path);
    }
}

/// What a member is; nothing for those that are only about others.
fn node<R: Read>(entry: &mut Entry<'_, R>, tree: &Tree, reading: &Reading<'_>) -> Result<Option<Node>, Failure> {
    let header = entry.header();
    let number = |value: io::Result<u64>| value.ok().and_then(|value| u32::try_from(value).ok()).unwrap_or_default();
    let mut node = Node {
        kind: NodeKind::Other,
        mode: header.mode().unwrap_or(0o644) & 0o7777,
        modified: header.mtime().unwrap_or_default(),
        user: number(header.uid()),
        group: number(header.gid()),
    };
    node.kind = match header.entry_type() {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            NodeKind::File { size: entry.size(), content: spooled(entry, reading)? }
        }
        EntryType::Directory => NodeKind::Directory,
        EntryType::Symlink => NodeKind::Link(entry.link_name_bytes().unwrap_or_default().to_vec()),
        EntryType::Link => {
            let target = clean(&entry.link_name_bytes().unwrap_or_default());
            return Ok(tree.resolve(&target, false).and_then(|path| tree.get(&path)).cloned());
        }
        EntryType::Char | EntryType::Block | EntryType::Fifo => NodeKind::Other,
        _ => return Ok(None),
    };
    Ok(Some(node))
}

fn spooled<R: Read>(entry: &mut Entry<'_, R>, reading: &Reading<'_>) -> Result<Option<std::path::PathBuf>, Failure> {
    let Some(spool) = reading.spool else { return Ok(None) };
    let path = spool.fresh()?;
    io::copy(entry, &mut File::create_new(&path)?).map_err(unreadable)?;
    Ok(Some(path))
}
