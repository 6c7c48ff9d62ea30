//! What is wrong with a Dockerfile.

use alloc::string::String;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("dockerfile parse error on line {line}: {reason}")]
pub(crate) struct DockerfileError {
    /// The line, counted from one.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) reason: String,
}

impl DockerfileError {
    pub(super) fn new(line: usize, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }
}

impl From<DockerfileError> for crate::emulator::failure::Failure {
    fn from(error: DockerfileError) -> Self {
        Self::Failed(alloc::format!("{error}"))
    }
}
