//! A context on disk, for builders that want to see it there.

use super::{direct::decompressed, work::Work};
use crate::emulator::failure::Failure;
use alloc::format;
use std::{fs::File, path::Path};
use tar::Archive;

/// Most members of a context.
const MEMBERS: usize = 1_000_000;
/// Most bytes of the files in a context: 16 GiB.
const BYTES: u64 = 16 << 30;

/// Unpacks the context into `folder`. Nothing is written outside of it, whatever the archive says.
pub(super) fn unpack(work: &Work<'_>, folder: &Path) -> Result<(), Failure> {
    let mut archive = Archive::new(decompressed(File::open(&work.archive)?)?);
    archive.set_preserve_permissions(true);
    archive.set_overwrite(true);
    let mut left = BYTES;
    for (at, entry) in archive.entries()?.enumerate() {
        work.stop.check()?;
        let mut entry = entry.map_err(unreadable)?;
        let large = || Failure::Failed(format!("the context has more than {MEMBERS} members, or more than 16 GiB"));
        left = left.checked_sub(entry.size()).filter(|_| at < MEMBERS).ok_or_else(large)?;
        entry.unpack_in(folder).map_err(unreadable)?;
    }
    Ok(())
}

fn unreadable(error: std::io::Error) -> Failure {
    Failure::Failed(format!("the context cannot be unpacked: {error}"))
}
