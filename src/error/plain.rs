//! Errors as text, without the formatting machinery: in a module that is downloaded it would be there for this alone.

use super::{Cause, Error, IntegrityError, Kind, LayerError, LimitExceeded, ProtocolError, ReferenceError};
use crate::text::decimal;
use alloc::string::String;

impl Error {
    /// Kind and text of what reading layers can end in. Of all else it is said only that it is unexpected.
    pub(crate) fn plain(&self) -> (&'static str, String) {
        let (kind, text): (Kind, String) = match self.cause() {
            Cause::Integrity(IntegrityError::Digest { expected, actual }) => {
                (Kind::DigestMismatch, ["digest mismatch: expected ", expected, ", received ", actual].concat())
            }
            Cause::Layer(LayerError { offset, unpacked, reason }) => {
                let form = if *unpacked { "uncompressed" } else { "compressed" };
                let at = decimal(*offset);
                (Kind::CorruptLayer, ["corrupt layer at byte ", &at, " of its ", form, " form: ", reason].concat())
            }
            Cause::Limit(LimitExceeded { which, limit }) => {
                (Kind::LimitExceeded, ["limit exceeded: ", which, " (limit ", &decimal(*limit), ")"].concat())
            }
            Cause::Misuse(what) => (Kind::Misuse, ["driver out of order: ", what].concat()),
            Cause::Protocol(ProtocolError::Unsupported(what)) => (Kind::Unsupported, ["unsupported: ", what].concat()),
            Cause::Reference(ReferenceError::Digest(what)) => {
                (Kind::InvalidDigest, ["invalid digest: ", what].concat())
            }
            _ => (Kind::Misuse, "driver out of order: an unexpected error".into()),
        };
        (kind.as_str(), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn says_what_the_formatting_machinery_says() {
        let errors: [Error; 8] = [
            IntegrityError::Digest { expected: "xxh64:1".into(), actual: "xxh64:2".into() }.into(),
            LayerError { offset: 0, unpacked: false, reason: "it is broken" }.into(),
            LayerError { offset: u64::MAX, unpacked: true, reason: "it is broken" }.into(),
            LimitExceeded { which: "entries", limit: 1_000_000 }.into(),
            Cause::Misuse("only files have content").into(),
            ProtocolError::Unsupported("this").into(),
            ReferenceError::Digest("too long").into(),
            Cause::Misuse("an unexpected error").into(),
        ];
        for error in &errors {
            assert_eq!(error.plain(), (error.kind().as_str(), error.to_string()));
        }
        assert_eq!(Error::from(ProtocolError::Loop).plain(), errors[7].plain());
    }
}
