//! Content addresses and the hashing behind them.
//!
//! OCI image-spec v1.1, "Digests":
//!
//! ```text
//! digest    = algorithm ":" encoded
//! algorithm = component *( [+._-] component )      component = [a-z0-9]+
//! encoded   = [a-zA-Z0-9=_-]+
//! ```

mod hasher;
mod verifier;

pub use verifier::{Verified, Verifier};

use crate::{ReferenceError, checked::checked_str};
use alloc::string::String;
use core::str::FromStr;
pub(crate) use hasher::Hasher;

/// Longest digest accepted, in bytes; sha512 takes 135.
const MAX_LEN: usize = 256;

/// A content address such as `sha256:9f86d0…`.
///
/// The algorithms `sha256` and `sha512` are checked to the letter. Others pass if they follow the grammar, which has no
/// character that could steer a path or an address; no [`Verifier`] exists for them.
///
/// ```
/// use portolan::Digest;
/// let digest: Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".parse()?;
/// assert_eq!(digest, Digest::sha256(b"test"));
/// assert_eq!(digest.algorithm(), "sha256");
/// assert!("sha256:../../etc/passwd".parse::<Digest>().is_err());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The sha256 of `bytes`.
    #[must_use]
    pub fn sha256(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::sha256();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digest with this sha256.
    #[cfg(feature = "layers")]
    pub(crate) fn of_sha256(hash: &[u8; 32]) -> Self {
        hasher::hex("sha256:", hash)
    }

    /// The hash as bytes, if it is a sha256.
    #[cfg(feature = "layers")]
    pub(crate) fn to_sha256(&self) -> Option<[u8; 32]> {
        let digits = self.0.strip_prefix("sha256:")?;
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(hash)
    }

    /// The part before the colon.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        halves(&self.0).map_or("", |(algorithm, _)| algorithm)
    }

    /// The part after the colon.
    #[must_use]
    pub fn encoded(&self) -> &str {
        halves(&self.0).map_or("", |(_, encoded)| encoded)
    }

    /// True if this crate can compute the algorithm.
    #[must_use]
    pub fn is_verifiable(&self) -> bool {
        Hasher::for_algorithm(self.algorithm()).is_some()
    }
}

checked_str!(Digest, 0);

impl FromStr for Digest {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check(text).map(|()| Self(text.into())).map_err(ReferenceError::Digest)
    }
}

/// What is before the first colon, and what is behind it. The searchers of `str` would be a lot of code for this.
fn halves(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|b| b == b':')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Components, none of them empty.
fn is_algorithm(text: &str) -> bool {
    let component = |begun: Option<bool>, b: u8| match b {
        b'a'..=b'z' | b'0'..=b'9' => begun.map(|_| true),
        b'+' | b'.' | b'_' | b'-' => begun.filter(|begun| *begun).map(|_| false),
        _ => None,
    };
    text.bytes().fold(Some(false), component) == Some(true)
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.len() > MAX_LEN {
        return Err("too long");
    }
    let (algorithm, encoded) = halves(text).ok_or("no ':' after the algorithm")?;
    if !is_algorithm(algorithm) {
        return Err("malformed algorithm");
    }
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'=' | b'_' | b'-');
    if encoded.is_empty() || !encoded.bytes().all(word) {
        return Err("malformed hash");
    }
    let Some(length) = Hasher::encoded_len(algorithm) else {
        return Ok(());
    };
    if encoded.len() != length {
        return Err("wrong length for its algorithm");
    }
    if !encoded.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err("not lower-case hexadecimal");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn j06_bad_digests_are_refused() {
        let a64 = "a".repeat(64);
        for text in [
            format!("sha256:{}", "a".repeat(63)),
            format!("sha256:{}", "a".repeat(65)),
            format!("sha256:{}", "A".repeat(64)),
            format!("sha256:{}", "g".repeat(64)),
            format!("sha512:{a64}"),
            format!("SHA256:{a64}"),
            format!("sha256:{}/", "a".repeat(63)),
            format!("sha256:{a64}:{a64}"),
            format!("sha256:{a64}\n"),
            format!("x:{}", "a".repeat(255)),
            a64.clone(),
            "".into(),
            ":".into(),
            "sha256:".into(),
            format!(":{a64}"),
            "x:../y".into(),
            "x:%2e".into(),
            "a..b:cd".into(),
            ".:cd".into(),
            "-a:cd".into(),
        ] {
            assert!(matches!(text.parse::<Digest>(), Err(ReferenceError::Digest(_))), "{text}");
        }
    }

    #[test]
    fn unknown_algorithms_pass_the_grammar() {
        for text in ["blake3:ab-_=Z", "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", "multihash+base58:Qm"]
        {
            let digest: Digest = text.parse().unwrap();
            assert_eq!(digest.as_str(), text);
            assert!(!digest.is_verifiable());
        }
    }

    #[test]
    fn serde_goes_through_the_check() {
        let text = format!("\"{}\"", Digest::sha256(b""));
        let digest: Digest = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&digest).unwrap(), text);
        assert!(serde_json::from_str::<Digest>("\"sha256:../x\"").is_err());
    }
}
