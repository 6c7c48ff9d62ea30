//! From the bytes of a layer to the bytes of its tar stream, pushed.
//!
//! The first bytes decide what the compression is, whatever the media type says: gzip (RFC 1952) begins with `1f 8b`, zstd
//! (RFC 8878) with `28 b5 2f fd` or a skippable frame's `5? 2a 4d 18`, and all else is a plain tar stream.

mod checkpoints;
mod crc;
#[cfg(any(test, fuzzing, target_arch = "wasm32"))]
mod deflate;
#[cfg_attr(
    all(any(feature = "wasm-layers", feature = "wasm-layers-extra"), target_arch = "wasm32"),
    path = "stored.rs"
)]
mod deflater;
#[cfg(fuzzing)]
mod fuzzing;
mod gzip;
pub(in crate::layers) mod inflate;
#[cfg(not(target_arch = "wasm32"))]
mod miniz;
mod sniff;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod tests;
#[cfg(all(feature = "zlib", not(target_arch = "wasm32")))]
mod zlib;
// In the browser it is a module of its own, since few layers need it.
#[cfg_attr(all(feature = "wasm-layers", target_arch = "wasm32"), path = "elsewhere.rs")]
mod zstd;

pub(in crate::layers) use deflater::Deflater;
#[cfg(fuzzing)]
pub use fuzzing::inflate_alike;

use crate::{Compression, Error, LayerError, Limits};
use alloc::{boxed::Box, vec::Vec};
use gzip::Gzip;
use sniff::Sniff;
use zstd::Zstd;

use super::Checkpoint;

/// Takes the uncompressed bytes of a layer.
pub(crate) trait Sink {
    /// The next bytes, all of which came out of the layer's first `input` bytes.
    fn take(&mut self, bytes: &[u8], input: u64) -> Result<(), Error>;
}

/// Decompresses a layer that is pushed in chunks of any size.
pub(crate) struct Unpack {
    state: State,
    limits: Limits,
    checkpoints: bool,
}

enum State {
    Sniff(Sniff),
    Gzip(Box<Gzip>),
    Plain(u64),
    Zstd(Box<Zstd>),
}

impl Unpack {
    /// Begins at byte 0 of a layer; gathers checkpoints on the way if asked to.
    pub(crate) fn new(limits: &Limits, checkpoints: bool) -> Self {
        Self { state: State::Sniff(Sniff::default()), limits: limits.clone(), checkpoints }
    }

    /// Begins at a checkpoint of a layer that is compressed so.
    ///
    /// # Errors
    /// [`LayerError`] if the checkpoint is none.
    pub(crate) fn resume(compression: Compression, checkpoint: &Checkpoint, limits: &Limits) -> Result<Self, Error> {
        let state = match compression {
            Compression::Gzip => State::Gzip(Box::new(Gzip::resume(checkpoint)?)),
            Compression::Uncompressed => State::Plain(checkpoint.input),
            Compression::Zstd => State::Zstd(Box::new(Zstd::resume(checkpoint, limits))),
        };
        Ok(Self { state, limits: limits.clone(), checkpoints: false })
    }

    /// How the layer is compressed, as soon as that is known.
    pub(crate) fn compression(&self) -> Option<Compression> {
        match self.state {
            State::Sniff(_) => None,
            State::Gzip(_) => Some(Compression::Gzip),
            State::Plain(_) => Some(Compression::Uncompressed),
            State::Zstd(_) => Some(Compression::Zstd),
        }
    }

    /// Takes the next bytes of the layer.
    ///
    /// # Errors
    /// Those of `sink`, and [`LayerError`] for what cannot be decompressed.
    pub(crate) fn push(&mut self, chunk: &[u8], sink: &mut dyn Sink) -> Result<(), Error> {
        match &mut self.state {
            State::Sniff(sniff) => match sniff.push(chunk) {
                Some(compression) => {
                    let begun = sniff.take();
                    self.begin(compression);
                    self.push(&begun, sink)
                }
                None => Ok(()),
            },
            State::Gzip(gzip) => gzip.push(chunk, sink),
            State::Plain(_) if chunk.is_empty() => Ok(()),
            State::Plain(input) => {
                *input = input.saturating_add(chunk.len() as u64);
                sink.take(chunk, *input)
            }
            State::Zstd(zstd) => zstd.push(chunk, sink),
        }
    }

    /// The layer ends here.
    ///
    /// # Errors
    /// [`LayerError`] if it must not, and as for [`Unpack::push`].
    pub(crate) fn finish(&mut self, sink: &mut dyn Sink) -> Result<(), Error> {
        if let State::Sniff(sniff) = &mut self.state {
            let begun = sniff.take();
            self.begin(Compression::Uncompressed);
            self.push(&begun, sink)?;
        }
        match &self.state {
            State::Gzip(gzip) => gzip.finish(),
            State::Zstd(zstd) => zstd.finish(),
            State::Sniff(_) | State::Plain(_) => Ok(()),
        }
    }

    /// The checkpoints so far, which are no longer here then.
    pub(crate) fn take_checkpoints(&mut self) -> Vec<Checkpoint> {
        match &mut self.state {
            State::Gzip(gzip) => gzip.take_checkpoints(),
            State::Zstd(zstd) => zstd.take_checkpoints(),
            State::Plain(_) if self.checkpoints => {
                let mut list = Vec::new();
                checkpoints::begin(&mut list, 0, 0);
                list
            }
            State::Sniff(_) | State::Plain(_) => Vec::new(),
        }
    }

    #[cfg(all(feature = "wasm-layers", target_arch = "wasm32"))]
    /// What came so far of a layer that has to be decompressed elsewhere; nothing of any other.
    pub(crate) fn take_begun(&mut self) -> Option<Vec<u8>> {
        match &mut self.state {
            State::Zstd(zstd) => Some(zstd.take_begun()),
            _ => None,
        }
    }

    fn begin(&mut self, compression: Compression) {
        self.state = match compression {
            Compression::Gzip => State::Gzip(Box::new(Gzip::new(self.checkpoints))),
            Compression::Uncompressed => State::Plain(0),
            Compression::Zstd => State::Zstd(Box::new(Zstd::new(&self.limits, self.checkpoints))),
        };
    }
}

/// What is wrong at a byte of the compressed layer.
fn corrupt(offset: u64, reason: &'static str) -> Error {
    LayerError { offset, unpacked: false, reason }.into()
}
