//! Why a faults file cannot be used.

use alloc::string::String;
use std::path::PathBuf;

/// Why a faults file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FaultsError {
    /// The file cannot be read.
    #[error("{}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no JSON.
    #[error("the faults file is no JSON: {0}")]
    Json(#[source] crate::Error),
    /// It says something that no faults file can say.
    #[error("{}: {reason}", if path == "." { "the faults file" } else { path.as_str() })]
    Value {
        /// Where: `rules[2].effect.flip`.
        path: String,
        /// What is wrong.
        reason: String,
    },
}
