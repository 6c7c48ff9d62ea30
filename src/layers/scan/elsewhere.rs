//! A scan of what is verified elsewhere, and may be decompressed elsewhere.

use super::{Scan, walk::Tap};
use crate::{Cause, Compression, Digest, Error, IntegrityError, layers::compress::Sink};
use alloc::vec::Vec;

/// There is none here: whoever brings the bytes has held them against their digest.
pub(super) enum Verifier {}

impl Verifier {
    pub(super) fn new(_: &Digest, _: Option<u64>) -> Result<Self, Error> {
        Err(Cause::Misuse("layers are verified elsewhere").into())
    }

    pub(super) fn update(&mut self, _: &[u8]) -> Result<(), IntegrityError> {
        match *self {}
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        match self {}
    }
}

impl Scan {
    /// Says what the media type of the layer is. It decides nothing, as in the options.
    pub(crate) fn set_media_type(&mut self, media_type: &str) {
        self.said = Compression::said_by(media_type);
    }

    /// What came so far of a layer that has to be decompressed elsewhere; nothing of any other.
    pub(crate) fn take_begun(&mut self) -> Option<Vec<u8>> {
        self.unpack.take_begun()
    }

    /// Takes the next uncompressed bytes, all of which came out of the layer's first `input` bytes.
    pub(crate) fn push_unpacked(&mut self, bytes: &[u8], input: u64, tap: &mut dyn FnMut(&[u8])) -> Result<(), Error> {
        self.check()?;
        self.received = input;
        let result = Tap { walk: &mut self.walk, tap }.take(bytes, input);
        self.note_failure(result)
    }
}
