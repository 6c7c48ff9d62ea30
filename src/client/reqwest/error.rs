//! reqwest's errors in our words. Their own text names addresses with signatures in them; the innermost cause does not.

use super::resolve::ResolveError;
use crate::{TransportError, text::shown};
use alloc::string::{String, ToString};
use core::error::Error;
use std::io;

/// Longest text kept of a foreign error, bytes.
const TEXT: usize = 300;

/// Before the head of the answer.
pub(super) fn exchange(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if let Some(resolve) = cause::<ResolveError>(&error) {
        return match resolve {
            ResolveError::Refused(text) => TransportError::Address(shown(text, TEXT)),
            ResolveError::Unknown(text) => TransportError::Name(shown(text, TEXT)),
        };
    }
    if let Some(tls) = cause::<rustls::Error>(&error) {
        return TransportError::Tls(shown(&tls.to_string(), TEXT));
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportError::Timeout("no connection"),
        (true, false) => TransportError::Connect(innermost(&error)),
        (false, true) => TransportError::Timeout("no answer"),
        (false, false) => TransportError::Interrupted(innermost(&error)),
    }
}

/// Within the body.
pub(super) fn body(error: reqwest::Error) -> TransportError {
    TransportError::Interrupted(innermost(&error.without_url()))
}

/// Before any request.
pub(super) fn setup(error: reqwest::Error) -> TransportError {
    TransportError::Tls(innermost(&error.without_url()))
}

/// The first cause of type `T`. IO errors hide what they wrap from `source`.
fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|e| e.downcast_ref())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, |e| shown(&e.to_string(), TEXT))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    core::iter::successors(Some(error), |e| inner(*e))
}

fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
