//! The file that tells tests in any language where a registry is.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// Address and credentials of a running registry.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Info {
    /// Address without a slash at the end.
    pub url: String,
    /// `none`, `basic` or `token`.
    pub auth: &'static str,
    /// Absent when it is open.
    pub username: Option<String>,
    /// Absent when it is open.
    pub password: Option<String>,
    /// The token endpoint; only with `token`.
    pub realm: Option<String>,
}

impl Info {
    /// Writes it as JSON; the file appears whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let folder = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }
}
