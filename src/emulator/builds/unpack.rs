//! A context on disk, for builders that want to see it there.

use super::{
    direct::{BYTES, MEMBERS, decompressed, too_large},
    work::Work,
};
use crate::emulator::failure::Failure;
use alloc::format;
use std::{fs::File, path::Path};
use tar::Archive;

/// Unpacks the context into `folder`. Nothing is written outside of it, whatever the archive says.
pub(super) fn unpack(work: &Work<'_>, folder: &Path) -> Result<(), Failure> {
    let mut archive = Archive::new(decompressed(File::open(&work.archive)?)?);
    archive.set_preserve_permissions(true);
    archive.set_overwrite(true);
    let mut left = BYTES;
    for (at, entry) in archive.entries()?.enumerate() {
        work.stop.check()?;
        let mut entry = entry.map_err(unreadable)?;
        left = left.checked_sub(entry.size()).filter(|_| at < MEMBERS).ok_or_else(too_large)?;
        entry.unpack_in(folder).map_err(unreadable)?;
    }
    Ok(())
}

fn unreadable(error: std::io::Error) -> Failure {
    Failure::Failed(format!("the context cannot be unpacked: {error}"))
}
