//! The log of a run: an append blob that clients poll.

use crate::emulator::{
    clock::Instant,
    storage::{BlobName, Storage},
};
use alloc::{format, string::String, sync::Arc, vec::Vec};
use std::io;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

/// Writes lines, none of which has a secret.
#[derive(Clone)]
pub(crate) struct Log {
    storage: Arc<Storage>,
    name: BlobName,
    /// Longest first, so that no part of one remains of another.
    secrets: Arc<[String]>,
}

impl Log {
    /// Begins a log.
    pub(crate) fn begin(storage: Arc<Storage>, name: BlobName, mut secrets: Vec<String>) -> io::Result<Self> {
        secrets.sort_by_key(|secret| core::cmp::Reverse(secret.len()));
        storage.create_log(&name)?;
        Ok(Self { storage, name, secrets: secrets.into() })
    }

    /// A line as a program said it.
    pub(crate) fn line(&self, line: &str) -> io::Result<()> {
        let line = self.hidden(line).replace('\n', "\r\n");
        self.storage.append(&self.name, format!("{line}\r\n").as_bytes())
    }

    /// A text without the secrets in it.
    pub(crate) fn hidden(&self, text: &str) -> String {
        self.secrets.iter().fold(String::from(text), |text, secret| text.replace(secret.as_str(), HIDDEN))
    }

    /// A line of the service itself, which has a time.
    pub(crate) fn note(&self, line: &str) -> io::Result<()> {
        let now = Instant::now().rfc3339();
        let now = now.get(..19).unwrap_or(&now).replace('-', "/").replace('T', " ");
        self.line(&format!("{now} {line}"))
    }

    /// Nothing more will come.
    pub(crate) fn complete(&self, result: &str) -> io::Result<()> {
        self.storage.describe(&self.name, "complete", result)
    }
}
