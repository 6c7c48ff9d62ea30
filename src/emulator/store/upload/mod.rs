//! Blobs on their way in: sessions that outlive the process, each a file named by its repository and its number.

mod session;
mod sink;

use super::{content::Finished, error::StoreError};
use crate::{Digest, RepositoryName, emulator::random};
use alloc::{collections::BTreeMap, format, string::String, sync::Arc};
use bytes::Bytes;
use core::time::Duration;
use futures_core::Stream;
use session::Session;
use std::{
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// How long an upload may rest before it is forgotten.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 3600);

type Shared = Arc<AsyncMutex<Session>>;

/// The uploads of a store.
pub(super) struct Uploads {
    /// Where they are; in memory without it.
    folder: Option<PathBuf>,
    sessions: Mutex<BTreeMap<String, Shared>>,
}

impl Uploads {
    /// Uploads in memory.
    pub(super) fn in_memory() -> Self {
        Self { folder: None, sessions: Mutex::default() }
    }

    /// Uploads in `folder`, those of an earlier life too.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        let uploads = Self { folder: Some(folder), sessions: Mutex::default() };
        uploads.tidy()?;
        Ok(uploads)
    }

    /// Forgets what nobody has gone on with for long.
    pub(super) fn tidy(&self) -> io::Result<()> {
        let idle = |session: &Shared| session.try_lock().is_ok_and(|session| session.is_idle(PATIENCE));
        self.sessions().retain(|_, session| !idle(session));
        let Some(folder) = &self.folder else { return Ok(()) };
        for file in fs::read_dir(folder)? {
            let file = file?;
            // One that has just been ended is gone.
            let Ok(about) = file.metadata() else { continue };
            if about.modified()?.elapsed().unwrap_or_default() > PATIENCE {
                super::durable::remove_if_any(&file.path())?;
            }
        }
        Ok(())
    }

    /// Begins an upload; its bytes will be hashed as `algorithm` says while they come. Returns its number.
    pub(super) fn start(&self, repository: &RepositoryName, algorithm: &str) -> Result<String, StoreError> {
        let id = random::uuid()?;
        let key = key(repository, &id);
        let session = Session::create(self.path(&key), algorithm)?;
        self.sessions().insert(key, Arc::new(AsyncMutex::new(session)));
        Ok(id)
    }

    /// How many bytes are there.
    pub(super) async fn position(&self, repository: &RepositoryName, id: &str) -> Result<u64, StoreError> {
        Ok(self.enter(&key(repository, id)).await?.position())
    }

    /// Adds bytes, which must begin at `at` if that is given. Returns how many bytes are there then.
    ///
    /// What came before the body broke off stays, so that it can be resumed, even if nobody waits for the answer any more.
    pub(super) async fn write<S, E>(
        &self,
        repository: &RepositoryName,
        id: &str,
        at: Option<u64>,
        body: S,
    ) -> Result<u64, StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Send + 'static,
    {
        let session = self.enter(&key(repository, id)).await?;
        let position = session.position();
        if at.is_some_and(|at| at != position) {
            return Err(StoreError::OutOfOrder(position));
        }
        let written = tokio::spawn(async move { sink::pour(session, body).await });
        written.await.map_err(io::Error::other)?
    }

    /// Ends an upload: its bytes, which have this digest. One that has not is gone.
    pub(super) async fn finish(
        &self,
        repository: &RepositoryName,
        id: &str,
        digest: &Digest,
    ) -> Result<(u64, Finished), StoreError> {
        let key = key(repository, id);
        let session = self.enter(&key).await?;
        self.sessions().remove(&key);
        let finished = tokio::task::spawn_blocking({
            let digest = digest.clone();
            move || session::finish(session, &digest)
        });
        finished.await.map_err(io::Error::other)?
    }

    /// Ends an upload without a blob.
    pub(super) async fn cancel(&self, repository: &RepositoryName, id: &str) -> Result<(), StoreError> {
        let key = key(repository, id);
        let mut session = self.enter(&key).await?;
        self.sessions().remove(&key);
        session.discard()?;
        Ok(())
    }

    /// The session, when nobody else is at it.
    async fn enter(&self, key: &str) -> Result<OwnedMutexGuard<Session>, StoreError> {
        let mut session = self.session(key)?.lock_owned().await;
        session.touch();
        if session.is_over() { Err(StoreError::UploadUnknown) } else { Ok(session) }
    }

    fn session(&self, key: &str) -> Result<Shared, StoreError> {
        let mut sessions = self.sessions();
        if let Some(session) = sessions.get(key) {
            return Ok(Arc::clone(session));
        }
        let path = self.path(key).filter(|path| path.is_file()).ok_or(StoreError::UploadUnknown)?;
        let session = Arc::new(AsyncMutex::new(Session::resume(path)?));
        sessions.insert(key.into(), Arc::clone(&session));
        Ok(session)
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(key))
    }

    fn sessions(&self) -> MutexGuard<'_, BTreeMap<String, Shared>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file's name: an upload belongs to one repository, whose own name may be longer than a file's.
fn key(repository: &RepositoryName, id: &str) -> String {
    let digest = Digest::sha256(repository.as_str().as_bytes());
    let place = digest.encoded().get(..32).unwrap_or_default();
    let legal = id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    // What is no number of ours is the name of no file.
    if legal { format!("{place}.{id}") } else { "no upload".into() }
}
