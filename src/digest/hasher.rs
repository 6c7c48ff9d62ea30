//! The algorithms this crate can compute.

use super::Digest;
use alloc::string::String;
#[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
use sha2::Sha512;
use sha2::{Digest as _, Sha256};

/// Running hash of one of the algorithms registered by OCI. In the browser sha512 of layers is computed elsewhere.
#[derive(Clone)]
pub(crate) enum Hasher {
    Sha256(Sha256),
    #[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
    Sha512(Sha512),
}

impl Hasher {
    pub(crate) fn sha256() -> Self {
        Self::Sha256(Sha256::new())
    }

    #[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
    pub(crate) fn sha512() -> Self {
        Self::Sha512(Sha512::new())
    }

    pub(crate) fn for_algorithm(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::sha256()),
            #[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
            "sha512" => Some(Self::sha512()),
            _ => None,
        }
    }

    /// Length of the encoded hash of an algorithm that is known, in characters.
    pub(super) fn encoded_len(name: &str) -> Option<usize> {
        match name {
            "sha256" => Some(64),
            "sha512" => Some(128),
            _ => None,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            #[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        match self {
            Self::Sha256(hash) => hex("sha256:", &hash.finalize()),
            #[cfg(not(all(feature = "wasm-layers", target_arch = "wasm32")))]
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
