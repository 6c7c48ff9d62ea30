//! Hashing a body as it passes, and the proof that it was the right one.

use super::{Digest, Hasher};
use crate::{Error, IntegrityError, ReferenceError};
use alloc::string::ToString;

/// Checks bytes against a digest, and a size if one is known, as they arrive.
///
/// A clone keeps its state, so that an interrupted read can go on where it stopped.
///
/// ```
/// use portolan::{Digest, Verifier};
/// let mut verifier = Verifier::new(&Digest::sha256(b"layer"), Some(5))?;
/// verifier.update(b"lay")?;
/// assert_eq!(verifier.position(), 3);
/// verifier.update(b"er")?;
/// assert_eq!(verifier.finish()?.size(), 5);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    expected: Digest,
    size: Option<u64>,
    position: u64,
    hasher: Hasher,
}

impl Verifier {
    /// Begins at byte 0.
    ///
    /// # Errors
    /// [`ReferenceError::Digest`] if this crate cannot compute the digest's algorithm: bytes that cannot be verified
    /// are not worth asking for.
    pub fn new(digest: &Digest, size: Option<u64>) -> Result<Self, Error> {
        let hasher = Hasher::for_algorithm(digest.algorithm())
            .ok_or(ReferenceError::Digest("its algorithm is unknown, so nothing could be verified"))?;
        Ok(Self { expected: digest.clone(), size, position: 0, hasher })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`IntegrityError::Size`] as soon as there are more than the size says. None of `bytes` is counted then.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), IntegrityError> {
        let end = self.position.saturating_add(bytes.len() as u64);
        if let Some(size) = self.size.filter(|size| end > *size) {
            return Err(IntegrityError::Size { expected: size, actual: size.saturating_add(1), at_least: true });
        }
        self.hasher.update(bytes);
        self.position = end;
        Ok(())
    }

    /// Bytes taken so far: where a resumed read goes on.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// What is being waited for.
    #[must_use]
    pub fn expected(&self) -> &Digest {
        &self.expected
    }

    /// The size that was given, in bytes.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Ends the body.
    ///
    /// # Errors
    /// [`IntegrityError::Size`] if bytes are missing, [`IntegrityError::Digest`] if they hash to something else.
    pub fn finish(self) -> Result<Verified, IntegrityError> {
        if let Some(expected) = self.size.filter(|size| *size != self.position) {
            return Err(IntegrityError::Size { expected, actual: self.position, at_least: false });
        }
        let actual = self.hasher.finish();
        if actual != self.expected {
            return Err(IntegrityError::Digest { expected: self.expected.to_string(), actual: actual.to_string() });
        }
        Ok(Verified { digest: actual, size: self.position })
    }
}

impl core::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { expected, size, position, hasher: _ } = self;
        f.debug_struct("Verifier")
            .field("expected", expected)
            .field("size", size)
            .field("position", position)
            .finish_non_exhaustive()
    }
}

/// Proof that a whole body had the digest: only [`Verifier::finish`] makes one.
///
/// ```
/// use portolan::{Digest, Verifier};
/// let verified = Verifier::new(&Digest::sha256(b""), None)?.finish()?;
/// assert_eq!((verified.digest(), verified.size()), (&Digest::sha256(b""), 0));
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    digest: Digest,
    size: u64,
}

impl Verified {
    /// The digest that was checked.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Number of bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn verifier(size: Option<u64>) -> Verifier {
        Verifier::new(&Digest::sha256(b"hello"), size).unwrap()
    }

    #[test]
    fn t03_other_bytes_are_a_digest_mismatch() {
        let mut v = verifier(Some(5));
        v.update(b"hellO").unwrap();
        assert!(matches!(v.finish(), Err(IntegrityError::Digest { .. })));
    }

    #[test]
    fn t04_reading_stops_at_one_byte_too_many() {
        let mut v = verifier(Some(5));
        v.update(b"hel").unwrap();
        let error = v.update(b"lo, world").unwrap_err();
        assert_eq!(error, IntegrityError::Size { expected: 5, actual: 6, at_least: true });
        assert_eq!(v.position(), 3);
        v.update(b"lo").unwrap();
        assert!(v.finish().is_ok());
    }

    #[test]
    fn t02_missing_bytes_are_a_size_mismatch() {
        let mut v = verifier(Some(5));
        v.update(b"hell").unwrap();
        assert_eq!(v.finish(), Err(IntegrityError::Size { expected: 5, actual: 4, at_least: false }));
    }

    #[test]
    fn t01_a_clone_goes_on_where_it_stopped() {
        let mut v = verifier(None);
        v.update(b"he").unwrap();
        let mut kept = v.clone();
        v.update(b"broken").unwrap();
        kept.update(b"llo").unwrap();
        assert_eq!(kept.finish().unwrap().size(), 5);
    }

    #[test]
    fn j06_unknown_algorithms_have_no_verifier() {
        let error = Verifier::new(&"blake3:abcd".parse().unwrap(), None).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidDigest);
    }

    #[test]
    fn sha512_is_verified_by_its_own_algorithm() {
        let digest: Digest = "sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043".parse().unwrap();
        let mut v = Verifier::new(&digest, Some(5)).unwrap();
        v.update(b"hello").unwrap();
        assert_eq!(v.finish().unwrap().digest(), &digest);
    }
}
