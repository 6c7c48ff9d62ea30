//! The management side: one document that says what there is and who may do what.
//!
//! It is small, and is written whole at each change (temporary file, fsync, rename) before the change is answered.

mod directory;
mod document;
mod groups;
mod registry;
mod replication;
pub(crate) mod rights;
pub(crate) mod roles;
mod sku;
mod token;

pub(crate) use directory::{Application, Directory, Kind, Password, Principal};
pub(crate) use document::{Document, SystemData, within};
pub(crate) use groups::Group;
pub(crate) use registry::{Policies, Registry};
pub(crate) use replication::Replication;
pub(crate) use roles::{Assignment, Definition};
pub(crate) use sku::Sku;
pub(crate) use token::{ScopeMap, Token, TokenPassword};

use super::files;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The document, and where it is kept.
pub(crate) struct State {
    document: Mutex<Document>,
    file: Option<PathBuf>,
}

impl State {
    /// Reads `state.json` in `folder`; where there is none, `first` says how everything begins.
    pub(crate) fn open(folder: Option<&Path>, first: impl FnOnce() -> io::Result<Document>) -> io::Result<Self> {
        let file = folder.map(|folder| folder.join("state.json"));
        let kept = file.as_deref().map(files::read).transpose()?.flatten();
        let document = match &kept {
            Some(bytes) => serde_json::from_slice(bytes)?,
            None => first()?,
        };
        let state = Self { document: Mutex::new(document), file };
        if kept.is_none() {
            state.write(&state.lock())?;
        }
        Ok(state)
    }

    /// Looks something up.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Document) -> T) -> T {
        look(&self.lock())
    }

    /// Changes something, all or nothing: what `act` did is on the disk when this returns.
    pub(crate) fn change<T, E: From<io::Error>>(
        &self,
        act: impl FnOnce(&mut Document) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut document = self.lock();
        let mut changed = document.clone();
        let answer = act(&mut changed)?;
        if changed != *document {
            self.write(&changed)?;
            *document = changed;
        }
        Ok(answer)
    }

    /// Changes what is found out again after a restart: in memory, until something else is written.
    pub(crate) fn note(&self, act: impl FnOnce(&mut Document)) {
        act(&mut self.lock());
    }

    fn write(&self, document: &Document) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        files::replace_secret(file, &serde_json::to_vec_pretty(document)?)
    }

    /// A panic elsewhere leaves the document as it was: changes are made to a copy.
    fn lock(&self) -> MutexGuard<'_, Document> {
        self.document.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let first = || Ok(Document::empty("t".into(), "s".into()));
        let state = State::open(Some(folder.path()), first).unwrap();
        state
            .change(|document| {
                document.ports.insert("arm".into(), 1);
                io::Result::Ok(())
            })
            .unwrap();
        let failed: io::Result<()> = state.change(|document| {
            document.ports.clear();
            Err(io::Error::other("no"))
        });
        assert!(failed.is_err());
        drop(state);
        let again = State::open(Some(folder.path()), || panic!("there is a file")).unwrap();
        assert_eq!(again.read(|document| document.ports.get("arm").copied()), Some(1));
    }

    #[test]
    fn a_broken_document_is_no_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("state.json"), "{").unwrap();
        assert!(State::open(Some(folder.path()), || panic!("there is a file")).is_err());
    }
}
