//! Container-registry client SDK: the OCI and Docker distribution protocol, the token flow, manifests and digests.
//!
//! The core is sans-IO, `no_std` + `alloc` and free of unsafe code: it opens no socket, reads no clock and rolls no
//! dice. A driver asks an [`Exchange`] what to do, does it, and reports what happened. With the feature `client` there
//! is one async driver for every platform, [`client::Registry`], over any [`client::Transport`]; with `reqwest` (default)
//! the native transport.
//!
//! ```text
//!   op::ManifestGet ──┐                        ┌── Step::Send(Request)  ──> your HTTP
//!   op::BlobRead    ──┼──> Exchange + Session ─┼── Step::Read           ──> next chunk
//!   op::Pager       ──┘    auth, retry,        ├── Step::Wait           ──> sleep
//!                          redirects, limits   └── Step::Done(Result)
//! ```
//!
//! It does not run images, verify signatures, or keep a store of its own.
//!
//! # With the client
//!
//! ```no_run
//! # #[cfg(feature = "reqwest")]
//! # async fn run() -> Result<(), portolan::Error> {
//! use portolan::{Reference, RegistryConfig, client::{Registry, ReqwestTransport}};
//!
//! let image: Reference = "registry.example/team/app:1.4".parse()?;
//! let config = RegistryConfig::new(image.host().origin(false).into());
//! let registry = Registry::new(ReqwestTransport::new()?, config);
//! let fetched = registry.manifest(image.repository(), &image.target()).await?;
//! println!("{} {}", fetched.manifest.digest(), fetched.manifest.media_type());
//! # Ok(())
//! # }
//! ```
//!
//! # By hand
//!
//! ```
//! use core::time::Duration;
//! use portolan::{Event, Exchange, RegistryConfig, Session, Step, Tick, http::ResponseHead, op::{Pager, Tags}};
//!
//! let mut session = Session::new(RegistryConfig::new("https://registry.example".parse()?));
//! let mut pager = Pager::new(Tags::of(&"team/app".parse()?), Some(100), session.limits().clone());
//! let tick = Tick { monotonic: Duration::ZERO, unix: 0, random: 0 };
//! while let Some(op) = pager.next_page() {
//!     let mut exchange = Exchange::new(op, &mut session);
//!     let answer = loop {
//!         match exchange.poll(&mut session, tick) {
//!             Step::Send(request) => {
//!                 assert_eq!(request.url.as_str(), "https://registry.example/v2/team/app/tags/list?n=100");
//!                 let head = ResponseHead { status: 200, headers: Default::default() };
//!                 exchange.handle(&mut session, tick, Event::Head(head));
//!             }
//!             Step::Read(_within) => {
//!                 exchange.handle(&mut session, tick, Event::Chunk(br#"{"tags":["1.3","1.4"]}"#));
//!                 exchange.handle(&mut session, tick, Event::End);
//!             }
//!             Step::Wait(_) => unreachable!("this server has time"),
//!             Step::Done(answer) => break answer,
//!         }
//!     };
//!     assert_eq!(pager.accept(answer)?.names, ["1.3", "1.4"]);
//! }
//! # Ok::<(), portolan::Error>(())
//! ```
//!
//! # Features
//!
//! | feature | brings |
//! |---|---|
//! | (none) | the core: `no_std` + `alloc` |
//! | `layers` (default) | [`layers`]: the files of layers and images; `no_std` too |
//! | `zlib` (default) | a faster inflater for `layers`; needs `std` |
//! | `azure` | [`azure`]: ARM, Entra, and ACR's own API; `no_std` too |
//! | `emulator` | `emulator`: ACR on one machine, for development |
//! | `client` | [`client::Registry`], an async driver over any transport |
//! | `reqwest` (default) | `client::ReqwestTransport`: reqwest, rustls, ring |
//! | `docker-config` | `credentials`: Docker's and Podman's files and helpers |
//! | `server` | the portal's server and relay |
//! | `cli` | the program `portolan` |
//! | `wasm` | bindings of the npm package |
//! | `wasm-azure` | bindings of a module of its own, for [`azure`] |
//! | `wasm-layers` | bindings of its second module, for [`layers`] |
//! | `wasm-layers-extra` | bindings of its third, for the layers that few images have |
//!
//! # Invariants
//!
//! - No unverified byte is reported as success; a digest belongs to bytes received, never to a re-encoding.
//! - A credential is bound to an origin; whatever address a registry names is not trusted with it.
//! - Every peer is bounded by [`Limits`]; no input panics; errors name who must act and hold no secret.
#![no_std]
#![cfg_attr(
    not(any(feature = "wasm", feature = "wasm-layers", feature = "wasm-layers-extra", feature = "wasm-azure")),
    forbid(unsafe_code)
)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failing unwrap is a failing test"))]

