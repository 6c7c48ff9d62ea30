//! What is to be run: words, or a line for the shell.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

/// `CMD`, `ENTRYPOINT` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `["program", "argument"]`.
    Exec(Vec<String>),
    /// Anything else.
    Shell(String),
}

impl Command {
    /// What is no array of strings is for the shell.
    pub(super) fn read(text: &str) -> Self {
        array(text).map_or_else(|| Self::Shell(text.to_string()), Self::Exec)
    }

    /// As images have it: a line for the shell follows `shell`.
    pub(crate) fn words(&self, shell: &[String]) -> Vec<String> {
        match self {
            Self::Exec(words) => words.clone(),
            Self::Shell(line) => shell.iter().cloned().chain([line.clone()]).collect(),
        }
    }
}

/// Words of the form `["a", "b"]`.
pub(super) fn array(text: &str) -> Option<Vec<String>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}
