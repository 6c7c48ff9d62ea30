//! Repository names.
//!
//! OCI distribution-spec v1.1:
//!
//! ```text
//! name      = component *( "/" component )
//! component = alnum *( separator alnum )       alnum = [a-z0-9]+       separator = "." / "_" / "__" / 1*"-"
//! ```

use crate::{ReferenceError, checked::checked_str};
use alloc::string::String;
use core::str::FromStr;

/// Longest name, in bytes; with the host and a slash before it, the same bound holds for the whole.
pub(super) const MAX_LEN: usize = 255;

/// The name of a repository within its registry.
///
/// ```
/// use portolan::RepositoryName;
/// let name: RepositoryName = "library/alpine".parse()?;
/// assert_eq!(name.components().last(), Some("alpine"));
/// assert!("Team/app".parse::<RepositoryName>().is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

impl RepositoryName {
    /// True if `text` would parse; nothing is copied.
    pub(crate) fn is_legal(text: &str) -> bool {
        check(text).is_ok()
    }

    /// The parts between slashes.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }
}

checked_str!(RepositoryName, 0);

impl FromStr for RepositoryName {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check(text).map(|()| Self(text.into())).map_err(ReferenceError::Repository)
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("is empty");
    }
    if text.len() > MAX_LEN {
        return Err("is longer than 255 characters");
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err("must be lower case");
    }
    if !text.split('/').all(is_component) {
        return Err("has lower-case letters and digits, joined by '.', '_', '__', '-' or '/'");
    }
    Ok(())
}

fn is_component(text: &str) -> bool {
    let is_alnum = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = |b: Option<&u8>| b.is_some_and(|b| is_alnum(*b));
    let bytes = text.as_bytes();
    ends(bytes.first())
        && ends(bytes.last())
        && text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()).all(is_separator)
}

/// What stands between two letters or digits; nothing is fine too.
fn is_separator(text: &str) -> bool {
    matches!(text, "" | "." | "_" | "__") || text.bytes().all(|b| b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for text in ["a", "a/b", "0", "a.b_c__d-e---f/g", "library/alpine", &"a".repeat(255)] {
            assert!(text.parse::<RepositoryName>().is_ok(), "{text}");
        }
        for text in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "A",
            "a..b",
            "a._b",
            "a___b",
            "-a",
            "a-",
            ".a",
            "_a",
            "a:b",
            "a@b",
            "a b",
            "a\n",
            "a%2f",
            "a?b",
            "a#b",
            "a\\b",
            "..",
            "a/../b",
            "\u{e9}",
            "a/.",
            &"a".repeat(256),
        ] {
            assert!(matches!(text.parse::<RepositoryName>(), Err(ReferenceError::Repository(_))), "{text}");
        }
    }
}
