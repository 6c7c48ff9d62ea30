//! The archive that is uploaded.

use super::{ContextError, Entry, Gzip, Tar};
use alloc::{format, string::String, vec::Vec};

/// Writes a `.tar.gz`: members are pushed, bytes are pulled.
///
/// Take what there is after each call, and it never holds more than the piece that was pushed last.
#[derive(Debug, Default)]
pub struct Packer {
    tar: Tar,
    gzip: Gzip,
}

impl Packer {
    /// An archive with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a member; the contents of a file follow by [`Packer::write`].
    ///
    /// # Errors
    /// [`ContextError`] if its path cannot be packed, or contents of the member before it are missing.
    pub fn begin(&mut self, entry: &Entry) -> Result<(), ContextError> {
        self.tar.begin(entry)?;
        self.compress();
        Ok(())
    }

    /// Takes the next bytes of the file that was begun last.
    ///
    /// # Errors
    /// [`ContextError::Size`] if they are more than its size.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ContextError> {
        self.tar.write(bytes)?;
        self.compress();
        Ok(())
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// [`ContextError::Size`] if contents of the last member are missing.
    pub fn finish(&mut self) -> Result<(), ContextError> {
        self.tar.finish()?;
        self.compress();
        self.gzip.finish();
        Ok(())
    }

    /// What was written since the last call.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        self.gzip.take()
    }

    fn compress(&mut self) {
        self.gzip.write(&self.tar.take());
    }
}

/// The name under which a Dockerfile is appended to its context: nothing else is called so, wherever the file came from.
///
/// ```
/// use portolan::azure::context::dockerfile_name;
/// assert_eq!(dockerfile_name(7, "docker/Dockerfile.dev"), "00000000000000000000000000000007_Dockerfile.dev");
/// ```
#[must_use]
pub fn dockerfile_name(random: u128, path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    format!("{random:032x}_{name}")
}
