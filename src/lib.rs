//! Container-registry client SDK.
#![no_std]
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test"))]

extern crate alloc;
#[cfg(any(test, feature = "client"))]
extern crate std;

#[cfg(feature = "client")]
#[forbid(unsafe_code)]
pub mod client;

#[forbid(unsafe_code)]
mod error;
#[forbid(unsafe_code)]
pub mod http;
#[forbid(unsafe_code)]
mod json;
#[forbid(unsafe_code)]
mod limits;
#[forbid(unsafe_code)]
mod secret;
#[forbid(unsafe_code)]
pub mod text;
#[forbid(unsafe_code)]
mod tick;

pub use error::{
    ApiError, AuthError, Cause, Diagnostic, Error, ErrorCode, IntegrityError, Kind, LimitExceeded, ProtocolError,
    ReferenceError, Stage, TransportError,
};
pub use limits::Limits;
pub use secret::Secret;
pub use tick::Tick;
