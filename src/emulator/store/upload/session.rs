//! One upload.

use crate::{
    Digest,
    digest::Hasher,
    emulator::store::{content::Finished, durable::remove_if_any, error::StoreError},
};
use alloc::vec::Vec;
use bytes::Bytes;
use core::{mem, time::Duration};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::PathBuf,
    thread,
    time::Instant,
};

/// Bytes after which those before are sent to the disk: the last wait is short then.
const SYNC_EVERY: u64 = 32 << 20;
/// How long a file's running hash is kept for whoever goes on.
const RESUMED: Duration = Duration::from_secs(3600);
/// Bytes read at a time where a hash has to be computed anew.
const PIECE: usize = 1 << 20;

/// One upload.
pub(super) struct Session {
    position: u64,
    /// Of all bytes so far, if they all came in this life.
    hasher: Option<(&'static str, Hasher)>,
    place: Place,
    /// When somebody was at it last.
    used: Instant,
}

enum Place {
    Memory(Vec<Bytes>),
    File(Part),
    Over,
}

struct Part {
    path: PathBuf,
    /// Open while bytes come.
    file: Option<File>,
    unsynced: u64,
    syncing: Option<thread::JoinHandle<()>>,
}

impl Session {
    /// An upload without bytes, in a new file or in memory.
    pub(super) fn create(path: Option<PathBuf>, algorithm: &str) -> Result<Self, StoreError> {
        let algorithm = if algorithm == "sha512" { "sha512" } else { "sha256" };
        let hasher = Hasher::for_algorithm(algorithm).map(|hasher| (algorithm, hasher));
        let place = match path {
            Some(path) => {
                File::create_new(&path)?;
                Place::File(Part::at(path))
            }
            None => Place::Memory(Vec::new()),
        };
        Ok(Self { position: 0, hasher, place, used: Instant::now() })
    }

    /// An upload of an earlier life.
    pub(super) fn resume(path: PathBuf) -> io::Result<Self> {
        let position = path.metadata()?.len();
        Ok(Self { position, hasher: None, place: Place::File(Part::at(path)), used: Instant::now() })
    }

    /// How many bytes are there.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    /// True if it was ended while this was waited for.
    pub(super) const fn is_over(&self) -> bool {
        matches!(self.place, Place::Over)
    }

    /// Adds bytes: hashed and written.
    pub(super) fn write(&mut self, chunks: Vec<Bytes>) -> io::Result<()> {
        if let Some((_, hasher)) = &mut self.hasher {
            for chunk in &chunks {
                hasher.update(chunk);
            }
        }
        let length = chunks.iter().map(Bytes::len).sum::<usize>() as u64;
        match &mut self.place {
            Place::Memory(memory) => memory.extend(chunks),
            Place::File(file) => file.write(&chunks, length).inspect_err(|_| self.hasher = None)?,
            Place::Over => return Err(io::ErrorKind::NotFound.into()),
        }
        self.position = self.position.saturating_add(length);
        Ok(())
    }

    /// Somebody is at it.
    pub(super) fn touch(&mut self) {
        self.used = Instant::now();
    }

    /// True if it can be forgotten: a file says all again when somebody asks, until it is older than `patience`; bytes
    /// in memory are lost.
    pub(super) fn is_idle(&self, patience: Duration) -> bool {
        let files = matches!(self.place, Place::File(_));
        self.is_over() || self.used.elapsed() > if files { patience.min(RESUMED) } else { patience }
    }

    /// Nobody writes for now.
    pub(super) fn rest(&mut self) {
        self.touch();
        if let Place::File(file) = &mut self.place {
            file.file = None;
        }
    }

    /// Ends it, and forgets its bytes.
    pub(super) fn discard(&mut self) -> io::Result<()> {
        match mem::replace(&mut self.place, Place::Over) {
            Place::File(file) => remove_if_any(&file.path),
            _ => Ok(()),
        }
    }

    fn digest(&mut self, algorithm: &str) -> Result<Digest, StoreError> {
        match self.hasher.take() {
            Some((name, hasher)) if name == algorithm => Ok(hasher.finish()),
            _ => self.hash_anew(algorithm),
        }
    }

    fn hash_anew(&self, algorithm: &str) -> Result<Digest, StoreError> {
        let mut hasher = Hasher::for_algorithm(algorithm).ok_or(StoreError::DigestInvalid)?;
        match &self.place {
            Place::Memory(chunks) => chunks.iter().for_each(|chunk| hasher.update(chunk)),
            Place::File(file) => hash_file(&file.path, &mut hasher)?,
            Place::Over => return Err(StoreError::UploadUnknown),
        }
        Ok(hasher.finish())
    }
}

/// Ends an upload: its size, and its bytes, which have this digest and are durable. If they have another, they are gone.
pub(super) fn finish(
    mut session: impl core::ops::DerefMut<Target = Session>,
    digest: &Digest,
) -> Result<(u64, Finished), StoreError> {
    if !digest.is_verifiable() || session.digest(digest.algorithm())? != *digest {
        session.discard()?;
        return Err(StoreError::DigestInvalid);
    }
    let finished = match mem::replace(&mut session.place, Place::Over) {
        Place::Memory(chunks) => Finished::Chunks(chunks),
        Place::File(file) => Finished::File(file.sync()?),
        Place::Over => return Err(StoreError::UploadUnknown),
    };
    Ok((session.position, finished))
}

fn hash_file(path: &PathBuf, hasher: &mut Hasher) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        piece.clear();
        if (&mut file).take(PIECE as u64).read_to_end(&mut piece)? == 0 {
            return Ok(());
        }
        hasher.update(&piece);
    }
}

impl Part {
    const fn at(path: PathBuf) -> Self {
        Self { path, file: None, unsynced: 0, syncing: None }
    }

    fn open(&mut self) -> io::Result<&File> {
        if self.file.is_none() {
            self.file = Some(OpenOptions::new().append(true).open(&self.path)?);
        }
        self.file.as_ref().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&mut self, chunks: &[Bytes], length: u64) -> io::Result<()> {
        let mut file = self.open()?;
        for chunk in chunks {
            file.write_all(chunk)?;
        }
        self.unsynced = self.unsynced.saturating_add(length);
        if self.unsynced >= SYNC_EVERY {
            self.sync_ahead()?;
        }
        Ok(())
    }

    /// Begins to make durable what is there, unless that is under way.
    fn sync_ahead(&mut self) -> io::Result<()> {
        if self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished()) {
            return Ok(());
        }
        let file = self.open()?.try_clone()?;
        // If it fails, the last one fails as well, and says so.
        self.syncing = Some(thread::Builder::new().name("sync".into()).spawn(move || drop(file.sync_data()))?);
        self.unsynced = 0;
        Ok(())
    }

    /// Makes all of it durable.
    fn sync(mut self) -> io::Result<PathBuf> {
        self.open()?.sync_data()?;
        if let Some(syncing) = self.syncing.take() {
            let _ = syncing.join();
        }
        Ok(self.path)
    }
}
