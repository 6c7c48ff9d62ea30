//! What a build gives.

use crate::{
    Digest, Reference,
    emulator::images::{Image, Source},
};
use alloc::vec::Vec;

/// A blob of an image, and where its bytes are.
pub(super) type ImageSource = (Digest, Source);

/// An image that was built, and what it was built on.
pub(super) struct Built {
    pub(super) image: Image,
    pub(super) bases: Vec<Base>,
}

/// An image that went into another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) reference: Reference,
    pub(super) digest: Digest,
}
