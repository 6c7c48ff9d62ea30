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
pub mod auth;
#[forbid(unsafe_code)]
mod checked;
#[cfg(feature = "docker-config")]
#[forbid(unsafe_code)]
pub mod credentials;
#[forbid(unsafe_code)]
mod digest;
#[forbid(unsafe_code)]
mod document;
#[forbid(unsafe_code)]
mod endpoint;
#[forbid(unsafe_code)]
mod error;
#[forbid(unsafe_code)]
mod exchange;
#[forbid(unsafe_code)]
pub mod http;
#[forbid(unsafe_code)]
mod image;
#[forbid(unsafe_code)]
mod json;
#[forbid(unsafe_code)]
mod limits;
#[forbid(unsafe_code)]
mod manifest;
#[forbid(unsafe_code)]
mod media_type;
#[forbid(unsafe_code)]
pub mod op;
#[forbid(unsafe_code)]
mod platform;
#[forbid(unsafe_code)]
mod reference;
#[forbid(unsafe_code)]
mod secret;
#[cfg(feature = "server")]
#[forbid(unsafe_code)]
pub mod server;
#[forbid(unsafe_code)]
mod session;
#[forbid(unsafe_code)]
pub mod text;
#[forbid(unsafe_code)]
mod tick;

pub use digest::{Digest, Verified, Verifier};
pub use endpoint::Endpoint;
pub use error::{
    ApiError, AuthError, Cause, Diagnostic, Error, ErrorCode, IntegrityError, Kind, LimitExceeded, ProtocolError,
    ReferenceError, Stage, TransportError,
};
pub use exchange::{Event, Exchange, Step, Wait};
pub use image::{BuildStep, ImageLayers, LayerRow, command};
pub use limits::Limits;
pub use manifest::{Descriptor, HistoryEntry, ImageConfig, ImageIndex, ImageManifest, Manifest, ManifestKind};
pub use media_type::{Compression, MediaType};
pub use platform::Platform;
pub use reference::{Reference, ReferenceTarget, RegistryHost, RepositoryName, Tag};
pub use secret::Secret;
pub use session::{RegistryConfig, Session};
pub use tick::Tick;
