//! Layer indexes on disk, so that a second visit downloads nothing.
//!
//! One file for each layer and identity below one folder, written whole or not at all, bounded, the longest unused
//! thrown away first. A file that cannot be read is no index, and is thrown away too.

mod identity;
mod sweep;

pub use identity::Identity;

use crate::{Descriptor, Limits, layers::LayerIndex};
use alloc::{format, vec::Vec};
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Bytes kept where nobody says otherwise: indexes of some 100 GiB of layers.
const DEFAULT_LIMIT: u64 = 1 << 30;
/// Largest file that is read back; an index of a million entries is a tenth of it.
const MAX_FILE: u64 = 512 << 20;
const SUFFIX: &str = "layer";

/// A folder of [`LayerIndex`] files.
///
/// ```
/// use portolan::{Descriptor, Digest, Limits, MediaType, cache::{Identity, IndexCache}};
/// let folder = tempfile::tempdir()?;
/// let cache = IndexCache::new(folder.path());
/// let layer = Descriptor::new(MediaType::OCI_LAYER_GZIP, Digest::sha256(b"layer"), 5);
/// let me = Identity::new(&"https://registry.example".parse().unwrap(), None);
/// assert!(cache.load(&me, &layer, &Limits::DEFAULT).is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IndexCache {
    folder: PathBuf,
    limit: u64,
}

impl IndexCache {
    /// A cache in `folder`, which is made when something is stored, for its owner alone.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), limit: DEFAULT_LIMIT }
    }

    /// The user's cache: `PORTOLAN_CACHE_DIR`, else `portolan` below `XDG_CACHE_HOME`, `LOCALAPPDATA` or `~/.cache`. Nothing
    /// where none of them is set.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let own = variable("PORTOLAN_CACHE_DIR");
        let base = || variable("XDG_CACHE_HOME").or_else(|| variable("LOCALAPPDATA"));
        let home = || variable("HOME").map(|home| home.join(".cache"));
        let folder = own.or_else(|| base().or_else(home).map(|base| base.join("portolan")))?;
        Some(Self::new(folder.join("layers")))
    }

    /// Keeps at most so many bytes.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The index of a layer, if it is there, whole, and that layer's.
    #[must_use]
    pub fn load(&self, identity: &Identity, layer: &Descriptor, limits: &Limits) -> Option<LayerIndex> {
        let path = self.path(identity, layer.digest.as_str());
        let file = File::open(&path).ok()?;
        let index =
            read(&file).ok().and_then(|bytes| LayerIndex::decode(&bytes, &layer.digest, layer.size, limits).ok());
        match index {
            Some(_) => drop(file.set_modified(SystemTime::now())),
            None => drop(fs::remove_file(&path)),
        }
        index
    }

    /// Keeps an index that is whole; others are not worth it. Older ones give way.
    ///
    /// # Errors
    /// Of the file system; the cache is as it was then.
    pub fn store(&self, identity: &Identity, index: &LayerIndex) -> io::Result<()> {
        let Some(bytes) = index.encode().filter(|bytes| bytes.len() as u64 <= self.limit.min(MAX_FILE)) else {
            return Ok(());
        };
        let path = self.path(identity, index.facts.digest.as_str());
        write(&path, &bytes)?;
        sweep::keep_below(&self.folder, self.limit, &path)
    }

    fn path(&self, identity: &Identity, digest: &str) -> PathBuf {
        // A digest's grammar has no separator but this one.
        let name = format!("{}.{SUFFIX}", digest.replace(':', "-"));
        self.folder.join(identity.as_str()).join(name)
    }
}

fn read(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(&mut file, MAX_FILE + 1), &mut bytes)?;
    Ok(bytes)
}

/// Beside its place first, then moved there: nobody ever reads half a file.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make_folder(folder)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let beside = folder.join(format!(".{name}.{}.{}", std::process::id(), unique()));
    let written = create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Two tasks of this process may store the same layer at once.
fn unique() -> usize {
    use core::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}

/// The part of a file's name that says what it is.
fn is_ours(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, suffix)| suffix == SUFFIX)
}

#[cfg(test)]
mod tests;
