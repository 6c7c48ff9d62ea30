//! A tar archive, written as it is pushed.

use super::{ContextError, Entry, EntryKind, error::shown_path, header};
use alloc::vec::Vec;
use core::mem;

/// Writes a tar archive: members are pushed, bytes are pulled.
///
/// ```
/// use portolan::azure::context::{Entry, Tar};
/// let mut tar = Tar::new();
/// tar.begin(&Entry::directory("src"))?;
/// tar.begin(&Entry::file("src/main.c", 2))?;
/// tar.write(b"ab")?;
/// tar.finish()?;
/// assert_eq!(tar.take().len(), 5 * 512);
/// # Ok::<(), portolan::azure::context::ContextError>(())
/// ```
#[derive(Debug, Default)]
pub struct Tar {
    out: Vec<u8>,
    /// The file that is being written, and how many of its bytes are to come.
    open: Option<(Vec<u8>, u64, u64)>,
    finished: bool,
}

impl Tar {
    /// An archive with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a member; the contents of a file follow by [`Tar::write`].
    ///
    /// # Errors
    /// [`ContextError`] if its path cannot be packed, or contents of the member before it are missing.
    pub fn begin(&mut self, entry: &Entry) -> Result<(), ContextError> {
        self.close()?;
        header::write(entry, &mut self.out)?;
        if let EntryKind::File { size } = entry.kind {
            self.open = Some((entry.path.clone(), size, size));
        }
        Ok(())
    }

    /// Takes the next bytes of the file that was begun last.
    ///
    /// # Errors
    /// [`ContextError::Size`] if they are more than its size.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ContextError> {
        let (path, _, left) = self.open.as_mut().ok_or(ContextError::Finished)?;
        *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| ContextError::Size { path: shown_path(path) })?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// [`ContextError::Size`] if contents of the last member are missing.
    pub fn finish(&mut self) -> Result<(), ContextError> {
        self.close()?;
        self.out.resize(self.out.len() + 2 * header::BLOCK, 0);
        self.finished = true;
        Ok(())
    }

    /// What was written since the last call.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.out)
    }

    /// Ends the member that is open.
    fn close(&mut self) -> Result<(), ContextError> {
        if self.finished {
            return Err(ContextError::Finished);
        }
        match self.open.take() {
            Some((path, _, left)) if left > 0 => Err(ContextError::Size { path: shown_path(&path) }),
            Some((_, size, _)) => {
                header::pad(size, &mut self.out);
                Ok(())
            }
            None => Ok(()),
        }
    }
}
