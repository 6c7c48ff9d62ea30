//! A folder on disk as a build context.

mod walk;

use crate::azure::context::{ContextError, Ignore, Packer, dockerfile_name};
use alloc::{string::String, vec, vec::Vec};
use core::hash::{BuildHasher as _, Hasher as _};
use std::{
    ffi::OsString,
    fs::{self, File},
    hash::RandomState,
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
};
use walk::{Found, Walk};

/// Bytes read of a file at a time.
const PIECE: usize = 64 << 10;

/// What was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Packed {
    /// Name of the Dockerfile in the archive, for `dockerFilePath`.
    pub dockerfile: String,
    /// Bytes of the archive.
    pub size: u64,
    /// Members of the archive.
    pub members: usize,
}

/// Why a folder could not be packed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// A file could not be read.
    #[error("cannot read '{}': {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The archive could not be written.
    #[error("cannot write the archive: {0}")]
    Write(io::Error),
    /// What was found cannot be packed.
    #[error(transparent)]
    Context(#[from] ContextError),
}

/// Packs `folder` into `out` as `az acr build` does, the Dockerfile once more at its end, under a name of its own.
///
/// `dockerfile` is the path of a file, in the folder or elsewhere. Its own ignore file (`Dockerfile.dockerignore` beside
/// `Dockerfile`) comes before the folder's. Members are sorted by name; symbolic links stay links.
///
/// # Errors
/// [`PackError`] if something cannot be read, is neither file, directory nor link, or changes meanwhile.
pub fn pack(folder: &Path, dockerfile: &Path, out: &mut dyn Write) -> Result<Packed, PackError> {
    let ignore = ignore_rules(folder, dockerfile)?;
    let mut archive = Archive { packer: Packer::new(), out, size: 0, members: 0 };
    for found in Walk::new(folder, &ignore) {
        archive.add(&found?)?;
    }
    let name = dockerfile_name(random(), &dockerfile.to_string_lossy());
    archive.add(&Found::at(dockerfile.into(), name.clone().into_bytes())?)?;
    archive.finish(name)
}

/// The rules that hold: those of the Dockerfile, else those of the folder.
fn ignore_rules(folder: &Path, dockerfile: &Path) -> Result<Ignore, PackError> {
    let mut own = OsString::from(dockerfile);
    own.push(".dockerignore");
    if let Some(text) = read_if_there(own.as_ref())? {
        return Ok(Ignore::parse_own(&text)?);
    }
    let text = read_if_there(&folder.join(".dockerignore"))?;
    Ok(text.map_or_else(|| Ok(Ignore::none()), |text| Ignore::parse(&text))?)
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, PackError> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: io::Error) -> PackError {
    PackError::Read { path: path.into(), error }
}

/// A number that nobody else has drawn: the standard library seeds its hashes from the system.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}

struct Archive<'a> {
    packer: Packer,
    out: &'a mut dyn Write,
    size: u64,
    members: usize,
}

impl Archive<'_> {
    fn add(&mut self, found: &Found) -> Result<(), PackError> {
        self.packer.begin(&found.entry)?;
        self.members += 1;
        if found.is_file() {
            self.copy(&found.path)?;
        }
        self.flush()
    }

    fn copy(&mut self, path: &Path) -> Result<(), PackError> {
        let mut file = File::open(path).map_err(|error| unreadable(path, error))?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = file.read(&mut piece).map_err(|error| unreadable(path, error))?;
            if read == 0 {
                return Ok(());
            }
            self.packer.write(piece.get(..read).unwrap_or_default())?;
            self.flush()?;
        }
    }

    fn flush(&mut self) -> Result<(), PackError> {
        let bytes = self.packer.take();
        self.size += bytes.len() as u64;
        self.out.write_all(&bytes).map_err(PackError::Write)
    }

    fn finish(mut self, dockerfile: String) -> Result<Packed, PackError> {
        self.packer.finish()?;
        self.flush()?;
        self.out.flush().map_err(PackError::Write)?;
        Ok(Packed { dockerfile, size: self.size, members: self.members })
    }
}
