//! The algorithms this crate can compute.

use super::Digest;
use alloc::string::String;
use sha2::{Digest as _, Sha256, Sha512};

/// Running hash of one of the algorithms registered by OCI.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    pub(crate) fn sha256() -> Self {
        Self::Sha256(Sha256::new())
    }

    pub(crate) fn for_algorithm(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::sha256()),
            "sha512" => Some(Self::Sha512(Sha512::new())),
            _ => None,
        }
    }

    /// Length of the encoded hash, in characters.
    pub(super) fn encoded_len(&self) -> usize {
        match self {
            Self::Sha256(_) => 64,
            Self::Sha512(_) => 128,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        match self {
            Self::Sha256(hash) => hex("sha256:", &hash.finalize()),
            Self::Sha512(hash) => hex("sha512:", &hash.finalize()),
        }
    }
}

pub(super) fn hex(prefix: &str, bytes: &[u8]) -> Digest {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(prefix.len() + bytes.len() * 2);
    text.push_str(prefix);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    Digest(text)
}
