//! Tags, and what a manifest can be asked for by.

use crate::{
    Digest, ReferenceError,
    checked::{checked_str, checked_text},
};
use alloc::string::String;
use core::{fmt, str::FromStr};

/// Longest tag, in bytes.
const MAX_LEN: usize = 128;

/// A tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` (OCI distribution-spec v1.1).
///
/// ```
/// use portolan::Tag;
/// let tag: Tag = "1.4-alpine".parse()?;
/// assert_eq!(tag.as_str(), "1.4-alpine");
/// assert!("../x".parse::<Tag>().is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

impl Tag {
    /// `latest`, which is meant where nothing is said.
    #[must_use]
    pub fn latest() -> Self {
        Self("latest".into())
    }

    /// True if `text` would parse; nothing is copied.
    pub(crate) fn is_legal(text: &str) -> bool {
        check(text).is_ok()
    }

    /// The tag that holds the referrers of `subject` on registries without the referrers API
    /// (OCI distribution-spec v1.1, "Referrers Tag Schema").
    ///
    /// ```
    /// use portolan::{Digest, Tag};
    /// let tag = Tag::for_referrers(&Digest::sha256(b""));
    /// assert!(tag.as_str().starts_with("sha256-e3b0c442"));
    /// ```
    #[must_use]
    pub fn for_referrers(subject: &Digest) -> Self {
        let clean = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
        let algorithm = subject.algorithm().chars().take(32).map(clean);
        let encoded = subject.encoded().chars().take(64).map(clean);
        Self(algorithm.chain(['-']).chain(encoded).collect())
    }
}

checked_str!(Tag, 0);

impl FromStr for Tag {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check(text).map(|()| Self(text.into())).map_err(ReferenceError::Tag)
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > MAX_LEN {
        return Err("has 1 to 128 characters");
    }
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if text.starts_with(['.', '-']) || !text.bytes().all(|b| word(b) || b == b'.' || b == b'-') {
        return Err("has letters, digits, '_', '.' and '-', and begins with none of the last two");
    }
    Ok(())
}

/// What a manifest is asked for by.
///
/// ```
/// use portolan::ReferenceTarget;
/// assert!(matches!("latest".parse()?, ReferenceTarget::Tag(_)));
/// assert!("sha256:short".parse::<ReferenceTarget>().is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceTarget {
    /// By content.
    Digest(Digest),
    /// By name.
    Tag(Tag),
}

impl ReferenceTarget {
    /// The digest, if it is one.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Digest(digest) => Some(digest),
            Self::Tag(_) => None,
        }
    }

    /// The tag, if it is one.
    #[must_use]
    pub fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Digest(_) => None,
            Self::Tag(tag) => Some(tag),
        }
    }

    /// The text, as it stands in a manifest's address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Digest(digest) => digest.as_str(),
            Self::Tag(tag) => tag.as_str(),
        }
    }
}

checked_text!(ReferenceTarget);

impl AsRef<str> for ReferenceTarget {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<Digest> for ReferenceTarget {
    fn from(digest: Digest) -> Self {
        Self::Digest(digest)
    }
}

impl From<Tag> for ReferenceTarget {
    fn from(tag: Tag) -> Self {
        Self::Tag(tag)
    }
}

impl FromStr for ReferenceTarget {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A tag has no colon, a digest always has one.
        if text.contains(':') { text.parse().map(Self::Digest) } else { text.parse().map(Self::Tag) }
    }
}

impl fmt::Display for ReferenceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