extern crate alloc;
#[cfg(any(test, feature = "client"))]
extern crate std;

#[cfg(feature = "client")]
#[forbid(unsafe_code)]
pub mod client;

#[forbid(unsafe_code)]
pub mod auth;
#[cfg(feature = "azure")]
#[forbid(unsafe_code)]
pub mod azure;
#[forbid(unsafe_code)]
mod base64;
#[cfg(all(feature = "client", feature = "layers", not(target_arch = "wasm32")))]
#[forbid(unsafe_code)]
pub mod cache;
#[forbid(unsafe_code)]
mod checked;
#[cfg(feature = "docker-config")]
#[forbid(unsafe_code)]
pub mod credentials;
#[forbid(unsafe_code)]
mod digest;
#[forbid(unsafe_code)]
mod document;
#[cfg(feature = "emulator")]
#[forbid(unsafe_code)]
pub mod emulator;
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
#[cfg(all(
    any(feature = "wasm", feature = "wasm-layers", feature = "wasm-layers-extra", feature = "wasm-azure"),
    target_arch = "wasm32"
))]
mod js;
#[forbid(unsafe_code)]
mod json;
#[cfg(feature = "layers")]
#[forbid(unsafe_code)]
pub mod layers;
#[forbid(unsafe_code)]
mod limits;
#[cfg(any(feature = "server", feature = "emulator"))]
#[forbid(unsafe_code)]
mod listen;
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
mod sorted;
#[forbid(unsafe_code)]
pub mod text;
#[forbid(unsafe_code)]
mod tick;
#[cfg(all(any(feature = "wasm", feature = "wasm-azure"), target_arch = "wasm32"))]
pub mod wasm;
#[cfg(all(feature = "wasm-layers", target_arch = "wasm32"))]
pub mod wasm_layers;
#[cfg(all(feature = "wasm-layers-extra", not(feature = "wasm-layers"), target_arch = "wasm32"))]
pub mod wasm_layers_extra;

/// A panic is a trap, and what it has to say is no part of the module: nobody could read it.
#[cfg(all(
    any(feature = "wasm-layers", feature = "wasm-layers-extra"),
    not(feature = "client"),
    target_arch = "wasm32"
))]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

pub use digest::{Digest, Verified, Verifier};
pub use endpoint::Endpoint;
pub use error::{
    ApiError, AuthError, Cause, Diagnostic, Error, ErrorCode, IntegrityError, Kind, LayerError, LimitExceeded,
    ProtocolError, ReferenceError, Stage, TransportError,
};
pub use exchange::{Event, Exchange, Step, Wait};
pub use image::{BuildStep, ImageLayers, LayerRow, command};
pub use limits::Limits;
pub use manifest::{
    ConfigDifference, Descriptor, HistoryEntry, ImageConfig, ImageIndex, ImageManifest, Manifest, ManifestKind,
};
pub use media_type::{Compression, MediaType};
pub use platform::Platform;
pub use reference::{Reference, ReferenceTarget, RegistryHost, RepositoryName, Tag};
pub use secret::Secret;
pub use session::{RegistryConfig, Session};
pub use tick::Tick;

/// The README's examples compile.
#[cfg(all(doctest, feature = "reqwest"))]
#[doc = include_str!("../README.md")]
struct Readme;
