//! Why a context cannot be packed.

use crate::text::shown_bytes;
use alloc::string::String;

/// Why a context cannot be packed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// `.dockerignore` is not UTF-8.
    #[error("line {line} of the ignore file is not UTF-8")]
    IgnoreText {
        /// The line, counted from one.
        line: usize,
    },
    /// A path that no archive can hold, or that leaves the archive.
    #[error("'{path}' cannot be packed: {reason}")]
    Path {
        /// The path as it can be shown.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More or fewer bytes came than the member's size says: the file changed while it was read.
    #[error("'{path}' changed while it was packed")]
    Size {
        /// The path as it can be shown.
        path: String,
    },
    /// The archive was already finished.
    #[error("the archive is finished")]
    Finished,
}

/// The path as errors show it.
pub(super) fn shown_path(path: &[u8]) -> String {
    shown_bytes(path, 200)
}
