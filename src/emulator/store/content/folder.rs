//! Content as files: `blobs/<algorithm>/<first two digits>/<digits>`, and what is on its way in `uploads`.

use crate::{
    Digest,
    emulator::store::durable::{make_folder, remove_if_any, sync_folder},
};
use alloc::{format, vec::Vec};
use bytes::Bytes;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// What begins the names of files that mean nothing after a restart.
const PASSING: &str = "new-";

/// Content in a folder.
pub(in super::super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Content in `root`; what a kill left half done is removed.
    pub(in super::super) fn open(root: &Path) -> io::Result<Self> {
        let folder = Self { root: root.into() };
        make_folder(&folder.root.join("blobs"))?;
        make_folder(&folder.uploads())?;
        for file in fs::read_dir(folder.uploads())? {
            let file = file?;
            if file.file_name().to_string_lossy().starts_with(PASSING) {
                remove_if_any(&file.path())?;
            }
        }
        Ok(folder)
    }

    /// Where uploads are.
    pub(in super::super) fn uploads(&self) -> PathBuf {
        self.root.join("uploads")
    }

    /// The file of a digest, whether it is there or not. A digest's grammar has nothing that could lead elsewhere.
    pub(super) fn path(&self, digest: &Digest) -> PathBuf {
        let encoded = digest.encoded();
        let shard = encoded.get(..2).unwrap_or(encoded);
        self.root.join("blobs").join(digest.algorithm()).join(shard).join(encoded)
    }

    /// Gives a durable file its name, durably.
    pub(super) fn publish(&self, digest: &Digest, file: &Path) -> io::Result<()> {
        let path = self.path(digest);
        let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        make_folder(folder)?;
        fs::rename(file, &path)?;
        sync_folder(folder)
    }

    /// Writes a small file, durably.
    pub(super) fn write(&self, digest: &Digest, chunks: &[Bytes]) -> io::Result<()> {
        let new = self.passing()?;
        let mut file = File::create_new(&new)?;
        for chunk in chunks {
            file.write_all(chunk)?;
        }
        file.sync_data()?;
        self.publish(digest, &new)
    }

    /// A second name for a durable file; its bytes are copied where the file system can't do that.
    pub(super) fn link(&self, digest: &Digest, file: &Path) -> io::Result<()> {
        let new = self.passing()?;
        if fs::hard_link(file, &new).is_err() {
            fs::copy(file, &new)?;
            File::open(&new)?.sync_all()?;
        }
        self.publish(digest, &new)
    }

    /// All content that is there.
    pub(in super::super) fn all(&self) -> io::Result<Vec<Digest>> {
        let mut digests = Vec::new();
        for algorithm in fs::read_dir(self.root.join("blobs"))? {
            let algorithm = algorithm?;
            for shard in fs::read_dir(algorithm.path())? {
                for file in fs::read_dir(shard?.path())? {
                    let text =
                        format!("{}:{}", algorithm.file_name().to_string_lossy(), file?.file_name().to_string_lossy());
                    digests.extend(text.parse::<Digest>());
                }
            }
        }
        Ok(digests)
    }

    fn passing(&self) -> io::Result<PathBuf> {
        Ok(self.uploads().join(format!("{PASSING}{}", crate::emulator::random::hex::<16>()?)))
    }
}
