//! Removing folders in which programs worked that mount file systems, and may have been killed before they took them away.

use std::{fs, io, path::Path};

/// Removes a folder with all that is in it. What is mounted in it is let go first, and stays what it is; if that fails, nothing
/// is removed.
pub(crate) fn remove(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    linux::let_go(&folder.canonicalize()?)?;
    fs::remove_dir_all(folder)
}

/// Removes a folder; what still works in it, for an emulator that was killed, is ended.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    super::orphans::end(&folder.canonicalize()?)?;
    remove(folder)
}

/// An empty folder, whatever was there.
pub(crate) fn renew(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        clear(folder)?;
    }
    fs::create_dir(folder)
}

#[cfg(target_os = "linux")]
mod linux {
    use alloc::{string::String, vec::Vec};
    use rustix::mount::{UnmountFlags, unmount};
    use std::{
        ffi::OsString,
        fs, io,
        os::unix::ffi::OsStringExt as _,
        path::{Path, PathBuf},
    };

    /// Unmounts what is mounted in a folder, the last first.
    pub(super) fn let_go(folder: &Path) -> io::Result<()> {
        while let Some(place) = last(folder)? {
            let done = unmount(&place, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW);
            // A program that is ending may have been faster.
            if done.is_err() && last(folder)?.as_ref() == Some(&place) {
                done?;
            }
        }
        Ok(())
    }

    /// What was mounted last of what is mounted in a folder.
    fn last(folder: &Path) -> io::Result<Option<PathBuf>> {
        let table = fs::read("/proc/self/mountinfo")?;
        Ok(places(&table).into_iter().rfind(|place| place.starts_with(folder)))
    }

    /// Where something is mounted: the fifth field of each line, in which blanks and the like are octal (proc_pid_mountinfo(5)).
    fn places(table: &[u8]) -> Vec<PathBuf> {
        let fields = table.split(|byte| *byte == b'\n').filter_map(|line| line.split(|byte| *byte == b' ').nth(4));
        fields.map(|field| PathBuf::from(OsString::from_vec(plain(field)))).collect()
    }

    fn plain(mut field: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        while let [first, rest @ ..] = field {
            let octal = rest.get(..3).filter(|_| *first == b'\\').map(|digits| String::from_utf8_lossy(digits));
            let byte = octal.and_then(|digits| u8::from_str_radix(&digits, 8).ok());
            plain.push(byte.unwrap_or(*first));
            field = if byte.is_some() { rest.get(3..).unwrap_or_default() } else { rest };
        }
        plain
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::process::Command;

        #[test]
        fn finds_where_something_is_mounted() {
            let table = b"22 1 0:21 / /proc rw - proc proc rw\n36 35 98:0 /mnt1 /mnt/a\\040b\\134c rw,noatime master:1 - ext3 /dev/root rw\n\n";
            assert_eq!(places(table), [Path::new("/proc"), Path::new("/mnt/a b\\c")]);
        }

        #[test]
        fn what_is_mounted_is_let_go_and_not_removed() {
            let base = tempfile::tempdir().unwrap();
            let [kept, gone] = ["kept", "gone by"].map(|name| base.path().join(name));
            let inner = gone.join("inner");
            fs::create_dir_all(&inner).unwrap();
            fs::create_dir(&kept).unwrap();
            fs::write(kept.join("file"), "kept").unwrap();
            // Only root may mount; others find out that a folder without mounts is removed.
            let mounted = Command::new("mount").arg("--bind").args([&kept, &inner]).status();
            let mounted = mounted.is_ok_and(|status| status.success());
            assert_eq!(inner.join("file").exists(), mounted);
            super::super::renew(&gone).unwrap();
            assert_eq!(fs::read_dir(&gone).unwrap().count(), 0);
            super::super::remove(&gone).unwrap();
            assert!(!gone.exists());
            assert_eq!(fs::read(kept.join("file")).unwrap(), b"kept");
        }
    }
}
