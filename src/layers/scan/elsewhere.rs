//! A scan of what is decompressed elsewhere.

use super::{Scan, walk::Tap};
use crate::{Error, layers::compress::Sink};
use alloc::vec::Vec;

impl Scan {
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
