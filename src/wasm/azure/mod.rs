//! Bindings of [`azure`](crate::azure): a module of its own, so that a page which only reads a registry does not pay for it.
//!
//! Calls are chosen by name and take texts; documents come back as they are on the wire, and the facade (`pkg/src/azure`) names
//! their parts.

mod calls;
mod context;
mod lists;
mod log;
mod login;
mod options;
mod session;
mod settings;
mod upload;

pub use context::{ContextIgnore, ContextTar};
pub use lists::Records;
pub use log::Log;
pub use login::Login;
pub use options::AzureOptions;
pub use session::Azure;
pub use upload::Upload;

use crate::{Error, ProtocolError};
use alloc::{string::String, vec::Vec};
use js_sys::Array;

/// Texts of an array; what is none is empty.
fn texts(array: &Array) -> Vec<String> {
    array.iter().map(|item| item.as_string().unwrap_or_default()).collect()
}

fn unknown() -> Error {
    ProtocolError::Unsupported("a call that this module does not know").into()
}
