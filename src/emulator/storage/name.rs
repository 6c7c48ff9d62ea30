//! Names of blobs.

use alloc::{borrow::ToOwned as _, string::String};
use core::fmt;

/// Longest name, in bytes.
const MAX: usize = 512;

/// A container and a name in it, `source/202611260000/….tar.gz`, that is a path below a folder whatever a client says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BlobName(String);

impl BlobName {
    /// Checks a name: words of letters, digits, `.`, `-` and `_`, none of which begins with a dot.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let word = |word: &str| !word.is_empty() && !word.starts_with('.') && word.bytes().all(plain);
        let good = name.len() <= MAX && name.contains('/') && name.split('/').all(word);
        good.then(|| Self(name.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
