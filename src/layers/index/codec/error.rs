//! Why bytes are no index, or not the one wanted.

use super::VERSION;
use crate::LimitExceeded;

/// Why an index cannot be used. Whatever it is, the answer is to drop the bytes and to list the layer anew.
///
/// ```
/// use portolan::{Digest, Limits, layers::{IndexError, LayerIndex}};
/// let error = LayerIndex::decode(b"anything", &Digest::sha256(b""), 0, &Limits::DEFAULT).unwrap_err();
/// assert_eq!(error, IndexError::NoIndex);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The checksum over all of it is not right: it was damaged, or written by half.
    #[error("the index is damaged")]
    Checksum,
    /// It has its checksum, and does not follow the format.
    #[error("the index is malformed: {0}")]
    Malformed(&'static str),
    /// It is larger than the limits of this program allow.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// These bytes are something else.
    #[error("not an index")]
    NoIndex,
    /// It is the index of a layer with another digest or size.
    #[error("the index of another layer")]
    OtherLayer,
    /// It was written in another version of the format.
    #[error("the index has format {0}, and this program reads format {VERSION}")]
    Version(u16),
}
