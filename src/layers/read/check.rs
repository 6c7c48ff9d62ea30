//! What a body is held against.

use super::Proof;
use crate::{
    Digest, Error, IntegrityError,
    digest::Hasher,
    layers::{ContentPart, EntryRef, Sha256},
    text::hexadecimal,
};
use alloc::{vec, vec::Vec};
use core::hash::Hasher as _;
use twox_hash::XxHash64;

/// What is known of a body, and what came of it.
pub(super) enum Check {
    Digest(Hasher, Sha256),
    Fingerprint(XxHash64, u64),
    Nothing,
    Parts(Parts),
}

/// Digests of parts that follow each other.
pub(super) struct Parts {
    /// Those after the one under way.
    next: vec::IntoIter<ContentPart>,
    part: Option<ContentPart>,
    /// Bytes of it that came.
    came: u64,
    hasher: Hasher,
}

impl Check {
    /// The best there is; parts alone speak for less than the whole.
    pub(super) fn of(entry: EntryRef<'_>, whole: bool) -> Self {
        match entry.content_digest().filter(|_| whole && entry.regions().is_empty()) {
            Some(digest) => Self::Digest(Hasher::sha256(), digest),
            None if !entry.content_parts().is_empty() => Self::Parts(Parts::new(entry.content_parts().to_vec())),
            None if whole && entry.print() != 0 => Self::Fingerprint(XxHash64::with_seed(0), entry.print()),
            None => Self::Nothing,
        }
    }

    /// Takes the next bytes of the body.
    pub(super) fn update(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Digest(hasher, _) => hasher.update(bytes),
            Self::Fingerprint(hasher, _) => hasher.write(bytes),
            Self::Nothing => {}
            Self::Parts(parts) => parts.update(bytes)?,
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Option<Proof>, Error> {
        match self {
            Self::Digest(hasher, expected) => compare(&expected, hasher).map(|()| Some(Proof::Digest)),
            Self::Fingerprint(hasher, expected) => match hasher.finish() {
                actual if actual == expected => Ok(Some(Proof::Fingerprint)),
                actual => Err(mismatch(fingerprint(expected), fingerprint(actual))),
            },
            Self::Nothing => Ok(None),
            // The beginning of a part cannot be told from that of another.
            Self::Parts(parts) => Ok((parts.came == 0).then_some(Proof::Digest)),
        }
    }
}

impl Parts {
    fn new(parts: Vec<ContentPart>) -> Self {
        let mut next = parts.into_iter();
        Self { part: next.next(), next, came: 0, hasher: Hasher::sha256() }
    }

    fn update(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while let Some(part) = self.part.filter(|_| !bytes.is_empty()) {
            let taken = super::length(part.length.saturating_sub(self.came), bytes);
            let (head, rest) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
            self.hasher.update(head);
            self.came += taken as u64;
            bytes = rest;
            if self.came >= part.length {
                compare(&part.digest, core::mem::replace(&mut self.hasher, Hasher::sha256()))?;
                (self.part, self.came) = (self.next.next(), 0);
            }
        }
        Ok(())
    }
}

fn compare(expected: &Sha256, hasher: Hasher) -> Result<(), Error> {
    let (expected, actual) = (Digest::of_sha256(expected), hasher.finish());
    if actual == expected { Ok(()) } else { Err(mismatch(expected.as_str().into(), actual.as_str().into())) }
}

fn fingerprint(print: u64) -> alloc::string::String {
    ["xxh64:", &hexadecimal(print, 16)].concat()
}

fn mismatch(expected: alloc::string::String, actual: alloc::string::String) -> Error {
    IntegrityError::Digest { expected, actual }.into()
}
