//! Reads the file, and reads it again when it is another one.

use super::{Faults, FaultsError};
use alloc::{string::ToString as _, vec::Vec};
use core::time::Duration;
use std::{io, path::PathBuf};
use tokio::{fs, time::sleep};

/// Time between two looks at the file.
const LOOK: Duration = Duration::from_millis(500);

impl Faults {
    /// Reads a faults file. It is read again, when it changes, by whoever runs the [`Follow`].
    ///
    /// # Errors
    /// If it cannot be read, or says something that no faults file can say.
    pub(crate) fn from_file(file: PathBuf) -> Result<(Self, Follow), FaultsError> {
        let faults = Self::default();
        let bytes = std::fs::read(&file).map_err(|source| FaultsError::File { file: file.clone(), source })?;
        faults.replace(&bytes)?;
        let follow = Follow { faults: faults.clone(), file, known: Some(bytes) };
        Ok((faults, follow))
    }
}

/// Keeps faults as their file has them.
pub(crate) struct Follow {
    faults: Faults,
    file: PathBuf,
    /// What it held when it was looked at last.
    known: Option<Vec<u8>>,
}

impl Follow {
    /// For ever. A file that cannot be used leaves the faults as they were, and is told at `GET /emulator/faults`.
    pub(crate) async fn run(mut self) {
        loop {
            sleep(LOOK).await;
            // Whole, since two changes in one tick of the file system's clock look alike from outside.
            let found = fs::read(&self.file).await;
            if found.as_ref().ok() != self.known.as_ref() {
                self.take(found);
            }
        }
    }

    fn take(&mut self, found: io::Result<Vec<u8>>) {
        let taken = match &found {
            Ok(bytes) => self.faults.replace(bytes),
            Err(error) => Err(FaultsError::File { file: self.file.clone(), source: error.kind().into() }),
        };
        if let Err(error) = taken {
            self.faults.0.state.send_modify(|state| state.trouble = Some(error.to_string()));
        }
        self.known = found.ok();
    }
}
