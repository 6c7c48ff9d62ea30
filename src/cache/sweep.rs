//! Keeping a folder below its bound.

use super::is_ours;
use alloc::vec::Vec;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

struct Kept {
    used: SystemTime,
    size: u64,
    path: PathBuf,
}

/// Throws away the longest unused files until the rest is within `limit` bytes; never `newest`.
pub(super) fn keep_below(folder: &Path, limit: u64, newest: &Path) -> io::Result<()> {
    let mut files = files(folder)?;
    let mut total: u64 = files.iter().map(|file| file.size).fold(0, u64::saturating_add);
    files.sort_by_key(|file| file.used);
    for file in files.iter().filter(|file| file.path != newest) {
        if total <= limit {
            break;
        }
        // Another process may have been faster.
        let _ = fs::remove_file(&file.path);
        total = total.saturating_sub(file.size);
    }
    Ok(())
}

fn files(folder: &Path) -> io::Result<Vec<Kept>> {
    let mut files = Vec::new();
    for identity in fs::read_dir(folder)? {
        let Ok(inside) = fs::read_dir(identity?.path()) else { continue };
        files.extend(inside.flatten().filter_map(kept));
    }
    Ok(files)
}

fn kept(entry: fs::DirEntry) -> Option<Kept> {
    let name = entry.file_name();
    let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
    is_ours(name.to_str()?).then(|| Kept {
        used: about.modified().unwrap_or(SystemTime::UNIX_EPOCH),
        size: about.len(),
        path: entry.path(),
    })
}
